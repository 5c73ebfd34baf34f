import type { Socket } from 'node:net';
import { userInfo } from 'node:os';
import { callbackify, promisify } from 'node:util';
import createKnex, { type Knex } from 'knex';
import type { Connection } from 'mysql2';
import type { MysqlSpec } from '../connection-spec.ts';
import type { AccessMode, Database, DriverRow } from '../database.ts';
import { answered } from '../answered.ts';
import { CONNECT_LIMITS } from '../deadlines.ts';
import { firstContact } from '../first-contact.ts';
import { KnexDatabase } from '../knex-database.ts';
import type { NativeConnection, DriverValues } from '../knex-executor.ts';
import { createLender } from '../lender.ts';
import { openFailure } from '../open-failure.ts';
import { CONNECT_TIMEOUT_MS, POOL_SIZE, QUIET } from '../pool.ts';
import { requireVersion } from '../server-version.ts';
import { readTlsFiles } from '../tls-options.ts';
import { createTrafficMeter } from '../traffic.ts';
import { onConnection } from '../transaction.ts';
import type { Wire } from '../wire.ts';
import { mysqlDialect } from './dialect.ts';
import { classifyMysqlError, isMysqlFull } from './errors.ts';
import { sessionStatements, type MysqlServer } from './session.ts';

/** Below these, READ COMMITTED batches, instant DDL or the JSON of a later report do not work as promised. */
const LEAST = { MariaDB: [10, 3], MySQL: [8, 0] } as const;

/** @throws RetypeError as `openDatabase` says. */
export async function openMysql(
  spec: MysqlSpec,
  mode: AccessMode,
  onWait: (reason: string) => void,
): Promise<Database> {
  const label = `${spec.socketPath ?? `${spec.host.includes(':') ? `[${spec.host}]` : spec.host}:${spec.port}`}/${spec.database}`;
  const connection = connectionSettings(spec);
  const wire = mysqlWire();
  const pool = createKnex({
    ...QUIET,
    client: 'mysql2',
    connection,
    pool: {
      min: 0,
      max: POOL_SIZE,
      afterCreate: callbackify(async (native: Connection) => {
        const socket = socketOf(native);
        wire.traffic.watch(socket);
        await answered(socket, CONNECT_LIMITS, async () => prepareSession(native));
      }),
    },
  });
  const lender = createLender(pool, wire);
  try {
    const server = await firstContact(classifyMysqlError, onWait, async () =>
      onConnection(await lender.lend(), async ({ native }) =>
        answered(wire.socketOf(native), CONNECT_LIMITS, async () => inspectServer(native as Connection)),
      ),
    );
    requireVersion(server.flavour, server.version, LEAST[server.flavour], label);
    return new KnexDatabase({
      dialect: mysqlDialect(server),
      mode,
      label,
      wire,
      writer: lender,
      reader: lender,
      mend: () => false,
      sessions: () => [],
      onWait,
    });
  } catch (error) {
    await lender.close();
    throw openFailure(error, classifyMysqlError(error), label, spec.password);
  }
}

function connectionSettings(spec: MysqlSpec): Knex.MySql2ConnectionConfig {
  const address = spec.socketPath === null ? { host: spec.host, port: spec.port } : { socketPath: spec.socketPath };
  const ssl =
    spec.tls.kind === 'off'
      ? {}
      : { ssl: { ...readTlsFiles(spec.tls.tls), verifyIdentity: spec.tls.tls.verify === 'identity' } };
  return {
    ...address,
    ...ssl,
    user: spec.user ?? userInfo().username,
    password: spec.password?.reveal() ?? '',
    database: spec.database,
    charset: 'utf8mb4_general_ci',
    connectTimeout: CONNECT_TIMEOUT_MS,
    // Values as the server spells them: a Date loses zero dates, a number loses BIGINT digits.
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    // CLIENT_FOUND_ROWS: UPDATE counts rows matched; a compare-and-swap must not take "already so" for "somebody else was here".
    flags: ['+FOUND_ROWS'],
  } as unknown as Knex.MySql2ConnectionConfig;
}

async function prepareSession(native: Connection): Promise<void> {
  const query = statementRunner(native);
  const [row] = await query('SELECT VERSION() AS version');
  const flavour = /mariadb/i.test(String(row?.['version'])) ? 'MariaDB' : 'MySQL';
  // Before SHOW: with a small max_join_size the server refuses even that.
  await query('SET SESSION sql_big_selects = 1');
  for (const statement of sessionStatements({ flavour, galera: await wsrepOn(query) })) await query(statement);
}

async function inspectServer(native: Connection): Promise<MysqlServer> {
  const query = statementRunner(native);
  const [row] = await query('SELECT VERSION() AS version, @@max_allowed_packet AS packet');
  const text = String(row?.['version']);
  return {
    flavour: /mariadb/i.test(text) ? 'MariaDB' : 'MySQL',
    version: /^\d+(?:\.\d+)*/.exec(text)?.[0] ?? text,
    galera: await wsrepOn(query),
    maxAllowedPacket: Number(row?.['packet']),
  };
}

type Query = (sql: string) => Promise<readonly DriverRow[]>;

function statementRunner(native: Connection): Query {
  return promisify((sql: string, done: (error: Error | null, rows: readonly DriverRow[]) => void) => {
    native.query(sql, (error, rows) => {
      done(error, rows as unknown as readonly DriverRow[]);
    });
  });
}

/** SHOW and not @@wsrep_on: a server without Galera does not know the variable. */
async function wsrepOn(query: Query): Promise<boolean> {
  const rows = await query("SHOW VARIABLES LIKE 'wsrep_on'");
  return rows.some((row) => String(row['Value']).toUpperCase() === 'ON');
}

const VALUES: DriverValues = {
  bind: (value) => value,
  rows: (result) => (result as readonly [readonly DriverRow[]])[0],
  matched: (result) => (result as readonly [{ readonly affectedRows?: number }])[0].affectedRows ?? 0,
};

function socketOf(connection: NativeConnection): Socket {
  return (connection as { readonly stream: Socket }).stream;
}

function mysqlWire(): Wire {
  return {
    values: VALUES,
    traffic: createTrafficMeter(),
    begin: { 'read-only': 'START TRANSACTION READ ONLY', 'read-write': 'START TRANSACTION' },
    readable: /^\s*(?:START TRANSACTION READ ONLY|SELECT|SHOW|WITH|EXPLAIN|COMMIT|ROLLBACK)\b/i,
    addressed: (sql) => sql,
    alone: ['read-write'],
    socketOf,
    // Not the driver's own destroy(), which only says goodbye and leaves statements under way without an answer.
    discard: (connection) => socketOf(connection).destroy(),
    classify: classifyMysqlError,
    isFull: isMysqlFull,
  };
}
