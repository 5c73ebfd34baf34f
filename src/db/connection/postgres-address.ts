import { type AddressParts, refuseArguments, type Report } from './address-parts.ts';
import type { PostgresSpec, TlsPolicy } from './spec.ts';

const UNSUPPORTED = ['service', 'servicefile', 'passfile', 'hostaddr', 'krbsrvname', 'sslcrl', 'sslpassword'];

/** Reads the parts as libpq does; arguments that only tune a driver are accepted without effect. */
export function postgresSpec(parts: AddressParts, report: Report): PostgresSpec {
  refuseArguments(parts, UNSUPPORTED, 'put user, password and host into the address', report);
  const database = parts.database ?? parts.query.get('dbname') ?? null;
  if (database === null) report('a database name after the host', 'none', 'end the address with /DATABASE');

  const [named, ...others] = parts.hosts;
  const host = named?.host ?? parts.query.get('host') ?? 'localhost';
  const port = named?.port ?? Number(parts.query.get('port') ?? 5432);
  if (others.length > 0) report('one host', 'a list of hosts', 'name the primary');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    report('a port from 1 to 65535', 'something else in the argument port', 'correct it');
  }
  return {
    kind: 'postgres',
    host,
    port,
    socketPath: host.startsWith('/') ? host : null,
    user: parts.user ?? parts.query.get('user') ?? null,
    password: parts.password,
    database: database ?? '',
    tls: host.startsWith('/') ? { kind: 'off' } : tlsPolicy(parts.query, report),
    options: parts.query.get('options') ?? null,
  };
}

function tlsPolicy(query: ReadonlyMap<string, string>, report: Report): TlsPolicy {
  const caFile = query.get('sslrootcert') ?? null;
  const files = { caFile, certFile: query.get('sslcert') ?? null, keyFile: query.get('sslkey') ?? null };
  const mode = query.get('sslmode') ?? 'prefer';
  switch (mode) {
    case 'disable':
      return { kind: 'off' };
    case 'allow':
    case 'prefer':
      return { kind: 'prefer', tls: { verify: 'none', ...files } };
    case 'require':
      // libpq: require with an authority at hand verifies like verify-ca.
      return { kind: 'require', tls: { verify: caFile === null ? 'none' : 'ca', ...files } };
    case 'verify-ca':
      return { kind: 'require', tls: { verify: 'ca', ...files } };
    case 'verify-full':
      return { kind: 'require', tls: { verify: 'identity', ...files } };
    default:
      report(
        'sslmode disable, allow, prefer, require, verify-ca or verify-full',
        'another word',
        'correct the argument sslmode',
      );
      return { kind: 'off' };
  }
}
