import type { ConnectionSpec, MysqlSpec, PostgresSpec, ServerAddress } from '../../db/connection/spec.ts';
import { parseDatabaseUrl } from '../../db/connection/url.ts';
import { Secret } from '../../model/secret.ts';
import { usageError } from './usage.ts';

/** Holds the password for replicas whose address names a user without one. */
export const REPLICA_PASSWORD = 'GLANCE_RETYPE_REPLICA_PASSWORD';

export interface AskedReplica {
  /** Host and port, for messages. */
  readonly name: string;
  readonly spec: MysqlSpec | PostgresSpec;
}

/**
 * Reads `HOST`, `HOST:PORT` or an address. What it leaves out is that of the database that is migrated: the database's
 * name, TLS, and, where it names no user, user and password.
 *
 * @throws RetypeError USAGE, DATABASE_URL. No message repeats the address, which may hold a password.
 */
export function replicaOf(text: string, database: ConnectionSpec, environment: NodeJS.ProcessEnv): AskedReplica {
  if (database.kind === 'sqlite')
    throw usageError('--replica', 'a database server', 'a SQLite file has no replicas', 'leave out --replica');
  if (text.trim() === '') throw usageError('--replica', 'HOST, HOST:PORT or an address', 'nothing', 'name a replica');
  const spec = specOf(text.trim(), database, environment);
  const own = addressOf(spec);
  if (sameAddress(own, addressOf(database)) && spec.socketPath === database.socketPath)
    throw usageError('--replica', 'another server', 'the database that is migrated', 'name a replica of it');
  return { name: spec.socketPath ?? `${own.host.includes(':') ? `[${own.host}]` : own.host}:${own.port}`, spec };
}

function specOf(
  text: string,
  database: MysqlSpec | PostgresSpec,
  environment: NodeJS.ProcessEnv,
): MysqlSpec | PostgresSpec {
  const scheme = database.kind === 'mysql' ? 'mysql' : 'postgresql';
  const address = /^[A-Za-z][\w+]*:\/\//.test(text) ? text : `${scheme}://${text}`;
  // A replica holds the same database: its name may be left out.
  const [, start = '', path, query = ''] = /^([^/]*\/\/[^/?]*)(\/[^?]*)?(\?.*)?$/s.exec(address) ?? [];
  const named = path === undefined || path === '/' ? `/${encodeURIComponent(database.database)}` : path;
  const spec = parseDatabaseUrl(start === '' ? address : `${start}${named}${query}`, '--replica');
  if (spec.kind === 'sqlite' || spec.kind !== database.kind)
    throw usageError('--replica', `a server like the database, ${scheme}://`, 'another kind', 'name a replica of it');
  const fallback = environment[REPLICA_PASSWORD] ?? '';
  const fromEnvironment = fallback === '' ? null : new Secret(fallback);
  const login =
    spec.user === null || (spec.user === database.user && spec.password === null && fromEnvironment === null)
      ? { user: database.user, password: database.password }
      : { user: spec.user, password: spec.password ?? fromEnvironment };
  const tls = /[?&]ssl/.test(query) ? spec.tls : database.tls;
  return { ...spec, ...login, tls };
}

function addressOf(spec: MysqlSpec | PostgresSpec): ServerAddress {
  return spec.kind === 'mysql' ? spec.hosts[0] : spec;
}

function sameAddress(one: ServerAddress, other: ServerAddress): boolean {
  return one.host === other.host && one.port === other.port;
}
