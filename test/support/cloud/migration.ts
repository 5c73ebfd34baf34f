import { createHash, randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';

import { loadDeciding } from '../../../src/commands/options/deciding.ts';
import type { Database, DriverRow } from '../../../src/db/database.ts';
import { introspectGlance } from '../../../src/glance/introspect.ts';
import type { GlanceSchema } from '../../../src/glance/tables/schema.ts';
import { acquireLease, type Watching } from '../../../src/journal/acquire-lease.ts';
import { keepAlive, type Lease, type LeaseScope, type LeaseTiming } from '../../../src/journal/lease.ts';
import { DEFAULT_COLUMN_NAMES, type Target } from '../../../src/journal/meta.ts';
import { dismantle } from '../../../src/run/schema/dismantle.ts';
import { addColumns, makeTables, previewExpand } from '../../../src/run/schema/expand.ts';
import { type Decide } from '../../../src/run/context/context.ts';
import { createPhaseClock } from '../../../src/run/context/phase-clock.ts';
import { fixedSize } from '../../../src/run/context/batch-size.ts';
import { NO_BRAKE } from '../../../src/run/steering/brake.ts';
import { migrate, type MigrateResult } from '../../../src/run/migrate/migrate.ts';
import type { RunRequest } from '../../../src/run/migrate/share.ts';
import type { MigrateContext } from '../../../src/run/migrate/pass.ts';
import { plan } from '../../../src/run/plan.ts';
import { refuseIfAny, requireExpanded } from '../../../src/run/preflight.ts';
import { journalIsEmpty } from '../../../src/journal/results.ts';
import { rollback, type RollbackResult, type RollbackScope } from '../../../src/run/rollback.ts';
import { verify, type VerifyResult } from '../../../src/run/verify/verify.ts';
import type { Decision } from '../../../src/model/decision.ts';
import type { ImageEvidence } from '../../../src/model/image.ts';
import type { DecisionStatus } from '../../../src/model/vocabulary.ts';
import { openForTest } from '../servers/engines.ts';

export const COLUMNS: Target = { kind: 'columns', names: DEFAULT_COLUMN_NAMES };
export const TABLE: Target = { kind: 'table' };

/** The shipped rules, loaded once a file. */
export const shipped = loadDeciding({});

/** Everything a migration in a test needs, with the product's own functions behind it. */
export interface Bench {
  readonly writer: Database;
  readonly reader: Database;
  readonly schema: GlanceSchema;
  context(
    options?: Partial<
      Pick<
        MigrateContext,
        'decide' | 'columns' | 'lookInside' | 'onEvent' | 'stop' | 'writer' | 'lanes' | 'size' | 'brake'
      >
    > & {
      /** Rows of every page and batch; 7 where nothing is said. */
      readonly pageSize?: number;
    },
  ): MigrateContext;
}

/** Opens both connections of a database and looks at its schema. Only inside a test. */
export async function openBench(url: string): Promise<Bench> {
  return benchOf(await openForTest(url, 'read-write'), await openForTest(url, 'read-only'));
}

/** The same with databases that the caller closes. */
export async function benchOf(writer: Database, reader: Database): Promise<Bench> {
  const schema = await introspectGlance(reader);
  return {
    writer,
    reader,
    schema,
    context: ({ pageSize = 7, ...options } = {}) => ({
      writer,
      reader,
      schema,
      decide: shipped.decide,
      size: fixedSize(pageSize),
      columns: options.lookInside === undefined ? 'decisive' : 'all',
      // Side by side everywhere: what holds then holds with one lane as well.
      lanes: 2,
      brake: NO_BRAKE,
      clock: createPhaseClock(),
      onEvent: () => {},
      stop: { requested: () => false },
      ...options,
    }),
  };
}

export async function runExpand(bench: Bench, target: Target): Promise<void> {
  const schema = await introspectGlance(bench.writer);
  const { plan: planned, objections } = await previewExpand(bench.writer, schema, target);
  refuseIfAny(objections);
  if (planned.kind === 'nothing') return;
  const context = bench.context({ writer: bench.writer });
  await makeTables(context, schema, target, 'test');
  const lease = await holdLease(bench.writer);
  await addColumns(context, lease, target);
  await lease.release();
}

export function terms(digest = shipped.rulesDigest, unfinished: RunRequest['unfinished'] = 'resume'): RunRequest {
  return { rulesDigest: digest, answersDigest: null, probe: 'off', toolVersion: 'test', unfinished };
}

export async function runMigrate(
  bench: Bench,
  {
    scope,
    others,
    ...options
  }: NonNullable<Parameters<Bench['context']>[0]> & {
    /** Whose lease the run is done under; everything where nothing is said. */
    readonly scope?: LeaseScope;
    /** What is known of whoever holds it. */
    readonly others?: 'unknown' | 'dead';
  } = {},
  runTerms: RunRequest = terms(),
): Promise<MigrateResult> {
  const lease = await holdLease(bench.writer, scope, undefined, others);
  try {
    return await migrate(bench.context(options), lease, await requireExpanded(bench.writer), runTerms);
  } finally {
    await lease.release();
  }
}

export async function runVerify(bench: Bench, decide: Decide = shipped.decide): Promise<VerifyResult> {
  return verify(bench.context({ decide }), await requireExpanded(bench.writer));
}

/** Asks for a stop once a batch was written: something is done each time, so that runs that are stopped come to an end. */
export function stopAfterOneBatch(): Pick<MigrateContext, 'stop' | 'brake' | 'lanes'> {
  let written = false;
  return {
    // Another one would write a batch beside it.
    lanes: 1,
    stop: { requested: () => written },
    brake: {
      ...NO_BRAKE,
      after: async () => {
        written = true;
        await Promise.resolve();
      },
    },
  };
}

/** A rollback as the command does it: a complete one takes the schema back as well. */
export async function runRollback(bench: Bench, scope: RollbackScope): Promise<RollbackResult> {
  const meta = await requireExpanded(bench.writer);
  const lease = await holdLease(bench.writer);
  const result = await rollback(bench.context(), lease, meta, scope);
  if (scope.kind === 'everything' && result.conflictCount === 0 && (await journalIsEmpty(bench.writer))) {
    await dismantle(bench.context(), lease, meta, 'remove-everything');
  } else {
    await lease.release();
  }
  return result;
}

/** A tenth of the real times, so that a test need not wait half a minute. */
const FAST: LeaseTiming = { silence: 3_000, beat: 50, look: 20 };

export const WATCHING: Watching = { timing: FAST, onWatch: () => {}, interrupted: () => false };

/** Takes a lease. It gives no sign of life by itself; whoever comes next takes it over when it was silent for long enough. */
export async function holdLease(
  writer: Database,
  scope?: LeaseScope,
  process = randomUUID(),
  others: 'unknown' | 'dead' = 'unknown',
) {
  const holder = { owner: randomUUID(), host: 'test', process, purpose: 'test' };
  return acquireLease(writer, holder, () => others === 'dead', scope, WATCHING);
}

/** Gives signs of life for a lease until the test is over, or it is told to end. */
export function keepAliveForTest(lease: Lease): () => Promise<void> {
  const end = keepAlive(lease, FAST);
  onTestFinished(end);
  return end;
}

/** A database that is another one in some respect. */
export function changedDatabase(database: Database, changes: Partial<Database>): Database {
  return {
    dialect: database.dialect,
    mode: database.mode,
    label: database.label,
    query: (sql, bindings, limits) => database.query(sql, bindings, limits),
    execute: (sql, bindings, limits) => database.execute(sql, bindings, limits),
    transaction: (work) => database.transaction(work),
    sessions: () => database.sessions(),
    observe: (read) => database.observe(read),
    readOnly: () => database.readOnly(),
    usage: () => database.usage(),
    close: () => database.close(),
    ...changes,
  };
}

/** Every image with its decision, in the database's order. */
export async function runPlan(
  bench: Bench,
  options: Parameters<Bench['context']>[0] = {},
): Promise<readonly { readonly evidence: ImageEvidence; readonly decision: Decision }[]> {
  const rows: { evidence: ImageEvidence; decision: Decision }[] = [];
  await plan(bench.context(options), (evidence, decision) => {
    rows.push({ evidence, decision });
  });
  return rows;
}

export function countByStatus(
  rows: readonly { readonly decision: Decision }[],
): Readonly<Record<DecisionStatus, number>> {
  const counts: Record<DecisionStatus, number> = {
    exact: 0,
    inferred: 0,
    ambiguous: 0,
    unmappable: 0,
    'not-applicable': 0,
  };
  for (const { decision } of rows) {
    counts[decision.status] += 1;
  }
  return counts;
}

/** Digest over all columns named, all rows, in key order: the same bytes give the same digest. */
export async function tableDigest(database: Database, table: string, columns: readonly string[]): Promise<string> {
  const list = columns.map((column) => database.dialect.quote(column)).join(', ');
  const rows = await database.query(`SELECT ${list} FROM ${table} ORDER BY 1`);
  return createHash('sha256')
    .update(JSON.stringify(rows.map(plainRow)))
    .digest('hex');
}

/** Names of the columns that a table has now. */
export async function columnNames(database: Database, table: string): Promise<readonly string[]> {
  const info = await database.dialect.describeTable(database, table);
  return (info?.columns ?? []).map((column) => column.name);
}

/** The schema as the engine itself tells it, for comparing before and after. */
export async function schemaText(database: Database): Promise<string> {
  const tables = [...(await database.dialect.listTables(database))].sort();
  const described: unknown[] = [];
  for (const table of tables) {
    switch (database.dialect.name) {
      case 'mysql': {
        const [row] = await database.query(`SHOW CREATE TABLE ${database.dialect.quote(table)}`);
        // The next AUTO_INCREMENT value is a counter, not schema.
        described.push(String(row?.['Create Table']).replace(/ AUTO_INCREMENT=\d+/u, ''));
        break;
      }
      case 'sqlite':
        described.push(
          await database.query('SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? ORDER BY name', [table]),
        );
        break;
      case 'postgres':
        described.push(await database.dialect.describeTable(database, table));
        described.push(await database.query('SELECT indexdef FROM pg_indexes WHERE tablename = ? ORDER BY 1', [table]));
        break;
    }
  }
  return JSON.stringify(described, bigintText, 1);
}

function plainRow(row: DriverRow): unknown {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, typeof value === 'bigint' ? value.toString() : value]),
  );
}

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
