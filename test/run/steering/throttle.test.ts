import { describe, expect, it } from 'vitest';

import { RetypeError } from '../../../src/model/error.ts';
import { createGauge, pause, STALE_MS, startSampler, type Throttle } from '../../../src/run/steering/throttle.ts';

const throttle = (read: Throttle['read'] = async () => Promise.resolve(0)): Throttle => ({
  reason: 'replica-lag',
  subject: 'the lag of db2',
  limit: 5,
  text: (seconds) => `${seconds} s`,
  advice: 'start it',
  read,
});

describe('a gauge', () => {
  it('holds until its first reading, and says since when', () => {
    const gauge = createGauge(throttle(), 1_000);
    expect(gauge.hold(4_000)).toEqual({
      reason: 'replica-lag',
      key: 'the lag of db2 unknown',
      text: 'waiting: the lag of db2 is unknown for 3 s, which counts as above 5 s',
      reading: null,
      limit: 5,
      ageMs: null,
    });
  });

  it.each([
    [0, null],
    [5, null],
    [5.1, 'waiting: the lag of db2 is 5.1 s, above 5 s'],
  ])('with a reading of %d says %j', (value, expected) => {
    const gauge = createGauge(throttle(), 0);
    gauge.read(value, 1_000);
    expect(gauge.hold(1_500)?.text ?? null).toBe(expected);
  });

  it('takes a reading that is too old for one above the limit, and names what keeps it from a newer one', () => {
    const gauge = createGauge(throttle(), 0);
    gauge.read(1, 1_000);
    gauge.failed('connect ECONNREFUSED');
    expect(gauge.hold(1_000 + STALE_MS)).toBeNull();
    expect(gauge.hold(1_001 + STALE_MS)).toMatchObject({
      text: 'waiting: the lag of db2 is unknown for 5 s, which counts as above 5 s: connect ECONNREFUSED (start it)',
      reading: 1,
      ageMs: STALE_MS + 1,
    });
    gauge.read(2, 7_000);
    expect(gauge.hold(7_001)).toBeNull();
    // What failed before says nothing about a silence that comes later.
    expect(gauge.hold(7_001 + STALE_MS)?.text).toBe(
      'waiting: the lag of db2 is unknown for 5 s, which counts as above 5 s',
    );
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the sampler', () => {
  it('asks each throttle again and again, also while another one has no answer, until its end', async () => {
    const over = new AbortController();
    let readings = 0;
    const quick = throttle(async () => Promise.resolve((readings += 1)));
    let answer = (): void => {};
    const hanging = throttle(
      async () =>
        new Promise((resolve) => {
          answer = () => resolve(0);
        }),
    );
    const sampler = startSampler([quick, { ...hanging, subject: 'the other' }], over.signal);
    await until(() => readings === 2);
    expect(sampler.hold()?.key).toBe('the other unknown');
    answer();
    await until(() => sampler.hold() === null);
    over.abort();
    answer();
    await sampler.ended;
    expect(readings).toBeLessThan(5);
  });

  it('holds while a throttle has nothing to compare with, and waits for one that fails', async () => {
    const over = new AbortController();
    const readings: (number | null | Error)[] = [null, new Error('Lost connection'), 0];
    const sampler = startSampler(
      [
        throttle(async () => {
          const next = readings.length > 1 ? readings.shift() : readings[0];
          return next instanceof Error ? Promise.reject(next) : Promise.resolve(next ?? null);
        }),
      ],
      over.signal,
    );
    expect(sampler.hold()?.reading).toBeNull();
    await until(() => sampler.hold()?.text.includes('Lost connection') === true);
    await until(() => sampler.hold() === null);
    over.abort();
    await sampler.ended;
  });

  const refusedLogin = new RetypeError('DATABASE_LOGIN', {
    place: 'db2',
    expected: 'a login',
    found: 'a refusal',
    advice: 'correct it',
  });

  it('fails where waiting mends nothing, unless it worked before', async () => {
    const over = new AbortController();
    let answers: Throttle['read'] = async () => Promise.reject(refusedLogin);
    const sampler = startSampler([throttle(async () => answers())], over.signal);
    await pause(0, over.signal);
    expect(() => sampler.hold()).toThrow(refusedLogin);
    answers = async () => Promise.resolve(0);
    const later = startSampler([throttle(async () => answers())], over.signal);
    await until(() => later.hold() === null);
    let failed = 0;
    answers = async () => {
      failed += 1;
      return Promise.reject(refusedLogin);
    };
    await until(() => failed > 0);
    expect(later.hold()).toBeNull();
    over.abort();
    await Promise.all([sampler.ended, later.ended]);
  });
});
