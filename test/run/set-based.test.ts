import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Database } from '../../src/db/database.ts';
import { storedForm } from '../../src/journal/decisions.ts';
import { type Change, change, insertion, startGlance } from '../support/cloud/glance-model.ts';
import { disturbed } from '../support/cloud/migration-story.ts';
import {
  type Bench,
  benchOf,
  changedDatabase,
  COLUMNS,
  runExpand,
  runMigrate,
  runPlan,
  runRollback,
  runVerify,
  TABLE,
} from '../support/cloud/migration.ts';
import { runs } from '../support/effort.ts';
import { emptyGlance, withCopy } from '../support/servers/database-copy.ts';
import { ENGINES, type EngineName } from '../support/servers/engines.ts';

/** Databases an engine; a server takes a second or two for each. */
const DATABASES: Readonly<Record<EngineName, number>> = { sqlite: 60, mariadb: 4, postgres: 4 };

/** Nobody writes to the result columns, so that every row can be written. */
const honest = change.filter(({ kind }) => kind !== 'meddle');

const cloud = fc.record({
  target: fc.constantFrom(COLUMNS, TABLE),
  pageSize: fc.integer({ min: 1, max: 12 }),
  lanes: fc.integer({ min: 1, max: 3 }),
  images: fc.array(insertion, { minLength: 1, maxLength: 30 }),
  changes: fc.array(honest, { maxLength: 20 }),
  beside: fc.array(fc.tuple(fc.nat({ max: 80 }), honest), { maxLength: 8 }),
});

describe.each(ENGINES)('rows that are written set by set on %s', (engine) => {
  it('have the journal and the results of rows that are written one by one, whoever writes beside them', async () => {
    const empty = await emptyGlance(engine);
    const sets = { 'set by set': 0, 'one by one': 0 };
    await fc.assert(
      fc.asyncProperty(cloud, async ({ target, pageSize, lanes, images, changes, beside }) => {
        await withCopy(engine, empty, async (opened) => {
          const [writer, reader, other] = [
            await opened('read-write'),
            await opened('read-only'),
            await opened('read-write'),
          ];
          const glance = startGlance(other);
          for (const one of [...images, ...changes] satisfies readonly Change[]) await glance.apply(one);
          const bench = await benchOf(writer, reader);
          const migratedBy = async (how: keyof typeof sets) => {
            await runExpand(bench, target);
            const counted = counting(writer, () => (sets[how] += 1));
            const columns = how === 'set by set' ? 'decisive' : 'all';
            await runMigrate(bench, { writer: counted, columns, pageSize, lanes });
            return journalOf(writer, target.kind);
          };
          const together = await migratedBy('set by set');
          expect(keysIn(together)).toEqual(await decidedRowByRow(bench));
          await runRollback(bench, { kind: 'everything' });
          expect(await migratedBy('one by one')).toEqual(together);
          await runRollback(bench, { kind: 'everything' });

          await runExpand(bench, target);
          await disturbed({ writer, reader, glance }, { death: null, changes: beside }, async (databases) => {
            await runMigrate(await benchOf(databases.writer, databases.reader), { pageSize, lanes });
            return 'finished';
          });
          await runMigrate(bench, { pageSize, lanes });
          const decided = await decidedRowByRow(bench);
          expect(keysIn(await journalOf(writer, target.kind))).toEqual(decided);
          expect(await runVerify(bench)).toMatchObject({ sample: [], refreshable: 0 });
        });
      }),
      runs(DATABASES[engine]),
    );
    expect(sets['set by set']).toBeGreaterThan(0);
    expect(sets['one by one']).toBe(0);
  });
});

/** The same database, with somebody who is told of each statement that lets the server look decisions up. */
function counting(writer: Database, told: () => void): Database {
  return changedDatabase(writer, {
    transaction: async (work) =>
      writer.transaction(async (trx) =>
        work(
          new Proxy(trx, {
            get: (_, key): unknown => {
              const value: unknown = Reflect.get(trx, key, trx);
              if (typeof value !== 'function') return value;
              const bound = value.bind(trx) as (...values: readonly unknown[]) => unknown;
              return (...values: readonly unknown[]): unknown => {
                if (/^INSERT INTO retype_journal .*\bSELECT\b/s.test(String(values[0]))) told();
                return bound(...values);
              };
            },
          }),
        ),
      ),
  });
}

/** Journal, decisions and results of live images, by id. */
async function journalOf(database: Database, target: 'columns' | 'table') {
  const columns = target === 'columns' ? ', i.image_type AS i1, i.container_type AS i2, i.envelope AS i3' : '';
  const rows = await database.query(
    `SELECT i.id, j.decision_key, d.*${columns} FROM images i LEFT JOIN retype_journal j ON j.image_id = i.id
     LEFT JOIN retype_decisions d ON d.decision_key = j.decision_key WHERE NOT i.deleted ORDER BY i.id`,
  );
  return rows;
}

function keysIn(rows: Awaited<ReturnType<typeof journalOf>>): readonly (readonly [string, string])[] {
  return rows.map((row) => [String(row['id']), String(row['decision_key'])]);
}

/** The decision on each live image by all of its columns and properties. */
async function decidedRowByRow(bench: Bench): Promise<readonly (readonly [string, string])[]> {
  const plan = await runPlan(bench, { columns: 'all' });
  return plan
    .filter(({ evidence }) => !evidence.image.deleted)
    .map(({ evidence, decision }) => [evidence.image.id, storedForm(decision, evidence.image).key] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}
