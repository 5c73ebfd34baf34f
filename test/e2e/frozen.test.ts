import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { toolVersion } from '../../src/commands/log/version.ts';
import { disturbedCloud, expectSoundEnd } from '../support/cloud/disturbed-cloud.ts';
import { ENGINES, openForTest } from '../support/servers/engines.ts';
import { openBench, runMigrate, terms } from '../support/cloud/migration.ts';
import { type CliResult, runCli } from '../support/program/run-cli.ts';

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

describe.each(SERVERS)('migrate that is stopped by SIGSTOP while its batch holds locks on %s', (engine) => {
  it('holds up neither its successor nor Glance, and ends with 6 when it goes on', async () => {
    const cloud = await disturbedCloud(engine, 400);
    // One that is decided, so that its results are written.
    const decided = await cloud.database.query(
      `SELECT id FROM images WHERE disk_format = 'qcow2' AND container_format = 'bare' AND status = 'active' AND NOT deleted ORDER BY id`,
    );
    const row = String(decided[Math.floor(decided.length / 2)]?.['id']);
    const glance = await openForTest(cloud.url);
    const { signal, running } = await glance.transaction(async (trx) => {
      await trx.execute('UPDATE images SET protected = protected WHERE id = ?', [row]);
      const started = startMigrate(cloud.url);
      // The next attempt is waiting for the row then, with everything else of its batch locked.
      expect(await Promise.race([started.refused, started.running])).toBe('refused');
      await sleep(1_000);
      started.signal('SIGSTOP');
      return { signal: started.signal, running: [started.running] };
    });

    const bench = await openBench(cloud.url);
    const asTheCommand = { ...terms(), toolVersion: toolVersion() };
    const finished = await runMigrate(bench, {}, asTheCommand);
    expect([finished.resumed, finished.end]).toEqual([true, 'complete']);
    await glance.execute('UPDATE images SET protected = protected WHERE id = ?', [row]);

    signal('SIGCONT');
    const [stopped] = await Promise.all(running);
    expect([stopped?.code, stopped?.stderr]).toEqual([6, expect.stringContaining('LEASE_LOST')]);
    await expectSoundEnd(cloud, 'after SIGSTOP');
  });
});

interface Started {
  readonly running: Promise<CliResult>;
  /** Settles once a batch was refused for the first time. */
  readonly refused: Promise<'refused'>;
  readonly signal: (name: NodeJS.Signals) => void;
}

function startMigrate(url: string): Started {
  let signal: Started['signal'] = () => {};
  let tell: (word: 'refused') => void = () => {};
  const refused = new Promise<'refused'>((resolve) => {
    tell = resolve;
  });
  const running = runCli(['migrate', '--database-url', url, '--yes', '--batch-size', '5', '--lanes', '1'], {
    onStderr: (text, kill) => {
      signal = kill;
      if (text.includes('retry 1')) tell('refused');
    },
  });
  return { running, refused, signal: (name) => signal(name) };
}
