import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { userInfo } from 'node:os';
import createKnex, { type Knex } from 'knex';
import type { Client } from 'pg';
import type { PostgresSpec, TlsSpec } from '../../connection/spec.ts';
import type { AccessMode, Database, DriverRow, ConnectionUsageMeter } from '../../database.ts';
import { createUsageMeter } from '../../database.ts';
import { READ_LIMITS } from '../../transaction/deadlines.ts';
import { firstContact } from '../../connection/first-contact.ts';
import { requireVersion, openFailure } from '../../connection/open-failure.ts';
import { KnexDatabase } from '../../transaction/knex-database.ts';
import type {
  ConnectionPool,
  DriverValues,
  EngineDriver,
  NativeConnection,
} from '../../transaction/connection-pool.ts';
import { createConnectionPool } from '../../transaction/connection-pool.ts';
import { CONNECT_TIMEOUT_MS, POOL_SIZE, QUIET } from '../../transaction/pool-settings.ts';
import { readTlsFiles } from '../../connection/tls-options.ts';
import { insideTransaction, beginTransaction } from '../../transaction/transaction-executor.ts';
import { schemaOf } from '../../connection/search-path.ts';
import { beginPostgres, sessionName } from './end-sessions.ts';
import { POSTGRES_BUILDER, postgresDialect } from './dialect.ts';
import { classifyPostgresError, isPostgresFull } from './errors.ts';

const LEAST = [12, 0] as const;

/** @throws RetypeError as `openDatabase` says. */
export async function openPostgres(
  spec: PostgresSpec,
  mode: AccessMode,
  onWait: (reason: string) => void,
): Promise<Database> {
  const host = spec.socketPath === null && spec.host.includes(':') ? `[${spec.host}]` : spec.host;
  const label = `${host}:${spec.port}/${spec.database}`;
  // libpq's prefer: encrypted if the server can, else in clear text.
  const attempts: readonly (TlsSpec | null)[] =
    spec.tls.kind === 'off' ? [null] : spec.tls.kind === 'require' ? [spec.tls.tls] : [spec.tls.tls, null];
  const name = sessionName(randomUUID());
  const schema = schemaOf(spec.options);
  let refused: unknown = null;
  for (const tls of attempts) {
    const driver = postgresDriver(name, schema);
    const pool = createConnectionPool(createPool(spec, tls, driver.usage), driver);
    try {
      const version = await firstContact(classifyPostgresError, onWait, async () => readVersion(pool));
      requireVersion('PostgreSQL', version, LEAST, label);
      return new KnexDatabase({
        dialect: postgresDialect(version),
        mode,
        label: () => label,
        driver,
        writer: pool,
        reader: pool,
        mend: () => false,
        sessions: () => [name],
        onWait,
      });
    } catch (error) {
      await pool.close();
      refused = error;
      if (!/does not support SSL/.test(String(error))) break;
    }
  }
  throw openFailure(refused, classifyPostgresError(refused), label, spec.password);
}

async function readVersion(pool: ConnectionPool): Promise<string> {
  const begun = await beginTransaction(pool, 'read-only');
  const [row] = await insideTransaction(begun, READ_LIMITS, async (trx) =>
    trx.query("SELECT current_setting('server_version') AS version"),
  );
  return String(row?.['version']).split(' ')[0] ?? '';
}

function createPool(spec: PostgresSpec, tls: TlsSpec | null, usage: ConnectionUsageMeter): Knex {
  const connection = {
    host: spec.host,
    port: spec.port,
    user: spec.user ?? userInfo().username,
    database: spec.database,
    ...(spec.password === null ? {} : { password: spec.password.reveal() }),
    // Each transaction sets a search_path itself: PgBouncer refuses options at the start of a connection.
    ...(spec.options === null || schemaOf(spec.options) !== null ? {} : { options: spec.options }),
    ssl: tls === null ? false : tlsOptions(tls),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: { getTypeParser: (oid: number) => PARSERS.get(oid) ?? String },
  };
  return createKnex({
    ...QUIET,
    client: 'pg',
    // Keeps knex from asking the server for its version without a deadline; nothing used here depends on it.
    version: LEAST.join('.'),
    connection: connection as Knex.PgConnectionConfig,
    pool: {
      min: 0,
      max: POOL_SIZE,
      afterCreate: (native: Client, done: () => void) => {
        usage.watch(socketOf(native));
        done();
      },
    },
  });
}

function tlsOptions(tls: TlsSpec): object {
  const options = readTlsFiles(tls);
  // verify-ca: the chain counts, the name does not.
  return tls.verify === 'ca' ? { ...options, checkServerIdentity: () => undefined } : options;
}

/**
 * int2, int4, oid, float4 and float8 are exact as numbers, bool is a boolean; all else, int8 and times included, stays
 * text.
 */
const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [16, (text) => text === 't'],
  ...[21, 23, 26, 700, 701].map((oid) => [oid, Number] as const),
]);

const VALUES: DriverValues = {
  bind: (value) => value,
  rows: (result) => (result as { readonly rows: readonly DriverRow[] }).rows,
  matched: (result) => (result as { readonly rowCount: number | null }).rowCount ?? 0,
};

function socketOf(connection: NativeConnection): Socket {
  return (connection as { readonly connection: { readonly stream: Socket } }).connection.stream;
}

/** Keeps Pgpool-II from sending a SELECT to a standby, which may not have the latest commits yet. */
function toPrimary(sql: string): string {
  return /^\s*(?:SELECT|WITH)\b/i.test(sql) ? `/*NO LOAD BALANCE*/ ${sql}` : sql;
}

function postgresDriver(name: string, schema: string | null): EngineDriver {
  return {
    builder: POSTGRES_BUILDER,
    values: VALUES,
    usage: createUsageMeter(),
    begin: { 'read-only': beginPostgres('READ ONLY', name, schema), 'read-write': beginPostgres(null, name, schema) },
    readable: null,
    addressed: toPrimary,
    alone: [],
    socketOf,
    discard: (connection) => socketOf(connection).destroy(),
    classify: classifyPostgresError,
    isFull: isPostgresFull,
  };
}
