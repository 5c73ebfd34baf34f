import { describe, expect, it } from 'vitest';

import { ERAS } from '../../../scripts/fixtures/eras/eras.ts';
import type { Database } from '../../../src/db/database.ts';
import { introspectGlance } from '../../../src/glance/introspect.ts';
import { readDigest } from '../../../src/glance/reader/digest.ts';
import { readPages } from '../../../src/glance/reader/reader.ts';
import { readReferences } from '../../../src/glance/references/references.ts';
import { addDigests, NO_ROWS, type RowsDigest } from '../../../src/glance/tables/digest.ts';
import { WHOLE_TABLE } from '../../../src/glance/tables/scan-order.ts';
import { eraDatabase, pagesOf } from '../support/era-database.ts';
import { ENGINES } from '../../support/servers/engines.ts';

const COLUMNS = ['all', 'decisive'] as const;
type Columns = (typeof COLUMNS)[number];

/** Reads the table and compares the digest of each page with the server's. @returns that of the whole table. */
async function compared(database: Database, columns: Columns): Promise<RowsDigest> {
  const schema = await introspectGlance(database);
  const references = await readReferences(database, schema);
  const request = { ...pagesOf(11), columns, digest: 'of-rows' as const };
  let sum = NO_ROWS;
  for await (const { digest, range, evidence } of readPages(database, schema, references, request)) {
    expect(digest.rows).toBe(evidence.size);
    expect([range, await readDigest(database, schema, columns, range)]).toEqual([range, digest]);
    sum = addDigests(sum, digest);
  }
  expect(await readDigest(database, schema, columns, WHOLE_TABLE)).toEqual(sum);
  return sum;
}

async function digests(database: Database): Promise<Readonly<Record<Columns, RowsDigest>>> {
  const schema = await introspectGlance(database);
  return {
    all: await readDigest(database, schema, 'all', WHOLE_TABLE),
    decisive: await readDigest(database, schema, 'decisive', WHOLE_TABLE),
  };
}

async function someId(database: Database): Promise<string> {
  const [row] = await database.query("SELECT MIN(id) AS id FROM images WHERE NOT deleted AND status = 'active'");
  return String(row?.['id']);
}

/** Each follows the one before, and is another row than that. */
const CHANGES: readonly (readonly [change: string, decisive: 'seen' | 'not-read'])[] = [
  ["disk_format = 'raw', container_format = 'bare', status = 'active', size = 1000, min_disk = 0, name = 'n'", 'seen'],
  ["disk_format = 'RAW'", 'seen'],
  ["disk_format = 'raw '", 'seen'],
  ["disk_format = ''", 'seen'],
  ['disk_format = NULL', 'seen'],
  ["disk_format = 'bare', container_format = 'raw'", 'seen'],
  ["disk_format = NULL, container_format = 'raw'", 'seen'],
  ["disk_format = 'raw', container_format = NULL", 'seen'],
  ["container_format = ''", 'seen'],
  ['container_format = NULL', 'seen'],
  ["status = 'Active'", 'seen'],
  ["status = 'queued'", 'seen'],
  ["name = 'N'", 'seen'],
  ["name = 'n '", 'seen'],
  ["name = 'ñ'", 'seen'],
  ["name = ''", 'seen'],
  ['name = NULL', 'seen'],
  ["name = 'a,b'", 'seen'],
  ['size = NULL', 'seen'],
  ['size = 20971520', 'seen'],
  ['size = 20971521', 'seen'],
  ['size = 20971522', 'not-read'],
  ['size = 9223372036854775807', 'seen'],
  ['size = 9223372036854775806', 'not-read'],
  ['min_disk = 1', 'seen'],
  ['min_disk = 2', 'not-read'],
  ["owner = 'somebody else'", 'not-read'],
  ["owner = ''", 'not-read'],
  ['owner = NULL', 'not-read'],
  ['deleted = NOT deleted', 'seen'],
];

describe.each(ENGINES)('the digest of rows of images on %s', (engine) => {
  it.each(ERAS.map(({ name }) => name))('is that of the rows as they are read, in %s', async (name) => {
    const { database } = await eraDatabase(engine, name);
    const [row] = await database.query('SELECT COUNT(*) AS n FROM images');
    for (const columns of COLUMNS) expect((await compared(database, columns)).rows).toBe(Number(row?.['n']));
  });

  it('changes with each column that is read', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const id = await someId(database);
    let before = await digests(database);
    for (const [change, decisive] of CHANGES) {
      await database.execute(`UPDATE images SET ${change} WHERE id = ?`, [id]);
      const after = await digests(database);
      expect([change, after.all.sum === before.all.sum]).toEqual([change, false]);
      expect([change, after.decisive.sum === before.decisive.sum]).toEqual([change, decisive === 'not-read']);
      expect([change, after.all.rows]).toEqual([change, before.all.rows]);
      before = after;
    }
    for (const columns of COLUMNS) await compared(database, columns);
  });

  it('is another one where two rows swap a word, or one is there under another id', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const rows = await database.query(
      "SELECT id FROM images WHERE disk_format = 'raw' OR disk_format = 'qcow2' ORDER BY disk_format",
    );
    const [one, other] = [String(rows[0]?.['id']), String(rows.at(-1)?.['id'])];
    const before = await digests(database);
    await database.execute(
      `UPDATE images SET disk_format = CASE disk_format WHEN 'raw' THEN 'qcow2' ELSE 'raw' END WHERE id IN (?, ?)`,
      [one, other],
    );
    const swapped = await digests(database);
    expect([swapped.all.sum === before.all.sum, swapped.decisive.sum === before.decisive.sum]).toEqual([false, false]);
    await database.execute('DELETE FROM image_properties WHERE image_id = ?', [one]);
    for (const table of ['image_members', 'image_tags', 'image_locations'])
      await database.execute(`DELETE FROM ${table} WHERE image_id = ?`, [one]);
    await database.execute('UPDATE images SET id = ? WHERE id = ?', ['00000000-0000-4000-8000-0000000000ff', one]);
    const renamed = await digests(database);
    expect([renamed.all.sum === swapped.all.sum, renamed.decisive.sum === swapped.decisive.sum]).toEqual([
      false,
      false,
    ]);
    expect(renamed.all.rows).toBe(before.all.rows);
  });
});

describe.runIf(ENGINES.includes('mariadb'))('the digest of rows of images on mariadb', () => {
  it.each(['latin1_swedish_ci', 'utf8mb4_unicode_ci', 'utf8mb4_bin'])(
    'is that of the rows as they are read where columns are in %s',
    async (collation) => {
      const { database } = await eraDatabase('mariadb', 'newest');
      const id = await someId(database);
      for (const [column, type] of [
        ['disk_format', 'VARCHAR(20)'],
        ['name', 'VARCHAR(255)'],
      ] as const)
        await database.execute(
          `ALTER TABLE images MODIFY ${column} ${type} CHARACTER SET ${collation.replace(/_.*/, '')} COLLATE ${collation}`,
        );
      for (const columns of COLUMNS) await compared(database, columns);
      await eachChangeShows(database, id, [
        "name = 'é'",
        "name = 'e'",
        "name = 'E'",
        "name = 'e '",
        "disk_format = 'QCOW2'",
        "disk_format = 'qcow2'",
      ]);
      for (const columns of COLUMNS) await compared(database, columns);
    },
  );
});

describe.runIf(ENGINES.includes('sqlite'))('the digest of rows of images on sqlite', () => {
  it('changes with the words of a row whose shape cannot be told', async () => {
    const { database } = await eraDatabase('sqlite', 'newest');
    const id = await someId(database);
    await database.execute("UPDATE images SET min_disk = 'lots', disk_format = 'raw', size = 7 WHERE id = ?", [id]);
    for (const columns of COLUMNS) await compared(database, columns);
    await eachChangeShows(database, id, ["disk_format = 'iso'", 'size = 8', "status = 'killed'"]);
  });
});

/** Makes one change after the other; each must give other digests than the state before it. */
async function eachChangeShows(database: Database, id: string, changes: readonly string[]): Promise<void> {
  let before = await digests(database);
  for (const change of changes) {
    await database.execute(`UPDATE images SET ${change} WHERE id = ?`, [id]);
    const after = await digests(database);
    expect([change, after.all.sum === before.all.sum, after.decisive.sum === before.decisive.sum]).toEqual([
      change,
      false,
      false,
    ]);
    before = after;
  }
}
