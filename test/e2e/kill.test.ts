import { describe, expect, it } from 'vitest';

import { loadCloud } from '../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import type { Database } from '../../src/db/database.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/engines.ts';
import { runCli } from '../support/run-cli.ts';

describe.each(ENGINES)('kill -9 during migrate on %s', (engine) => {
  it('loses nothing: the same command again ends as an undisturbed run does', async () => {
    const undisturbed = await cloud(engine);
    await runCli(['migrate', '--database-url', undisturbed.url, '--yes']);
    const expected = await endState(undisturbed.database);

    const { url, database } = await cloud(engine);
    const at = ['--database-url', url, '--yes', '--batch-size', '3'];
    let kills = 0;
    let batches = 0;
    while (kills < 4) {
      const running = runCli(['migrate', ...at], {
        onStderr: (text, kill) => {
          if (text.includes('each batch one transaction')) {
            void killLater(database, batches, () => kill('SIGKILL'));
          }
        },
      });
      const result = await running;
      expect(result.stderr).not.toContain('LEASE_HELD');
      if (result.signal === null) {
        break;
      }
      expect(result.signal).toBe('SIGKILL');
      kills += 1;
      const now = await batchCount(database);
      expect(now).toBeGreaterThan(batches);
      batches = now;
    }
    expect(kills).toBeGreaterThan(1);
    expect((await runCli(['migrate', ...at])).code).toBe(0);
    expect((await runCli(['verify', '--database-url', url])).code).toBe(0);
    expect(await endState(database)).toEqual(expected);
  });
});

/** Kills as soon as at least one batch more than before is committed: in the middle of work, wherever that is. */
async function killLater(database: Database, before: number, kill: () => void): Promise<void> {
  while ((await batchCount(database)) <= before) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  kill();
}

async function batchCount(database: Database): Promise<number> {
  const [row] = await database.query('SELECT COUNT(*) AS n FROM retype_batches');
  return Number(row?.['n']);
}

async function cloud(engine: EngineName) {
  const { url } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  await runStatements(database, newestSchema(database.dialect.name));
  await loadCloud(database, { images: 1500, seed: 5 });
  expect((await runCli(['expand', '--database-url', url, '--yes'])).code).toBe(0);
  return { url, database };
}

async function endState(database: Database): Promise<unknown> {
  return {
    images: await database.query('SELECT id, image_type, container_type, envelope, updated_at FROM images ORDER BY id'),
    journal: await database.query(
      'SELECT image_id, run_id, status, image_type, container_type, envelope, rule, decision_key, glance_status FROM retype_images ORDER BY image_id',
    ),
  };
}
