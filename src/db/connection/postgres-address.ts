import {
  type AddressHelp,
  BY_DEFAULT,
  type Fact,
  secretFact,
  type SourcedFiles,
  tlsFacts,
  tlsFile,
  type TlsFiles,
} from './address-help.ts';
import { type AddressParts, refuseArguments, type Report } from './address-parts.ts';
import type { PostgresSpec, TlsPolicy } from './spec.ts';

const UNSUPPORTED = ['service', 'servicefile', 'passfile', 'hostaddr', 'krbsrvname', 'sslcrl', 'sslpassword'];

/** Reads the parts as libpq does; arguments that only tune a driver are accepted without effect. */
export function postgresSpec(
  parts: AddressParts,
  { place, help }: { readonly place: string; readonly help: AddressHelp },
  report: Report,
): { readonly spec: PostgresSpec; readonly facts: readonly Fact[] } {
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
  const socketPath = host.startsWith('/') ? host : null;
  const inAddress = (name: string) => {
    const value = parts.query.get(name);
    return value === undefined ? null : { value, source: place };
  };
  const files = {
    caFile: tlsFile('caFile', inAddress('sslrootcert'), help),
    certFile: tlsFile('certFile', inAddress('sslcert'), help),
    keyFile: tlsFile('keyFile', inAddress('sslkey'), help),
  };
  const tls: TlsPolicy = socketPath === null ? tlsPolicy(parts.query, files, help.tls, report) : { kind: 'off' };
  if (tls.kind === 'off' && Object.values(help.tls).some((path) => path !== null)) {
    report('an address with TLS', 'sslmode=disable, or a Unix socket', 'leave out --tls-ca and the like');
  }
  const user = parts.user ?? parts.query.get('user') ?? null;
  const here = (value: unknown): string => (value === null || value === undefined ? BY_DEFAULT : place);
  const spec: PostgresSpec = {
    kind: 'postgres',
    host,
    port,
    socketPath,
    user,
    password: parts.password,
    database: database ?? '',
    tls,
    options: parts.query.get('options') ?? null,
  };
  const facts: readonly Fact[] = [
    { name: 'engine', value: 'PostgreSQL', source: place },
    {
      name: socketPath === null ? 'host' : 'socket',
      value: host,
      source: here(named?.host ?? parts.query.get('host')),
    },
    { name: 'port', value: String(port), source: here(named?.port ?? parts.query.get('port')) },
    { name: 'user', value: user ?? 'the name of the user who runs the tool', source: here(user) },
    secretFact(parts.password === null ? null : { value: parts.password, source: place }),
    { name: 'database', value: database ?? '', source: place },
    ...tlsFacts(tls, parts.query.has('sslmode') ? place : (files.caFile?.source ?? BY_DEFAULT), files),
  ];
  return { spec, facts };
}

function tlsPolicy(
  query: ReadonlyMap<string, string>,
  named: SourcedFiles,
  given: TlsFiles,
  report: Report,
): TlsPolicy {
  const caFile = named.caFile?.value ?? null;
  const files = { caFile, certFile: named.certFile?.value ?? null, keyFile: named.keyFile?.value ?? null };
  // Whoever names an authority on the command line wants the server to prove itself.
  const mode = query.get('sslmode') ?? (given.caFile === null ? 'prefer' : 'verify-ca');
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
