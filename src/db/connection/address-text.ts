import type { ConnectionSpec, MysqlSpec, PostgresSpec, ServerAddress, TlsPolicy } from './spec.ts';

/**
 * Writes an address that `parseDatabaseUrl` reads as the same specification. It holds the password: for the environment
 * of a child process, never for a command line or an output.
 */
export function addressText(spec: ConnectionSpec): string {
  switch (spec.kind) {
    case 'sqlite':
      return `sqlite:///${spec.path}`;
    case 'mysql':
      return serverText('mysql', spec, spec.hosts.map(hostText).join(','), {
        unix_socket: spec.socketPath,
        ...mysqlTls(spec.tls),
      });
    case 'postgres':
      return spec.socketPath === null
        ? serverText('postgresql', spec, hostText(spec), { options: spec.options, ...postgresTls(spec.tls) })
        : serverText('postgresql', spec, '', { host: spec.host, port: String(spec.port), options: spec.options });
  }
}

function serverText(
  scheme: string,
  { user, password, database }: MysqlSpec | PostgresSpec,
  hosts: string,
  query: Readonly<Record<string, string | null>>,
): string {
  const login = `${encodeURIComponent(user ?? '')}${password === null ? '' : `:${encodeURIComponent(password.reveal())}`}`;
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  const tail = given.length === 0 ? '' : `?${given.join('&')}`;
  return `${scheme}://${login === '' ? '' : `${login}@`}${hosts}/${encodeURIComponent(database)}${tail}`;
}

function hostText({ host, port }: ServerAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

type Query = Readonly<Record<string, string | null>>;

function mysqlTls(policy: TlsPolicy): Query {
  if (policy.kind === 'off') return { ssl_mode: 'DISABLED' };
  const { verify, caFile, certFile, keyFile } = policy.tls;
  const files = { ssl_ca: caFile, ssl_cert: certFile, ssl_key: keyFile };
  if (verify === 'none') return { ssl: 'true', ssl_verify_cert: 'false', ...files };
  return { ssl_mode: verify === 'ca' ? 'VERIFY_CA' : 'VERIFY_IDENTITY', ...files };
}

function postgresTls(policy: TlsPolicy): Query {
  if (policy.kind === 'off') return { sslmode: 'disable' };
  const { verify, caFile, certFile, keyFile } = policy.tls;
  const mode = { none: 'require', ca: 'verify-ca', identity: 'verify-full' }[verify];
  return {
    sslmode: policy.kind === 'prefer' ? 'prefer' : mode,
    sslrootcert: caFile,
    sslcert: certFile,
    sslkey: keyFile,
  };
}
