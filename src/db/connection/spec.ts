import type { Secret } from '../../model/secret.ts';

/**
 * How a server's certificate is verified. `none`: not at all; `ca`: signed by a known authority; `identity`: and its
 * name matches.
 */
export type TlsVerification = 'none' | 'ca' | 'identity';

export interface TlsSpec {
  readonly verify: TlsVerification;
  /** PEM files; null where not given. */
  readonly caFile: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
}

/** `prefer` encrypts where the server can and goes on in clear text where it cannot (libpq's default). */
export type TlsPolicy =
  | { readonly kind: 'off' }
  | { readonly kind: 'prefer'; readonly tls: TlsSpec }
  | { readonly kind: 'require'; readonly tls: TlsSpec };

export interface ServerAddress {
  /** Name or address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

interface ServerSpec {
  /** Unix socket: the socket file for MySQL, the directory for PostgreSQL. */
  readonly socketPath: string | null;
  /** null: the operating system's user name. */
  readonly user: string | null;
  readonly password: Secret | null;
  readonly database: string;
  readonly tls: TlsPolicy;
}

/** MySQL and MariaDB. */
export interface MysqlSpec extends ServerSpec {
  readonly kind: 'mysql';
  /** Nodes of one cluster, tried in this order. Unused where `socketPath` is given. */
  readonly hosts: readonly [ServerAddress, ...ServerAddress[]];
}

export interface PostgresSpec extends ServerSpec, ServerAddress {
  readonly kind: 'postgres';
  /** libpq's `options`, for example `-csearch_path=glance`; null where not given. */
  readonly options: string | null;
}

export interface SqliteSpec {
  readonly kind: 'sqlite';
  /** As written: relative to the working directory, or absolute. */
  readonly path: string;
}

/** Everything a database address says, checked. Prints without the password. */
export type ConnectionSpec = MysqlSpec | PostgresSpec | SqliteSpec;
