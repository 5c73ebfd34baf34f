import { describe, expect, it } from 'vitest';

import { runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import type { Database } from '../../src/db/database.ts';
import type { ScanRange } from '../../src/glance/tables/scan-order.ts';
import { WHOLE_TABLE } from '../../src/glance/tables/scan-order.ts';
import type { GlanceSchema } from '../../src/glance/tables/schema.ts';
import { insertEntries, insertSharedEntries } from '../../src/journal/entries.ts';
import { addEntry, noEntries } from '../../src/journal/ledger.ts';
import { batchScopes, sumOfRows } from '../../src/journal/results.ts';
import { COLUMNS, openBench, runExpand } from '../support/cloud/migration.ts';
import { eraDatabase } from '../glance/support/era-database.ts';
import { ENGINES, type EngineName, openForTest, withFreshDatabase } from '../support/servers/engines.ts';

const PLACE = { runId: 3, batch: 7 };
const IDS = [1, 2, 3, 4, 5].map((number) => `${String(number).repeat(8)}-0000-4000-8000-000000000000`);
const [FIRST = '', SECOND = '', THIRD = '', FOURTH = '', FIFTH = ''] = IDS;
/** The largest BIGINT, which no number of JavaScript holds. */
const KEY = '9223372036854775807';
const OTHER_KEY = '4611686018427387905';

interface Five {
  readonly database: Database;
  readonly schema: GlanceSchema;
}

/** The newest schema with the tool's tables, and five live images: active qcow2/bare of 1000 bytes. */
async function five(engine: EngineName): Promise<Five> {
  const fresh = await withFreshDatabase(engine);
  const database = await openForTest(fresh.url);
  await runStatements(database, newestSchema(database.dialect.name));
  const bench = await openBench(fresh.url);
  await runExpand(bench, COLUMNS);
  const no = engine === 'postgres' ? 'false' : '0';
  for (const [index, id] of IDS.entries()) {
    const [column, value] = engine === 'sqlite' ? [', rowid', `, ${index + 1}`] : ['', ''];
    await database.execute(
      `INSERT INTO images (id, name, size, status, created_at, deleted, disk_format, container_format, min_disk, min_ram, protected, visibility, os_hidden${column})
       VALUES (?, 'one of five', 1000, 'active', '2020-01-01 00:00:00', ${no}, 'qcow2', 'bare', 0, 0, ${no}, 'shared', ${no}${value})`,
      [id],
    );
  }
  return { database, schema: bench.schema };
}

/** Where an image stands in scan order, as ranges name it. */
function position({ schema }: Five, id: string): string {
  return schema.scan.kind === 'key' ? id : String(IDS.indexOf(id) + 1);
}

async function shapeOf({ database, schema }: Five, id: string): Promise<string> {
  const [row] = await database.query(`SELECT ${schema.shape ?? 'NULL'} AS shape FROM images i WHERE i.id = ?`, [id]);
  return String(row?.['shape']);
}

async function insertShared(
  five: Five,
  keyByShape: ReadonlyMap<string, string>,
  { range = WHOLE_TABLE, except = [] }: { readonly range?: ScanRange; readonly except?: readonly string[] } = {},
): Promise<number> {
  const { database, schema } = five;
  const before = (await journal(five)).length;
  const sum = await database.transaction(async (trx) =>
    insertSharedEntries(database, trx, schema, PLACE, { range, keyByShape, except }),
  );
  const inserted = (await journal(five)).length - before;
  expect(sum?.rows ?? inserted).toBe(inserted);
  return inserted;
}

async function journal({ database }: Five): Promise<readonly (readonly string[])[]> {
  const rows = await database.query(
    'SELECT image_id, run_id, batch, decision_key FROM retype_journal ORDER BY image_id',
  );
  return rows.map((row) => Object.values(row).map(String));
}

const entry = (id: string, key: string): readonly string[] => [id, '3', '7', key];

describe.each(ENGINES)('journal rows of images that share decisions on %s', (engine) => {
  it('have the decision of what each row is, and 0 where nobody knows it', async () => {
    const stage = await five(engine);
    const qcow2 = await shapeOf(stage, FIRST);
    await stage.database.execute('UPDATE images SET size = 0 WHERE id = ?', [SECOND]);
    await stage.database.execute("UPDATE images SET status = 'killed' WHERE id = ?", [THIRD]);
    await stage.database.execute('UPDATE images SET disk_format = NULL WHERE id = ?', [FOURTH]);
    const absent = await shapeOf(stage, FOURTH);
    const keys = new Map([
      [qcow2, KEY],
      [absent, OTHER_KEY],
    ]);
    expect(await insertShared(stage, keys)).toBe(5);
    expect(await journal(stage)).toEqual([
      entry(FIRST, KEY),
      entry(SECOND, '0'),
      entry(THIRD, '0'),
      entry(FOURTH, OTHER_KEY),
      entry(FIFTH, KEY),
    ]);
  });

  it('are those of the live rows of the range, without the exceptions; its beginning is no part of it, its end is', async () => {
    const stage = await five(engine);
    const keys = new Map([[await shapeOf(stage, FIRST), KEY]]);
    const yes = engine === 'postgres' ? 'true' : '1';
    await stage.database.execute(`UPDATE images SET deleted = ${yes} WHERE id = ?`, [THIRD]);
    const range = { after: position(stage, FIRST), until: position(stage, FOURTH) };
    expect(await insertShared(stage, keys, { range, except: [SECOND, 'nobody'] })).toBe(1);
    expect(await journal(stage)).toEqual([entry(FOURTH, KEY)]);
    expect(await insertShared(stage, keys, { range: { after: null, until: position(stage, SECOND) } })).toBe(2);
    expect(await insertShared(stage, keys, { range: { after: position(stage, FOURTH), until: null } })).toBe(1);
    expect((await journal(stage)).map(([id]) => id)).toEqual([FIRST, SECOND, FOURTH, FIFTH]);
  });

  it('tell words apart that collations take for the same', async () => {
    const stage = await five(engine);
    const words = ['qcow2', 'QCOW2', 'qcow2 ', 'qcöw2', ' qcow2'];
    for (const [index, word] of words.entries())
      await stage.database.execute('UPDATE images SET disk_format = ? WHERE id = ?', [word, IDS[index] ?? '']);
    expect(await insertShared(stage, new Map([[await shapeOf(stage, FIRST), KEY]]))).toBe(5);
    expect((await journal(stage)).map(([, , , key]) => key)).toEqual([KEY, '0', '0', '0', '0']);
  });

  it('leave out ids that are numbers as well', async () => {
    const { database, url } = await eraDatabase(engine, 'diablo');
    const bench = await openBench(url);
    await runExpand(bench, COLUMNS);
    const live = await database.query('SELECT id FROM images WHERE NOT deleted ORDER BY id');
    const ids = live.map((row) => String(row['id']));
    const except = [ids[0] ?? '', ids.at(-1) ?? ''];
    const stage = { database, schema: bench.schema };
    expect(await insertShared(stage, new Map([['no such shape', KEY]]), { except })).toBe(ids.length - 2);
    const found = (await journal(stage)).map(([id]) => Number(id)).toSorted((one, other) => one - other);
    expect(found).toEqual(ids.slice(1, -1).map(Number));
  });

  it('are summed up as they are, whoever wrote them, and only those of the batch and its range', async () => {
    const stage = await five(engine);
    const { database, schema } = stage;
    const keys = new Map([[await shapeOf(stage, FIRST), KEY]]);
    await database.transaction(async (trx) => {
      await insertEntries(database, trx, PLACE, [{ image: { id: SECOND }, form: { key: OTHER_KEY } }]);
      await insertEntries(database, trx, { ...PLACE, batch: 8 }, [{ image: { id: THIRD }, form: { key: KEY } }]);
    });
    await insertShared(stage, keys, { except: [SECOND, THIRD, FIFTH] });
    const sumIn = async (range: ScanRange | null, ids: readonly string[] = []) =>
      sumOfRows(database, schema, PLACE, batchScopes(schema, { ...PLACE, range, ids }));
    const expected = (...rows: readonly (readonly [string, string])[]) => {
      const sum = noEntries();
      for (const [imageId, decisionKey] of rows) addEntry(sum, { ...PLACE, imageId, decisionKey });
      return sum;
    };
    expect(await sumIn(WHOLE_TABLE)).toEqual(expected([FIRST, KEY], [SECOND, OTHER_KEY], [FOURTH, KEY]));
    expect(await sumIn({ after: position(stage, FIRST), until: position(stage, THIRD) })).toEqual(
      expected([SECOND, OTHER_KEY]),
    );
    expect(await sumIn(null, [FOURTH, THIRD, 'nobody'])).toEqual(expected([FOURTH, KEY]));
    await database.execute('UPDATE retype_journal SET decision_key = 0 WHERE image_id = ?', [FOURTH]);
    expect(await sumIn(WHOLE_TABLE)).toEqual(expected([FIRST, KEY], [SECOND, OTHER_KEY], [FOURTH, '0']));
  });
});

describe.runIf(ENGINES.includes('mariadb'))('journal rows of images that share decisions, by collation', () => {
  it.each(['latin1_swedish_ci', 'utf8mb3_general_ci', 'utf8mb4_unicode_ci', 'utf8mb4_bin'])(
    'tell words apart that differ by case, an accent or trailing blanks in %s',
    async (collation) => {
      const stage = await five('mariadb');
      const charset = collation.replace(/_.*/, '');
      for (const [column, type] of [
        ['disk_format', 'VARCHAR(20)'],
        ['container_format', 'VARCHAR(20)'],
        ['status', 'VARCHAR(30)'],
      ] as const)
        await stage.database.execute(
          `ALTER TABLE images MODIFY ${column} ${type} CHARACTER SET ${charset} COLLATE ${collation}${column === 'status' ? ' NOT NULL' : ''}`,
        );
      const words = ['bare', 'BARE', 'bare ', 'baré', 'baré '];
      for (const [index, word] of words.entries())
        await stage.database.execute('UPDATE images SET container_format = ? WHERE id = ?', [word, IDS[index] ?? '']);
      const keys = new Map([
        [await shapeOf(stage, FIRST), KEY],
        [await shapeOf(stage, FOURTH), OTHER_KEY],
      ]);
      await insertShared(stage, keys);
      expect((await journal(stage)).map(([, , , key]) => key)).toEqual([KEY, '0', '0', OTHER_KEY, '0']);
    },
  );
});
