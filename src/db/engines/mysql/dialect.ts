import { escape, type Connection } from 'mysql2';

import type { Executor, Observer, SqlValue } from '../../database.ts';
import type { Dialect, JoinedSource, JoinedUpdate } from '../../dialect.ts';
import type { BatchBounds, FlowControlReading, NeighbourReading } from '../../pressure.ts';
import { type BulkRows, insertStatements, bulkInserts } from '../../statements/bulk-insert.ts';
import { nativeExecutor } from '../../transaction/transaction-executor.ts';
import { schemaStatements, statementBuilder } from '../../statements/schema.ts';
import { MOST_LANES, SERVER_ALONE, SERVER_BATCHES } from '../../transaction/pool-settings.ts';
import { classifyMysqlError } from './errors.ts';
import { mysqlCopying } from './copying.ts';
import { missingMysqlPrivileges } from './grants.ts';
import {
  describeMysqlTable,
  listMysqlTables,
  listMysqlViews,
  mysqlReactionsToUpdate,
  mysqlTableBytes,
  mysqlDataDirectory,
  mysqlReadOnlyReason,
} from './introspect.ts';
import { runMysqlText } from './run-text.ts';
import { type MysqlServer, endMysqlSessions } from './session.ts';

/**
 * A conflict with a write on another node loses the whole batch, and each node certifies and applies it in one piece.
 */
const GALERA_BATCHES: BatchBounds = { start: 200, most: 2_000 };

/** Transactions of two lanes on Galera abort each other. */
const GALERA_PRESSURE: Dialect['pressure'] = {
  alone: { milliseconds: 100, least: 50, lanes: 1, rest: 0 },
  beside: { milliseconds: 50, least: 10, lanes: 1, rest: 0 },
};

/** One write in a hundred beside a run waits as long as a batch takes (measured with 50 writes a second). */
const SERVER_PRESSURE: Dialect['pressure'] = {
  alone: SERVER_ALONE,
  beside: { milliseconds: 30, least: 200, lanes: 2, rest: 0 },
};

export const MYSQL_BUILDER = statementBuilder('mysql2');

const SCHEMA = schemaStatements(MYSQL_BUILDER);
const { quote } = SCHEMA;

const MIB = 1_048_576;

/** MySQL and MariaDB. */
export function mysqlDialect(server: MysqlServer): Dialect {
  return {
    name: 'mysql',
    serverVersion: `${server.flavour} ${server.version}${server.galera ? ' (Galera)' : ''}`,
    galera: server.galera,
    transactionalDdl: false,
    mostLanes: MOST_LANES,
    batches: server.galera ? GALERA_BATCHES : SERVER_BATCHES,
    pressure: server.galera ? GALERA_PRESSURE : SERVER_PRESSURE,
    rowLocks: server.galera ? 'one-node' : 'everywhere',
    rowNumber: null,
    rowNumbering: async () => Promise.resolve(''),

    ...SCHEMA,
    // DYNAMIC rows, which knex cannot ask for: an old server's default refuses an index over a varchar(255) in utf8mb4.
    createTable: (name, define) =>
      SCHEMA.createTable(name, (table) => {
        define(table);
        table.engine('InnoDB');
        table.charset('utf8mb4');
        table.collate('utf8mb4_bin');
      }).map((statement) => `${statement} ROW_FORMAT=DYNAMIC`),
    // With the rights of the reader, which knex cannot say: the account that expands may be gone one day.
    createView: (name, select) => [`CREATE SQL SECURITY INVOKER VIEW ${quote(name)} AS ${select}`],
    // One character set on both sides, then bytes: every collation, even utf8mb4_bin, ignores trailing blanks.
    sameBytes: (left, right) => `(${bytes(left)} <=> ${bytes(right)})`,
    exactText: bytes,
    nowMs: 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)',
    characters: (expression) => `CHAR_LENGTH(${expression})`,
    isOfType: () => null,
    asText: (expression) => `CAST(${expression} AS CHAR)`,
    // INSERT … SELECT … RETURNING came with MariaDB 10.5.
    returnsInserted: server.flavour === 'MariaDB' && !/^(?:5|10\.[0-4])\./.test(server.version),
    changeMark: async () => Promise.resolve(null),
    digest: (texts) => `CRC32(CONCAT_WS(',', ${texts.join(', ')}))`,
    blocks: null,
    pack: null,

    ...bulkInserts(async (executor, rows) => insertMysqlRows(quote, server.maxAllowedPacket, executor, rows)),
    updateJoined: async (executor, update) => updateJoined(executor, server, update),

    listTables: listMysqlTables,
    listViews: listMysqlViews,
    describeTable: describeMysqlTable,
    reactionsToUpdate: mysqlReactionsToUpdate,
    // FORCE, because MariaDB counts an instant change as ALGORITHM=INPLACE; MySQL 8 ignores it beside that. Measured on
    // MariaDB 10.11: 200,000 images (100 MiB) in 0.8 s. Galera carries DDL out on all nodes in total order, and no node
    // writes meanwhile.
    rebuild: { clause: ', FORCE, ALGORITHM=INPLACE, LOCK=NONE', mostBytes: server.galera ? 64 * MIB : 1024 * MIB },
    // Every session has that limit already.
    waitingOneSecond: (statements) => statements,
    tableBytes: mysqlTableBytes,

    dataDirectory: mysqlDataDirectory,
    readOnlyReason: mysqlReadOnlyReason,
    missingPrivileges: async (executor, table, privileges) =>
      missingMysqlPrivileges(executor, server.flavour, table, privileges),
    endSessions: endMysqlSessions,
    copying: mysqlCopying(quote),
    readNeighbours,
    readFlowControl: server.galera ? readFlowControl : null,
    readRunning,
    classify: classifyMysqlError,
  };
}

/**
 * The server's own counters, which every account may read. Only those who wait are seen: who writes, and who waits for
 * whom, takes the privilege PROCESS. Lanes of one run hardly ever wait for each other.
 */
async function readNeighbours(observer: Observer): Promise<NeighbourReading> {
  const status = await readStatus(observer, ['Innodb_row_lock_current_waits', 'Innodb_row_lock_time']);
  return {
    atWork: Number(status.get('Innodb_row_lock_current_waits') ?? 0),
    waited: Number(status.get('Innodb_row_lock_time') ?? 0),
  };
}

/** SHOW does not wait for other nodes of a cluster (wsrep_sync_wait = 1 is about SELECT and BEGIN), nor for locks. */
async function readStatus(observer: Observer, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const list = names.map((name) => `'${name}'`).join(', ');
  const rows = await observer.query(`SHOW GLOBAL STATUS WHERE Variable_name IN (${list})`);
  return new Map(rows.map((row) => [String(row['Variable_name']), String(row['Value'])]));
}

/**
 * wsrep_gcomm_uuid is new with every start of a node, and so is the counter. A pause under way counts up to now.
 * @throws Error where a server has no such counters (Galera before 25.3).
 */
async function readFlowControl(observer: Observer): Promise<FlowControlReading> {
  const status = await readStatus(observer, ['wsrep_gcomm_uuid', 'wsrep_flow_control_paused_ns']);
  const node = status.get('wsrep_gcomm_uuid');
  const paused = status.get('wsrep_flow_control_paused_ns');
  if (node === undefined || paused === undefined)
    throw new Error('the server does not show wsrep_flow_control_paused_ns');
  return { node, pausedMs: Number(paused) / 1_000_000 };
}

async function readRunning(observer: Observer): Promise<number> {
  const status = await readStatus(observer, ['Threads_running']);
  return Number(status.get('Threads_running'));
}

function bytes(expression: string): string {
  return `CAST(CONVERT(${expression} USING utf8mb4) AS BINARY)`;
}

/**
 * On Galera an update does not wait for a locked row: the batch fails at once and is tried again. Glance's purge locks
 * every row of `images`, first shared and then exclusively. If an update waits for one of them, that is a deadlock, and
 * the server rolls back the smaller transaction, which may be the purge. Without Galera several lanes write side by
 * side and have to wait for each other.
 */
const NO_WAIT = 'SET STATEMENT innodb_lock_wait_timeout = 0 FOR ';

async function updateJoined(
  executor: Executor,
  { flavour, galera }: MysqlServer,
  update: JoinedUpdate,
): Promise<number> {
  const { target, source, lookups = [] } = update;
  const table = ({ table: name, alias }: JoinedSource): string => `${quote(name)} AS ${quote(alias)}`;
  const set = Object.entries(update.set).map(
    ([column, expression]) => `${quote(target.alias)}.${quote(column)} = ${expression}`,
  );
  return executor.execute(
    // STRAIGHT_JOIN keeps this order: statistics of a growing table are wrong, and the wrong order reads all of it for
    // every batch.
    `${galera && flavour === 'MariaDB' ? NO_WAIT : ''}UPDATE ${table(source)}` +
      lookups.map((lookup) => ` STRAIGHT_JOIN ${table(lookup)} ON ${lookup.on}`).join('') +
      ` STRAIGHT_JOIN ${table(target)} ON ${update.on}` +
      ` SET ${set.join(', ')} WHERE ${update.where}`,
    update.bindings,
  );
}

/**
 * Characters of one statement at most. A character takes up to four bytes, hence the division of the server's limit
 * below.
 */
const STATEMENT_LIMIT = 1_048_576;

/**
 * Multi-row INSERT with the driver's own escaping. `ON DUPLICATE KEY UPDATE` with a column set to itself keeps a row
 * that is there; knex has only INSERT IGNORE for that, which also hides values that do not fit.
 *
 * @returns rows inserted.
 */
export async function insertMysqlRows(
  quote: Dialect['quote'],
  maxAllowedPacket: number,
  executor: Executor,
  { table, columns, rows, duplicates }: BulkRows,
): Promise<number> {
  const names = columns.map(quote);
  const frame = {
    head: `INSERT INTO ${quote(table)} (${names.join(',')}) VALUES `,
    tail: duplicates === 'fail' ? '' : ` ON DUPLICATE KEY UPDATE ${names[0] ?? ''} = ${names[0] ?? ''}`,
  };
  const limit = Math.min(STATEMENT_LIMIT, Math.floor(maxAllowedPacket / 8));
  let inserted = 0;
  for (const statement of insertStatements(frame, rows, literal, limit)) {
    inserted += await nativeExecutor(executor).native(async (native) => runMysqlText(native as Connection, statement));
  }
  return inserted;
}

function literal(value: SqlValue): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? escape(value) : String(value);
}
