import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { writePulse } from '../../src/journal/meta.ts';
import type { LeaseScope } from '../../src/journal/lease.ts';
import { eraDatabase } from '../glance/support/era-database.ts';
import { ENGINES, openForTest, type EngineName } from '../support/servers/engines.ts';
import { holdLease, keepAliveForTest } from '../support/cloud/migration.ts';
import { type CliOptions, type CliResult, runCli } from '../support/program/run-cli.ts';

describe('options of migrate that cannot be used', () => {
  it.each([
    [['--lanes', '0'], '--lanes', 'a whole number from 1 to 8', '0'],
    [['--lanes', '9'], '--lanes', 'a whole number from 1 to 8', '9'],
    [['--lanes', 'x'], '--lanes', 'a whole number from 1 to 8', 'x'],
    [['--batch-size', '0'], '--batch-size', 'a whole number from 1 to 50000', '0'],
    [['--batch-size', '1e9'], '--batch-size', 'a whole number from 1 to 50000', '1e9'],
    [['--max-latency', '0'], '--max-latency', 'a whole number from 1 to 60000', '0'],
    [['--max-latency', '10ms'], '--max-latency', 'a whole number from 1 to 60000', '10ms'],
    [['--shard', '0/2'], '--shard', 'K/N, K from 1 to N', '0/2'],
    [['--shard', '3/2'], '--shard', 'K/N, K from 1 to N', '3/2'],
    [['--shard', '1/0'], '--shard', 'K/N, K from 1 to N', '1/0'],
    [['--shard', 'x'], '--shard', 'K/N, K from 1 to N', 'x'],
  ])('%j: exit code 2, the option, what was expected and what was found', async (options, place, expected, found) => {
    const { code, stdout, stderr } = await runCli([
      'migrate',
      '--database-url',
      'sqlite:////nonexistent.db',
      ...options,
    ]);
    expect([code, stdout, /^[A-Z_]+/u.exec(stderr)?.[0]]).toEqual([2, '', 'USAGE']);
    for (const word of [place, expected, found]) expect(stderr).toContain(word);
  });

  it.each(['--lanes', '--batch-size', '--max-latency', '--shard'])('%s without a value is refused', async (option) => {
    const { code, stderr } = await runCli(['migrate', '--database-url', 'sqlite:////nonexistent.db', option]);
    expect([code, /^[A-Z_]+/u.exec(stderr)?.[0], stderr.includes(option.slice(2))]).toEqual([2, 'USAGE', true]);
  });
});

describe.each(ENGINES)('shards by the command line on %s', (engine) => {
  it('go on with an unfinished run in one piece, and the other way round', async () => {
    const { migrate, url } = await expanded(engine);
    expect((await migrate(['--batch-size', '1'], stopAtOnce())).code).toBe(3);
    const first = await migrate(['--shard', '1/2']);
    expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/this shard of run 1 is complete/u)]);
    expect(first.stdout).toMatch(/1 of 2; still to be completed: 2/u);
    const stopped = await migrate(['--shard', '2/2', '--batch-size', '1'], stopAtOnce());
    expect([stopped.code, stopped.stdout]).toEqual([3, expect.stringMatching(/run 1 stopped after [^]*2 of 2/u)]);
    const whole = await migrate([]);
    expect([whole.code, whole.stdout]).toEqual([0, expect.stringContaining('run 1 complete, resumed')]);
    expect((await runCli(['verify', '--database-url', url])).code).toBe(0);
  });

  it.each<[LeaseScope, string, RegExp]>([
    [{ kind: 'whole' }, '1/2', /held for test by test/u],
    [{ kind: 'shard', shard: 1, of: 3 }, '2/2', /shard 1 of 3 is held for test by test/u],
    [{ kind: 'shard', shard: 1, of: 2 }, '1/2', /shard 1 of 2 is held for test by test/u],
  ])('beside a holder of %j, --shard %s is refused with exit code 6', async (scope, shard, found) => {
    const { migrate, database } = await expanded(engine);
    keepAliveForTest(await holdLease(database, scope));
    const { code, stdout, stderr } = await migrate(['--shard', shard]);
    expect([code, stdout, stderr]).toEqual([6, '', expect.stringMatching(/LEASE_HELD/u)]);
    expect(stderr).toMatch(found);
    expect(await database.query('SELECT id FROM retype_runs')).toEqual([]);
  });

  it('let neither migrate nor rollback of everything in between, and say who is in the way', async () => {
    const { migrate, database, url } = await expanded(engine);
    expect((await migrate(['--shard', '1/2'])).code).toBe(0);
    keepAliveForTest(await holdLease(database, { kind: 'shard', shard: 2, of: 2 }));
    for (const result of [await migrate([]), await runCli(['rollback', '--database-url', url, '--yes'])]) {
      expect([result.code, result.stderr]).toEqual([6, expect.stringMatching(/shard 2 of 2 is held for test/u)]);
    }
    // A shard that nobody holds can be done.
    expect((await migrate(['--shard', '1/2'])).code).toBe(0);
  });
});

describe.each(ENGINES)('the brake on %s', (engine) => {
  it('lets a run come to its end, and the costs of the run are written where they are asked for', async () => {
    const { migrate, url, database } = await expanded(engine);
    const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-pace-')), 'measures.json');
    const [images] = await database.query('SELECT COUNT(*) AS n FROM images');
    const result = await migrate(['--max-latency', '1', '--batch-size', '20'], {
      env: { GLANCE_RETYPE_MEASURES: file },
    });
    expect([result.code, result.stdout]).toEqual([0, expect.stringContaining('run 1 complete')]);
    expect((await runCli(['verify', '--database-url', url])).code).toBe(0);

    const measures = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const seconds = measures['seconds'] as Record<string, number>;
    expect(Object.keys(measures)).toEqual(['seconds', 'rows', 'statements', 'bytesSent', 'bytesReceived']);
    expect(Object.keys(seconds)).toEqual(['total', 'read', 'decide', 'write', 'wait']);
    for (const phase of Object.values(seconds)) expect(phase).toBeGreaterThanOrEqual(0);
    expect(seconds['write']).toBeGreaterThan(0);
    expect(seconds['total']).toBeGreaterThan(seconds['decide'] ?? Number.NaN);
    expect(measures['rows']).toBe(Number(images?.['n']));
    expect(measures['statements']).toBeGreaterThan(20);
    const traffic = [measures['bytesSent'], measures['bytesReceived']];
    if (engine === 'sqlite') expect(traffic).toEqual([0, 0]);
    else for (const bytes of traffic) expect(bytes).toBeGreaterThan(1_000);
  });

  it.runIf(engine !== 'sqlite')(
    'pauses while a small write does not come back, says so once, and goes on',
    async () => {
      const { migrate, url, database } = await expanded(engine);
      const blocker = await openForTest(url);
      const batches = async (): Promise<number> =>
        Number((await database.query('SELECT COUNT(*) AS n FROM retype_batches'))[0]?.['n']);
      let letGo: () => void = () => {};
      const told = new Promise<void>((resolve) => (letGo = resolve));
      const { running, atPause } = await blocker.transaction(async (trx) => {
        // What the tool writes twenty times a second waits for this one.
        await writePulse(trx);
        const running = migrate(['--max-latency', '20', '--batch-size', '5'], {
          onStderr: (text) => {
            if (text.includes('pausing between batches')) letGo();
          },
        });
        await Promise.race([told, running]);
        return { running: { result: running }, atPause: await batches() };
      });
      const result = await running.result;
      expect([result.code, result.stdout]).toEqual([0, expect.stringContaining('run 1 complete')]);
      expect(result.stderr.match(/so that others' writes stay within 20 ms/gu)).toHaveLength(1);
      expect(await batches()).toBeGreaterThan(atPause);
      expect((await runCli(['verify', '--database-url', url])).code).toBe(0);
    },
  );
});

/** Asks for a stop as soon as the run begins, once: a second signal would end it at once. */
function stopAtOnce(): CliOptions {
  let asked = false;
  return {
    onStderr: (text, kill) => {
      if (asked || !text.includes('each batch one transaction')) return;
      asked = true;
      kill('SIGTERM');
    },
  };
}

async function expanded(engine: EngineName) {
  const { url, database } = await eraDatabase(engine, 'newest');
  const at = ['--database-url', url];
  expect((await runCli(['expand', ...at, '--yes'])).code).toBe(0);
  const migrate = async (options: readonly string[], around: CliOptions = {}): Promise<CliResult> =>
    runCli(['migrate', ...at, '--yes', ...options], around);
  return { url, database, migrate };
}
