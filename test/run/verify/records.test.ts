import { describe, expect, it } from 'vitest';

import { createEra } from '../../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../../scripts/fixtures/eras/eras.ts';
import { verifyExitCode } from '../../../src/commands/verify.ts';
import type { Database, DriverRow, SqlValue } from '../../../src/db/database.ts';
import { columnList, type Target } from '../../../src/journal/meta.ts';
import { JOURNAL_TABLES } from '../../../src/journal/tables.ts';
import type { GateReason } from '../../../src/model/gate.ts';
import type { DifferenceKind } from '../../../src/run/verify/differences.ts';
import { databaseReasons } from '../../../src/run/gate/reasons.ts';
import { inspectGate } from '../../../src/run/gate/gate.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';
import { otherRules } from '../../support/cloud/other-rules.ts';
import {
  COLUMNS,
  openBench,
  runExpand,
  runMigrate,
  runVerify,
  TABLE,
  terms,
  type Bench,
} from '../../support/cloud/migration.ts';

const OTHER = terms('1'.repeat(64));
const NEVER = '00000000-0000-4000-8000-000000000bad';

/** What a tampering picks from: ids and keys of rows that are there. */
interface Victims {
  /** Live images with a row of run 2 and a before-image of run 1. */
  readonly live: readonly [DriverRow, DriverRow];
  /** A soft-deleted image that has its row and its results. */
  readonly deleted: string;
  /** A soft-deleted image of which nothing is stored. */
  readonly unknown: string;
  /** A decision that before-images name and that has candidates. */
  readonly ambiguous: string;
  /** Batches of run 2: two with rows, one without. */
  readonly full: readonly [number, number];
  readonly empty: number;
}

type Tamper = (writer: Database, victims: Victims) => Promise<unknown>;
type Case = readonly [what: string, kind: DifferenceKind, tamper: Tamper, only?: Target['kind']];

const sql =
  (statement: string, bindings: (victims: Victims) => readonly SqlValue[] = () => []): Tamper =>
  async (writer, victims) =>
    writer.execute(statement, bindings(victims));

/** Puts a row in that is like another one but for some columns. */
async function copyRow(
  writer: Database,
  table: string,
  where: string,
  bindings: readonly SqlValue[],
  changes: Readonly<Record<string, SqlValue>>,
): Promise<void> {
  const [row] = await writer.query(`SELECT * FROM ${table} WHERE ${where}`, bindings);
  const changed = { ...row, ...changes } as Record<string, SqlValue>;
  const columns = Object.keys(changed);
  await writer.execute(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    Object.values(changed),
  );
}

const id = ({ live }: Victims): SqlValue => String(live[0]['image_id']);
const decision = (set: string, binding: SqlValue): Tamper =>
  sql(`UPDATE retype_decisions SET ${set} = ? WHERE decision_key = ?`, ({ ambiguous }) => [binding, ambiguous]);
const entry = (set: string, binding: (victims: Victims) => SqlValue): Tamper =>
  sql(`UPDATE retype_journal SET ${set} = ? WHERE image_id = ?`, (victims) => [binding(victims), id(victims)]);
const batch = (set: string): Tamper =>
  sql(`UPDATE retype_batches SET ${set} WHERE run_id = 2 AND batch = ?`, ({ full }) => [full[0]]);
const run = (set: string): Tamper => sql(`UPDATE retype_runs SET ${set} WHERE id = 2`);

const CASES: readonly Case[] = [
  ['evidence of a decision', 'decision-altered', decision('evidence', '[]')],
  ['candidates of a decision', 'decision-altered', decision('candidates', '[]')],
  ['findings of a decision', 'decision-altered', decision('findings', '["MADE_UP"]')],
  ['the rule of a decision', 'decision-altered', decision('rule', 'another')],
  ['the status of a decision', 'decision-altered', decision('status', 'exact')],
  ['a type of a decision', 'decision-altered', decision('image_type', 'kernel')],
  ['the container of a decision', 'decision-altered', decision('container_type', 'vdi')],
  ['the envelope of a decision', 'decision-altered', decision('envelope', 'ova')],
  ['the legacy disk format of a decision', 'decision-altered', decision('legacy_disk_format', 'vdi')],
  ['the legacy container format of a decision', 'decision-altered', decision('legacy_container_format', 'ovf')],
  ['the image status of a decision', 'decision-altered', decision('glance_status', 'queued')],
  ['a decision with another key', 'decision-altered', decision('decision_key', 1)],
  [
    'a decision that rows name, gone',
    'decision-missing',
    sql('DELETE FROM retype_decisions WHERE decision_key = ?', ({ ambiguous }) => [ambiguous]),
  ],
  [
    'a decision that was put in',
    'decision-altered',
    async (writer, { ambiguous }) =>
      copyRow(writer, 'retype_decisions', 'decision_key = ?', [ambiguous], { decision_key: 2 }),
  ],
  ['a row with another decision', 'journal-altered', entry('decision_key', ({ ambiguous }) => ambiguous)],
  ['a row with a decision that is not there', 'decision-missing', entry('decision_key', () => 3)],
  ['a row of another run, missing there', 'journal-missing', entry('run_id', () => 1)],
  ['a row of a run that is not there', 'run-missing', entry('run_id', () => 77)],
  ['a row of another batch, missing there', 'journal-missing', entry('batch', ({ full }) => full[1])],
  ['a row of another batch, too many here', 'journal-surplus', entry('batch', ({ full }) => full[1])],
  ['a row of a batch that is not there', 'journal-surplus', entry('batch', () => 99_999)],
  ['a row of another image', 'journal-altered', entry('image_id', () => NEVER)],
  ['a row that is gone', 'journal-missing', sql('DELETE FROM retype_journal WHERE image_id = ?', (all) => [id(all)])],
  ['all rows gone', 'journal-missing', sql('DELETE FROM retype_journal')],
  [
    'a row of an image that never was',
    'journal-surplus',
    async (writer, victims) => copyRow(writer, 'retype_journal', 'image_id = ?', [id(victims)], { image_id: NEVER }),
  ],
  [
    'one row in the place of another',
    'journal-altered',
    async (writer, victims) => {
      await copyRow(writer, 'retype_journal', 'image_id = ?', [id(victims)], { image_id: NEVER });
      await writer.execute('DELETE FROM retype_journal WHERE image_id = ?', [id(victims)]);
    },
  ],
  [
    'decisions of two rows exchanged',
    'journal-altered',
    async (writer, { live: [one, other] }) => {
      for (const [row, key] of [
        [one, other],
        [other, one],
      ] as const)
        await writer.execute('UPDATE retype_journal SET decision_key = ? WHERE image_id = ?', [
          String(key['decision_key']),
          String(row['image_id']),
        ]);
    },
  ],
  [
    'a result column of a live image',
    'column-changed',
    sql("UPDATE images SET image_type = 'kernel' WHERE id = ?", (all) => [id(all)]),
    'columns',
  ],
  [
    'an envelope of a live image',
    'column-changed',
    sql("UPDATE images SET envelope = 'ova' WHERE id = ?", (all) => [id(all)]),
    'columns',
  ],
  [
    'a result column of a deleted image',
    'column-changed',
    sql("UPDATE images SET container_type = 'vdi' WHERE id = ?", ({ deleted }) => [deleted]),
    'columns',
  ],
  [
    'results of a deleted image set back',
    'column-changed',
    sql('UPDATE images SET image_type = NULL, container_type = NULL WHERE id = ?', ({ deleted }) => [deleted]),
    'columns',
  ],
  [
    'results on a deleted image that nothing is stored of',
    'column-foreign',
    sql("UPDATE images SET image_type = 'disk', container_type = 'raw' WHERE id = ?", ({ unknown }) => [unknown]),
    'columns',
  ],
  ['a batch that ends elsewhere', 'batch-altered', batch('until_key = after_key')],
  ['a batch that begins elsewhere', 'batch-altered', batch('after_key = NULL')],
  ['rows written by a batch', 'batch-altered', batch('rows_written = rows_written + 1')],
  ['rows read by a batch', 'batch-altered', batch('rows_read = rows_read + 1')],
  ['counts of a batch', 'batch-altered', batch("counts = '[0,0,0,0,0]'")],
  ['counts of a batch that are no list', 'batch-altered', batch("counts = 'none'")],
  ['the uuid of a batch', 'batch-altered', batch("uuid = '00000000-0000-4000-8000-000000000000'")],
  ['the pass of a batch', 'batch-altered', batch('pass = 2')],
  ['the time of a batch', 'batch-altered', batch("committed_at = '2001-01-01T00:00:00Z'")],
  ['the number of a batch', 'batch-altered', batch('batch = 99999')],
  ['the run of a batch', 'batch-altered', batch('run_id = 3')],
  ['the sums of a batch', 'batch-altered', batch("written_sum = '0000000000000000'")],
  ['rows that a batch moved', 'batch-altered', batch('rows_moved = 0')],
  [
    'a batch that is gone',
    'batch-missing',
    sql('DELETE FROM retype_batches WHERE run_id = 2 AND batch = ?', ({ full }) => [full[0]]),
  ],
  [
    'a batch without rows that is gone',
    'batch-missing',
    sql('DELETE FROM retype_batches WHERE run_id = 2 AND batch = ?', ({ empty }) => [empty]),
  ],
  [
    'a run that was rewound',
    'batch-missing',
    sql('DELETE FROM retype_batches WHERE run_id = 2 AND batch >= ?', ({ full }) => [full[0]]),
  ],
  [
    'a batch that is there twice',
    'batch-surplus',
    async (writer, { full: [number] }) =>
      copyRow(writer, 'retype_batches', 'run_id = 2 AND batch = ?', [number], { batch: 99_999 }),
  ],
  ['the state of a run', 'run-altered', run("state = 'active'")],
  ['a run that was declared rolled back', 'run-altered', run("state = 'rolled-back'")],
  ['counts of a run', 'run-altered', run("counts = '{}'")],
  ['counts of a run that are no JSON', 'run-altered', run("counts = 'none'")],
  ['rules of a run', 'run-altered', run("rules_digest = 'another'")],
  ['answers of a run', 'run-altered', run("answers_digest = 'another'")],
  ['options of a run', 'run-altered', run("options = 'none'")],
  ['the end of a run', 'run-altered', run('finished_at = NULL')],
  ['rows that a run took back', 'run-altered', run('rows_undone = 5')],
  ['a run that is gone', 'run-missing', sql('DELETE FROM retype_runs WHERE id = 1')],
  ['a run that never was', 'run-altered', async (writer) => copyRow(writer, 'retype_runs', 'id = 2', [], { id: 3 })],
  ['the state of a shard', 'shard-altered', sql("UPDATE retype_shards SET state = 'open' WHERE shard = 1")],
  ['the range of a shard', 'shard-altered', sql('UPDATE retype_shards SET until_key = NULL WHERE shard = 1')],
  ['a shard that is gone', 'shard-altered', sql('DELETE FROM retype_shards WHERE shard = 2')],
  [
    'a before-image that is gone',
    'undo-missing',
    sql('DELETE FROM retype_undo WHERE image_id = ?', (all) => [id(all)]),
  ],
  [
    'a before-image that never was',
    'undo-surplus',
    async (writer, victims) => copyRow(writer, 'retype_undo', 'image_id = ?', [id(victims)], { image_id: NEVER }),
  ],
  [
    'a before-image of another run',
    'undo-altered',
    sql('UPDATE retype_undo SET superseded_by = 3 WHERE image_id = ?', (all) => [id(all)]),
  ],
  [
    'a before-image with another decision',
    'journal-altered',
    sql('UPDATE retype_undo SET decision_key = ? WHERE image_id = ?', (all) => [all.ambiguous, id(all)]),
  ],
  ['the version in retype_meta', 'meta-altered', sql("UPDATE retype_meta SET tool_version = '9.9.9'")],
  ['the columns in retype_meta', 'meta-altered', sql("UPDATE retype_meta SET column_envelope = 'nowhere'")],
  [
    'the target in retype_meta',
    'meta-altered',
    async (writer) => {
      const [meta] = await writer.query('SELECT target FROM retype_meta');
      const other = meta?.['target'] === 'table' ? 'columns' : 'table';
      await writer.execute('UPDATE retype_meta SET target = ?', [other]);
    },
  ],
  ['a lease for ever', 'lease-altered', sql('UPDATE retype_lease SET heartbeat_ms = 99999999999999 WHERE id = 1')],
  ['a holder without a name', 'lease-altered', sql("UPDATE retype_lease SET owner = 'somebody' WHERE id = 1")],
  ['a lease that is gone', 'lease-altered', sql('DELETE FROM retype_lease WHERE id = 1')],
];

describe.each(ENGINES)('tampering on %s', (engine) => {
  describe.each([COLUMNS, TABLE])('with target $kind', (target) => {
    let made: Promise<History> | null = null;
    const history = async (): Promise<History> => {
      made ??= makeHistory(engine, target);
      return made;
    };

    const cases = CASES.filter(([, , , only]) => only === undefined || only === target.kind);

    it.each(cases.map(([what, kind, tamper]) => [what, kind, tamper] as const))(
      'with %s is told by verify and gate as %s',
      async (_what, kind, tamper) => {
        const { url, victims } = await history();
        const bench = await openBench(url);
        await tamper(bench.writer, victims);
        try {
          const verified = await runVerify(bench, otherRules);
          expect(verified.differences[kind]).toBeGreaterThan(0);
          expect(verifyExitCode(verified)).toBe(7);
          expect(verified.sample.map((difference) => difference.kind)).toContain(kind);
          const reasons = await gateReasons(bench);
          const named = reasons.flatMap(({ details }) => details).find(({ text }) => text.startsWith(`${kind}:`));
          expect(named?.count).toBe(verified.differences[kind]);
          expect(named?.sampleIds.length).toBeGreaterThan(0);
        } finally {
          await restore(bench.writer, target);
        }
      },
    );

    it('is told of no longer once everything is as it was', async () => {
      const bench = await openBench((await history()).url);
      expect((await runVerify(bench, otherRules)).sample).toEqual([]);
      expect(await gateReasons(bench)).toEqual([]);
    });
  });
});

async function gateReasons(bench: Bench): Promise<readonly GateReason[]> {
  const grounds = { rulesDigest: OTHER.rulesDigest, probe: 'off', answersDigest: null } as const;
  const facts = await inspectGate(bench.context({ decide: otherRules }), grounds, () => undefined);
  if (facts === null) throw new Error('nobody asked for a stop');
  return databaseReasons(facts, { undecided: 0, questions: [], findings: [] });
}

interface History {
  readonly url: string;
  readonly victims: Victims;
}

/**
 * A database with two runs, the first one in shards, the second with other rules, so that there are before-images; with images that
 * were deleted and purged after they had been migrated. Copies of all that may be tampered with are kept beside.
 */
async function makeHistory(engine: EngineName, target: Target): Promise<History> {
  const { url } = await withFreshDatabase(engine);
  await createEra(await openForTest(url), eraNamed('newest'));
  const bench = await openBench(url);
  const { writer } = bench;
  await runExpand(bench, target);
  for (const shard of [1, 2]) await runMigrate(bench, { scope: { kind: 'shard', shard, of: 2 } });
  const rows = await writer.query(
    `SELECT r.image_id FROM retype_images r JOIN images i ON i.id = r.image_id
     WHERE r.image_type IS NOT NULL AND NOT EXISTS (SELECT 1 FROM image_properties p WHERE p.value = i.id)
     ORDER BY r.image_id DESC`,
  );
  const [deleted = '', purged = ''] = rows.map((row) => String(row['image_id']));
  await writer.execute("UPDATE images SET deleted = (1 = 1), status = 'deleted' WHERE id = ?", [deleted]);
  for (const table of ['image_properties', 'image_members', 'image_tags', 'image_locations'])
    await writer.execute(`DELETE FROM ${table} WHERE image_id = ?`, [purged]);
  await writer.execute('DELETE FROM images WHERE id = ?', [purged]);
  await runMigrate(bench, { decide: otherRules }, OTHER);
  for (const table of [...JOURNAL_TABLES, 'images'])
    await writer.execute(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
  return { url, victims: await findVictims(writer, deleted) };
}

async function findVictims(writer: Database, deleted: string): Promise<Victims> {
  const rows = await writer.query(
    `SELECT r.image_id, r.decision_key, r.batch FROM retype_journal r
     JOIN retype_undo u ON u.image_id = r.image_id AND u.superseded_by = 2
     JOIN retype_batches b ON b.run_id = r.run_id AND b.batch = r.batch
     WHERE r.run_id = 2 AND b.after_key IS NOT NULL ORDER BY r.image_id`,
  );
  const [first] = rows;
  const second = rows.find(
    (row) => row['decision_key'] !== first?.['decision_key'] && row['batch'] !== first?.['batch'],
  );
  if (first === undefined || second === undefined) throw new Error('the fixture has too few images');
  const one = async (select: string, bindings: readonly SqlValue[] = []): Promise<unknown> => {
    const [row] = await writer.query(`${select} LIMIT 1`, bindings);
    return Object.values(row ?? {})[0];
  };
  return {
    live: [first, second],
    deleted,
    unknown: String(
      await one(
        `SELECT i.id FROM images i LEFT JOIN retype_journal r ON r.image_id = i.id WHERE i.deleted AND r.image_id IS NULL`,
      ),
    ),
    ambiguous: String(
      await one(
        `SELECT d.decision_key FROM retype_decisions d JOIN retype_undo u ON u.decision_key = d.decision_key
         WHERE d.candidates IS NOT NULL`,
      ),
    ),
    full: [Number(first['batch']), Number(second['batch'])],
    empty: Number(await one('SELECT batch FROM retype_batches WHERE run_id = 2 AND rows_written = 0')),
  };
}

/** Puts everything back as `makeHistory` left it. */
async function restore(writer: Database, target: Target): Promise<void> {
  for (const table of JOURNAL_TABLES) {
    await writer.execute(`DELETE FROM ${table}`);
    await writer.execute(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
  }
  if (target.kind === 'table') return;
  const kept = columnList(target.names).map(
    (column) => `${column} = (SELECT k.${column} FROM kept_images k WHERE k.id = images.id)`,
  );
  await writer.execute(`UPDATE images SET ${kept.join(', ')}`);
}
