import { describe, expect, it } from 'vitest';

import { askedPace, type BatchPace, batchPace } from '../../../src/commands/options/batch-pace.ts';
import type { Dialect } from '../../../src/db/dialect.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';
import { refusal } from '../support/refusal.ts';

describe('the options for how quickly to write', () => {
  it.each([
    [{ batchSize: '0' }, '--batch-size', '1 to 50000', '0'],
    [{ batchSize: '50001' }, '--batch-size', '1 to 50000', '50001'],
    [{ batchSize: '2.5' }, '--batch-size', '1 to 50000', '2.5'],
    [{ batchSize: 'many' }, '--batch-size', '1 to 50000', 'many'],
    [{ batchSize: ' ' }, '--batch-size', '1 to 50000', ' '],
    [{ lanes: '0' }, '--lanes', '1 to 8', '0'],
    [{ lanes: '9' }, '--lanes', '1 to 8', '9'],
    [{ lanes: '-1' }, '--lanes', '1 to 8', '-1'],
    [{ lanes: 'x' }, '--lanes', '1 to 8', 'x'],
    [{ maxLatency: '0' }, '--max-latency', '1 to 60000', '0'],
    [{ maxLatency: '60001' }, '--max-latency', '1 to 60000', '60001'],
    [{ maxLatency: '5ms' }, '--max-latency', '1 to 60000', '5ms'],
  ])('%j is refused', (given, place, bounds, found) => {
    expect(refusal(() => askedPace(given))).toEqual([place, `a whole number from ${bounds}`, found]);
  });

  it('take both ends of what is allowed, and nothing for what was left out', () => {
    expect(askedPace({ batchSize: '1', lanes: '1', maxLatency: '1' })).toEqual({
      batchSize: 1,
      lanes: 1,
      maxLatency: 1,
    });
    expect(askedPace({ batchSize: 50_000, lanes: 8, maxLatency: 60_000 })).toEqual({
      batchSize: 50_000,
      lanes: 8,
      maxLatency: 60_000,
    });
    expect(askedPace({})).toEqual({ batchSize: null, lanes: null, maxLatency: null });
  });
});

describe.each(ENGINES)('the pace of writing on %s', (engine) => {
  const most = engine === 'sqlite' ? 1 : 8;

  it.each([
    [1, 1],
    [3, Math.min(3, most)],
    [8, most],
  ])('has with --lanes %s as many as the engine can use, whoever waits: %i', async (lanes, expected) => {
    const pace = batchPace({ batchSize: 10, lanes, maxLatency: null }, await dialect(engine));
    expect([pace.lanes, pace.text]).toEqual([
      expected,
      expected === 1 ? '10 rows a batch' : `10 rows a batch, ${expected} at a time`,
    ]);
    expect(pace.pressure.now().lanes).toBe(expected);
    calm(pace);
    expect(pace.pressure.now().lanes).toBe(expected);
  });

  it('has the lanes of the engine where none were asked for: more of them once nobody waits', async () => {
    const { pressure, ...rest } = await dialect(engine);
    const pace = batchPace({ batchSize: 10, lanes: null, maxLatency: null }, { ...rest, pressure });
    expect(pace.text).toBe(engine === 'sqlite' ? '10 rows a batch' : '10 rows a batch, up to 3 at a time');
    expect([pace.lanes, pace.pressure.now()]).toEqual([pressure.alone.lanes, pressure.beside]);
    calm(pace);
    expect(pace.pressure.now()).toEqual(pressure.alone);
  });

  it('keeps to the size that was asked for, whatever batches take', async () => {
    const { size } = batchPace({ batchSize: 10, lanes: null, maxLatency: null }, await dialect(engine));
    for (let batch = 0; batch < 20; batch += 1) size.took(10, 0.001);
    expect(size.next()).toBe(10);
  });

  it('is steered where nothing was asked for, within the bounds of the engine', async () => {
    const { batches, pressure, ...rest } = await dialect(engine);
    const { size, text } = batchPace({ batchSize: null, lanes: 1, maxLatency: null }, { ...rest, pressure, batches });
    expect(size.next()).toBe(batches.start);
    expect(text).toMatch(/^[\d,]+ rows a batch at first$/u);
    for (let batch = 0; batch < 40; batch += 1) size.took(size.next(), 0.001);
    expect(size.next()).toBe(batches.most);
    for (let batch = 0; batch < 40; batch += 1) size.took(size.next(), size.next() * pressure.alone.milliseconds);
    expect(size.next()).toBe(pressure.beside.least);
  });

  it('has batches of half the latency that others may meet, and no longer ones where they may meet more', async () => {
    const at = await dialect(engine);
    const steady = (maxLatency: number | null): number => {
      const pace = batchPace({ batchSize: null, lanes: 1, maxLatency }, at);
      calm(pace);
      const { size } = pace;
      // A database that writes fifty rows a millisecond.
      for (let batch = 0; batch < 40; batch += 1) size.took(size.next(), size.next() / 50);
      return size.next();
    };
    expect(steady(20)).toBe(500);
    // Fewer rows than the engine has for itself.
    expect(steady(2)).toBe(engine === 'sqlite' ? 200 : 100);
    expect(steady(60_000)).toBe(steady(null));
    expect(steady(null)).toBe(50 * at.pressure.alone.milliseconds);
  });
});

/** Lets a pace see for a minute that nobody waits. */
function calm({ pressure }: BatchPace): void {
  for (let reading = 0; reading < 600; reading += 1) pressure.read({ atWork: 0, waited: 0 });
}

async function dialect(engine: EngineName): Promise<Dialect> {
  return (await openForTest((await withFreshDatabase(engine)).url)).dialect;
}
