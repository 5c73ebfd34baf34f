import { describe, expect, it } from 'vitest';
import { addBaselineColumns, BASELINE_COLUMNS, BASELINES } from '../../../scripts/bench/baseline.ts';
import { runRowByRow } from '../../../scripts/bench/row-by-row.ts';
import { loadCloud } from '../../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../../scripts/fixtures/eras/eras.ts';
import type { Database, DriverRow } from '../../../src/db/database.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../../support/servers/engines.ts';

const CLOUD = { images: 700, seed: 5 };
const ALL = { rows: Number.POSITIVE_INFINITY, seconds: Number.POSITIVE_INFINITY };
const COMPARED = `SELECT disk_format, container_format, id, ${BASELINE_COLUMNS.map((column) => column.name).join(', ')}
  FROM images ORDER BY id`;

describe.each(ENGINES)('the loop of one UPDATE a row on %s', (engine) => {
  it('passes every row and writes what the one UPDATE of the live rows writes', async () => {
    const expected = await cloud(engine);
    await expected.execute(BASELINES['update-live']);
    const looped = await cloud(engine);
    const { rows } = await runRowByRow(looped, { commitEvery: 50, ...ALL });
    expect(rows).toBe(CLOUD.images);
    const written = await looped.query(COMPARED);
    expect(written.filter((row) => row['image_type'] !== null).length).toBeGreaterThan(200);
    expect(written.filter(isPlain)).toEqual((await expected.query(COMPARED)).filter(isPlain));
  });

  it('ends with the page in which it has passed enough rows', async () => {
    const database = await cloud(engine);
    const { rows } = await runRowByRow(database, { commitEvery: 50, ...ALL, rows: 101 });
    expect(rows).toBe(150);
    const [written] = await database.query(
      'SELECT COUNT(*) AS found FROM images WHERE container_type IS NOT NULL OR image_type IS NOT NULL',
    );
    expect(Number(written?.['found'])).toBeGreaterThan(50);
    expect(Number(written?.['found'])).toBeLessThanOrEqual(150);
  });
});

/** Collations of MariaDB know neither case nor trailing blanks, the loop does. */
function isPlain(row: DriverRow): boolean {
  return [row['disk_format'], row['container_format']].every(
    (word) => word === null || (typeof word === 'string' && /^[a-z0-9-]*$/u.test(word)),
  );
}

async function cloud(engine: (typeof ENGINES)[number]): Promise<Database> {
  const database = await openForTest((await withFreshDatabase(engine)).url);
  await runStatements(database, newestSchema(database.dialect.name));
  await loadCloud(database, CLOUD);
  await addBaselineColumns(database);
  return database;
}
