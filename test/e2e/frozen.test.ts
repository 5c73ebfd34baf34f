import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { toolVersion } from '../../src/commands/version.ts';
import { runOptionsText } from '../../src/run/run-options.ts';
import { disturbedCloud, expectSoundEnd } from '../support/disturbed-cloud.ts';
import { ENGINES, openForTest } from '../support/engines.ts';
import { openBench, runMigrate, terms } from '../support/migration.ts';
import { runCli } from '../support/run-cli.ts';

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
    let signal: (name: NodeJS.Signals) => void = () => {};
    let refused = false;
    let running: ReturnType<typeof runCli> | null = null;
    await glance.transaction(async (trx) => {
      await trx.execute('UPDATE images SET protected = protected WHERE id = ?', [row]);
      running = runCli(['migrate', '--database-url', cloud.url, '--yes', '--batch-size', '5', '--lanes', '1'], {
        onStderr: (text, kill) => {
          signal = kill;
          refused = text.includes('retry 1');
        },
      });
      let ended = false;
      void running.finally(() => {
        ended = true;
      });
      while (!refused && !ended) await sleep(20);
      expect(ended).toBe(false);
      // The next attempt is waiting for the row by now, with everything else of its batch locked.
      await sleep(1_000);
      signal('SIGSTOP');
    });

    const bench = await openBench(cloud.url);
    const asTheCommand = { ...terms(), toolVersion: toolVersion(), options: runOptionsText({ probe: 'off' }) };
    const finished = await runMigrate(bench, {}, asTheCommand);
    expect([finished.resumed, finished.end]).toEqual([true, 'complete']);
    await glance.execute('UPDATE images SET protected = protected WHERE id = ?', [row]);

    signal('SIGCONT');
    const stopped = await (running as ReturnType<typeof runCli> | null);
    expect([stopped?.code, stopped?.stderr]).toEqual([6, expect.stringContaining('LEASE_LOST')]);
    await expectSoundEnd(cloud, 'after SIGSTOP');
  });
});
