import type { Socket } from 'node:net';
import { userInfo } from 'node:os';
import { callbackify } from 'node:util';
import createKnex, { type Knex } from 'knex';
import type { Client } from 'pg';
import type { PostgresSpec, TlsSpec } from '../connection-spec.ts';
import type { AccessMode, Database, DriverRow } from '../database.ts';
import { KnexDatabase } from '../knex-database.ts';
import type { NativeConnection, DriverValues } from '../knex-executor.ts';
import { openFailure } from '../open-failure.ts';
import { CONNECT_TIMEOUT_MS, POOL_SIZE, QUIET } from '../pool.ts';
import { requireVersion } from '../server-version.ts';
import { readTlsFiles } from '../tls-options.ts';
import { createTrafficMeter, type TrafficMeter } from '../traffic.ts';
import { postgresDialect } from './dialect.ts';
import { classifyPostgresError } from './errors.ts';
import { postgresSession } from './session.ts';

const LEAST = [12, 0] as const;

/** @throws RetypeError as `openDatabase` says. */
export async function openPostgres(spec: PostgresSpec, mode: AccessMode): Promise<Database> {
  const host = spec.socketPath === null && spec.host.includes(':') ? `[${spec.host}]` : spec.host;
  const label = `${host}:${spec.port}/${spec.database}`;
  // libpq's prefer: encrypted if the server can, else in clear text.
  const attempts: readonly (TlsSpec | null)[] =
    spec.tls.kind === 'off' ? [null] : spec.tls.kind === 'require' ? [spec.tls.tls] : [spec.tls.tls, null];
  let refused: unknown = null;
  for (const tls of attempts) {
    const traffic = createTrafficMeter();
    const pool = createPool(spec, tls, mode, traffic);
    try {
      const answer = await pool.raw<{ readonly rows: readonly DriverRow[] }>(
        "SELECT current_setting('server_version') AS version",
      );
      const version = String(answer.rows[0]?.['version']).split(' ')[0] ?? '';
      requireVersion('PostgreSQL', version, LEAST, label);
      return new KnexDatabase({
        dialect: postgresDialect(version),
        mode,
        label,
        writer: pool,
        reader: pool,
        values: VALUES,
        traffic,
        discard,
        sessions: () => [],
        mend: () => false,
        begun: () => {},
      });
    } catch (error) {
      await pool.destroy();
      refused = error;
      if (!/does not support SSL/.test(String(error))) break;
    }
  }
  throw openFailure(refused, classifyPostgresError(refused), label, spec.password);
}

function createPool(spec: PostgresSpec, tls: TlsSpec | null, mode: AccessMode, traffic: TrafficMeter): Knex {
  const connection = {
    host: spec.host,
    port: spec.port,
    user: spec.user ?? userInfo().username,
    database: spec.database,
    ...(spec.password === null ? {} : { password: spec.password.reveal() }),
    ...(spec.options === null ? {} : { options: spec.options }),
    ssl: tls === null ? false : tlsOptions(tls),
    application_name: 'glance-retype',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: { getTypeParser },
  };
  return createKnex({
    ...QUIET,
    client: 'pg',
    connection: connection as Knex.PgConnectionConfig,
    pool: {
      min: 0,
      max: POOL_SIZE,
      afterCreate: callbackify(async (native: Client) => {
        traffic.watch((native as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream);
        await native.query(postgresSession(mode).join(';\n'));
      }),
    },
  });
}

function tlsOptions(tls: TlsSpec): object {
  const options = readTlsFiles(tls);
  // verify-ca: the chain counts, the name does not.
  return tls.verify === 'ca' ? { ...options, checkServerIdentity: () => undefined } : options;
}

const asNumber = Number;
const asText = (text: string): string => text;

/**
 * int2, int4, oid, float4 and float8 are exact as numbers, bool is a boolean; all else, int8 and times before all, stays the
 * text that the server sent.
 */
const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [16, (text) => text === 't'],
  [21, asNumber],
  [23, asNumber],
  [26, asNumber],
  [700, asNumber],
  [701, asNumber],
]);

function getTypeParser(oid: number): (text: string) => unknown {
  return PARSERS.get(oid) ?? asText;
}

const VALUES: DriverValues = {
  bind: (value) => value,
  rows: (result) => (result as { readonly rows: readonly DriverRow[] }).rows,
  matched: (result) => (result as { readonly rowCount: number | null }).rowCount ?? 0,
};

function discard(connection: NativeConnection): void {
  // Not awaited: a server that does not answer must not hold up the retry. knex's own listeners take its errors.
  (connection as Client).end().catch(() => {});
}
