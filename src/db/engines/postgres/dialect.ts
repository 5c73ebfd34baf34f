import type pg from 'pg';

import type { Executor, Observer, SqlValue } from '../../database.ts';
import type { Dialect, TableBlocks } from '../../dialect.ts';
import type { NeighbourReading } from '../../pressure.ts';
import { type BulkRows, insertStatements, bulkInserts, updateFrom } from '../../statements/bulk-insert.ts';
import { MISSING, SEPARATOR } from '../../statements/pack.ts';
import { nativeExecutor } from '../../transaction/transaction-executor.ts';
import { schemaStatements, statementBuilder } from '../../statements/schema.ts';
import { MOST_LANES, SERVER_ALONE, SERVER_BATCHES } from '../../transaction/pool-settings.ts';
import { classifyPostgresError } from './errors.ts';
import {
  describePostgresTable,
  listPostgresTables,
  listPostgresViews,
  postgresReactionsToUpdate,
  missingPostgresPrivileges,
} from './introspect.ts';
import { postgresCopying } from './copying.ts';
import { endPostgresSessions, SESSION_NAMES } from './end-sessions.ts';

export const POSTGRES_BUILDER = statementBuilder('pg');

const SCHEMA = schemaStatements(POSTGRES_BUILDER);

export function postgresDialect(version: string): Dialect {
  return {
    name: 'postgres',
    serverVersion: `PostgreSQL ${version}`,
    galera: false,
    transactionalDdl: true,
    mostLanes: MOST_LANES,
    batches: SERVER_BATCHES,
    pressure: { alone: SERVER_ALONE, beside: { milliseconds: 30, least: 200, lanes: 2, rest: 0 } },
    rowLocks: 'everywhere',
    rowNumber: null,
    rowNumbering: async () => Promise.resolve(''),

    ...SCHEMA,
    // A nondeterministic collation may call different bytes equal; "C" never does.
    sameBytes: (left, right) => `(${bytes(left)} IS NOT DISTINCT FROM ${bytes(right)})`,
    exactText: (expression) => `(${bytes(expression)})`,
    nowMs: 'CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint)',
    characters: (expression) => `char_length(${expression})`,
    isOfType: () => null,
    asText: (expression) => `CAST(${expression} AS text)`,
    // A collation that takes different bytes for equal would also hash them alike.
    returnsInserted: true,
    changeMark: async () => Promise.resolve(null),
    digest: (texts) => `CAST(hashtext(concat_ws(',', ${texts.join(', ')}) COLLATE "C") AS bigint)`,
    blocks: Number.parseInt(version, 10) >= 14 ? BLOCKS : null,
    pack: (column) => ({
      texts: `STRING_AGG(COALESCE(CAST(${column} AS text), '${MISSING}'), '${SEPARATOR}')`,
      present: `COUNT(${column})`,
    }),

    ...bulkInserts(async (executor, rows) => insertPostgresRows(SCHEMA.quote, executor, rows)),
    updateJoined: async (executor, update) => updateFrom(SCHEMA.quote, executor, update),

    listTables: listPostgresTables,
    listViews: listPostgresViews,
    describeTable: describePostgresTable,
    reactionsToUpdate: postgresReactionsToUpdate,
    rebuild: null,
    waitingOneSecond: (statements) => ["SET LOCAL lock_timeout = '1s'", ...statements],
    tableBytes: async () => Promise.resolve(0),

    // Only superusers and members of pg_read_all_settings may read it.
    dataDirectory: async () => Promise.resolve(null),
    readOnlyReason,
    missingPrivileges: missingPostgresPrivileges,
    endSessions: endPostgresSessions,
    copying: postgresCopying(SCHEMA.quote),
    readNeighbours,
    readFlowControl: null,
    readRunning,
    classify: classifyPostgresError,
  };
}

/**
 * Others who write hold a lock on the table to the end of their transaction, and wait for the row, the log and the
 * processors. pg_locks shows the locks of all sessions to every account; pg_stat_activity hides what those of other
 * roles do, save for their names, by which the sessions of this program are left out.
 */
async function readNeighbours(observer: Observer): Promise<NeighbourReading> {
  const [row] = await observer.query(
    `WITH writer AS MATERIALIZED (
       SELECT DISTINCT l.pid FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database
       WHERE l.mode = 'RowExclusiveLock' AND l.relation >= ${FIRST_OWN_RELATION} AND d.datname = current_database())
     SELECT count(*) AS writing FROM writer
     WHERE pid NOT IN (SELECT a.pid FROM pg_catalog.pg_stat_activity a WHERE a.application_name LIKE '${SESSION_NAMES}%')`,
  );
  return { atWork: Number(row?.['writing']), waited: 0 };
}

/**
 * pg_stat_activity hides the state of other roles' sessions from an account without pg_read_all_stats. pg_locks does
 * not: whoever runs a statement holds the lock of its virtual transaction, and so does a session that is idle in a
 * transaction.
 */
async function readRunning(observer: Observer): Promise<number> {
  const [row] = await observer.query(
    `WITH inside AS MATERIALIZED (
       SELECT DISTINCT pid FROM pg_catalog.pg_locks WHERE locktype = 'virtualxid' AND granted)
     SELECT count(*) AS running FROM pg_catalog.pg_stat_activity a
     WHERE a.state = 'active' OR (a.state IS NULL AND a.pid IN (SELECT pid FROM inside))`,
  );
  return Number(row?.['running']);
}

/** Relations below belong to the server (FirstNormalObjectId in PostgreSQL's transam.h). */
const FIRST_OWN_RELATION = 16_384;

function bytes(expression: string): string {
  return `CAST(${expression} AS text) COLLATE "C"`;
}

async function readOnlyReason(executor: Executor): Promise<string | null> {
  // reset_val is the setting of the database, role or server, whatever this session has set.
  const [row] = await executor.query(
    "SELECT pg_is_in_recovery() AS standby, (SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'default_transaction_read_only') AS frozen",
  );
  if (row?.['standby'] === true) return 'the server is a standby (pg_is_in_recovery)';
  return row?.['frozen'] === 'on' ? 'default_transaction_read_only is on for this database, role or server' : null;
}

const STATEMENT_LIMIT = 1_048_576;

/**
 * Multi-row INSERT. Every value is a quoted literal without a type, so the server reads it as the column's own type;
 * bound parameters would be limited to 65,535 and need the types named.
 *
 * @returns rows inserted.
 * @throws the server's 22021 for text that holds a NUL character, which PostgreSQL cannot store.
 */
export async function insertPostgresRows(
  quote: Dialect['quote'],
  executor: Executor,
  { table, columns, rows, duplicates }: BulkRows,
): Promise<number> {
  const frame = {
    head: `INSERT INTO ${quote(table)} (${columns.map(quote).join(',')}) VALUES `,
    tail: duplicates === 'fail' ? '' : ' ON CONFLICT DO NOTHING',
  };
  let inserted = 0;
  for (const statement of insertStatements(frame, rows, literal, STATEMENT_LIMIT)) {
    inserted += await nativeExecutor(executor).native(async (native) => {
      const { rowCount } = await (native as pg.Client).query(statement);
      return rowCount ?? 0;
    });
  }
  return inserted;
}

function literal(value: SqlValue): string {
  return value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`;
}

/** Before version 14 the server reads the whole table for each range. */
const BLOCKS: TableBlocks = {
  oneSnapshot: 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ',
  async count(executor, table) {
    const [row] = await executor.query(
      `SELECT pg_relation_size(c.oid) / current_setting('block_size')::int AS blocks
       FROM pg_class c WHERE c.oid = CAST(? AS regclass) AND c.relkind = 'r' AND NOT c.relhassubclass`,
      [table],
    );
    return Number(row?.['blocks'] ?? 0);
  },
  within: (alias, first, end) => `${alias}.ctid >= '(${first},0)' AND ${alias}.ctid < '(${end},0)'`,
};
