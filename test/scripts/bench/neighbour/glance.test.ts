import { describe, expect, it } from 'vitest';
import { besideGlance } from '../../../../scripts/bench/neighbour/start-glance.ts';
import { loadCloud } from '../../../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../../../scripts/fixtures/eras/eras.ts';
import type { Database } from '../../../../src/db/database.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../../../support/servers/engines.ts';

const EVERYTHING_ELSE = `SELECT id, name, size, status, created_at, deleted, disk_format, container_format, checksum, owner, min_disk,
  protected, visibility, os_hidden, os_hash_value FROM images WHERE created_at < '2026-07-01' ORDER BY id`;

describe.each(ENGINES)('a simulated Glance on %s', (engine) => {
  it('saves live images, touches properties, makes new images, and changes nothing else', async () => {
    const { url } = await withFreshDatabase(engine);
    const database = await openForTest(url);
    await runStatements(database, newestSchema(database.dialect.name));
    await loadCloud(database, { images: 300, seed: 5 });
    const before = await database.query(EVERYTHING_ELSE);
    const properties = await count(database, "FROM image_properties WHERE name <> 'description'");

    // Enough writes for one in 250 to be a new image.
    const { result, report } = await besideGlance({ url, perSecond: 400, seed: 1 }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return 'done';
    });

    expect(result).toBe('done');
    expect(report.latencies.length).toBeGreaterThan(100);
    expect(report.latencies.every((latency) => latency > 0)).toBe(true);
    expect(await database.query(EVERYTHING_ELSE)).toEqual(before);
    expect(await count(database, 'FROM images WHERE deleted_at IS NULL AND updated_at > created_at')).toBeGreaterThan(
      100,
    );
    expect(await count(database, "FROM images WHERE deleted_at IS NOT NULL AND updated_at >= '2026-07-01'")).toBe(0);
    expect(await count(database, "FROM image_properties WHERE name = 'description'")).toBeGreaterThan(0);
    expect(await count(database, "FROM image_properties WHERE name <> 'description'")).toBe(properties);
    expect(await count(database, "FROM images WHERE name = 'a new image' AND status = 'queued'")).toBeGreaterThan(0);
  });

  it('counts a write that waits from the moment it was due', async () => {
    const { url } = await withFreshDatabase(engine);
    const database = await openForTest(url);
    await runStatements(database, newestSchema(database.dialect.name));
    await loadCloud(database, { images: 100, seed: 5 });
    const { report } = await besideGlance({ url, perSecond: 50, seed: 1 }, () =>
      database.transaction(async (trx) => {
        await trx.execute('UPDATE images SET min_ram = min_ram');
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }),
    );
    // Those that came at the beginning have waited for the whole transaction, those behind them in the queue nearly as long.
    expect(Math.max(...report.latencies)).toBeGreaterThan(800);
    expect(report.latencies.filter((latency) => latency > 300).length).toBeGreaterThan(5);
  });
});

it('fails where the simulated Glance cannot connect', async () => {
  const task = { url: 'sqlite:////nowhere/glance.sqlite', perSecond: 1, seed: 1 };
  await expect(besideGlance(task, () => Promise.resolve())).rejects.toThrow(
    /the simulated Glance ended with 1:.*DATABASE_NOT_FOUND/su,
  );
});

async function count(database: Database, from: string): Promise<number> {
  const [row] = await database.query(`SELECT COUNT(*) AS found ${from}`);
  return Number(row?.['found']);
}
