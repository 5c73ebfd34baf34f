import { describe, expect, it } from 'vitest';

import { askedSteering, steeringTail } from '../../../src/commands/options/steering.ts';
import { parseDatabaseUrl } from '../../../src/db/connection/url.ts';
import { refusal } from '../support/refusal.ts';

type Given = Parameters<typeof askedSteering>[0];

const asked = (given: Given, url = 'mysql://glance:pw@db1/glance') =>
  askedSteering(given, parseDatabaseUrl(url, 'test'), {}, 1_000);

describe('the options for when to stop and wait', () => {
  it('ask for nothing where nothing was said', () => {
    expect(asked({})).toEqual({
      limits: { endsAt: null, length: null, maxBatches: null },
      pauseFile: null,
      maxFlowControl: 'usual',
      replicas: [],
      maxLag: null,
      maxThreadsRunning: null,
    });
  });

  it('measure a window from the start of the command', () => {
    expect(asked({ maxTime: '2m', maxBatches: '7' }).limits).toEqual({ endsAt: 121_000, length: '2m', maxBatches: 7 });
  });

  it.each([
    ['0', 0],
    ['2.5', 2.5],
    ['10%', 10],
    ['10 %', 10],
    ['100', 100],
    ['off', 'off'],
    ['OFF', 'off'],
  ])('take --max-flow-control %s for %j', (given, expected) => {
    expect(asked({ maxFlowControl: given }).maxFlowControl).toBe(expected);
  });

  it.each([
    ['5', 5],
    ['0.5', 0.5],
    ['5s', 5],
    ['2m', 120],
    ['86400', 86_400],
  ])('take --max-lag %s for %d seconds', (given, expected) => {
    expect(asked({ maxLag: given, replica: ['db2'] }).maxLag).toBe(expected);
  });

  it.each<[Given, string, string, string]>([
    [{ maxTime: '0' }, '--max-time', 'a time such as 90s, 30m, 2h or 1h30m, from a second to 30 days', '0'],
    [{ maxBatches: '0' }, '--max-batches', 'a whole number from 1 to 1000000000', '0'],
    [{ maxBatches: '1.5' }, '--max-batches', 'a whole number from 1 to 1000000000', '1.5'],
    [{ pauseFile: '' }, '--pause-file', 'a path', 'nothing'],
    [{ maxFlowControl: '-1' }, '--max-flow-control', 'a percentage from 0 to 100, or off', '-1'],
    [{ maxFlowControl: '101' }, '--max-flow-control', 'a percentage from 0 to 100, or off', '101'],
    [{ maxFlowControl: '%' }, '--max-flow-control', 'a percentage from 0 to 100, or off', '%'],
    [{ maxLag: '0', replica: ['db2'] }, '--max-lag', 'seconds, above 0 up to 86400', '0'],
    [{ maxLag: '86401', replica: ['db2'] }, '--max-lag', 'seconds, above 0 up to 86400', '86401'],
    [{ maxLag: '5' }, '--max-lag', '--replica HOST beside it', 'it alone'],
    [{ replica: ['db2'] }, '--replica', '--max-lag SECONDS beside it', 'it alone'],
    [{ maxThreadsRunning: '0' }, '--max-threads-running', 'a whole number from 1 to 100000', '0'],
  ])('refuse %j', (given, ...expected) => {
    expect(refusal(() => asked(given))).toEqual(expected);
  });

  it.each<[Given, string]>([
    [{ maxLag: '5', replica: ['db2'] }, '--max-lag'],
    [{ maxThreadsRunning: '5' }, '--max-threads-running'],
  ])('refuse %j for a SQLite file', (given, place) => {
    expect(refusal(() => asked(given, 'sqlite:///g.db'))).toEqual([
      place,
      'a database server',
      'a SQLite file, which has neither replicas nor sessions',
    ]);
  });
});

describe('the options that a continued command repeats', () => {
  it('are those that were given, as they were given, but no address that may hold a password', () => {
    expect(steeringTail({})).toBe('');
    expect(
      steeringTail({
        maxTime: '2h',
        maxBatches: '5',
        pauseFile: '/run/my pause',
        maxFlowControl: 'off',
        maxLag: '5',
        replica: ['db2:3307', 'mysql://watch:pw@db3'],
        maxThreadsRunning: '25',
      }),
    ).toBe(
      " --max-time 2h --max-batches 5 --pause-file '/run/my pause' --max-flow-control off --max-lag 5 --replica db2:3307 --replica ADDRESS --max-threads-running 25",
    );
  });
});
