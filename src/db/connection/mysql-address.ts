import { type AddressParts, type NamedHost, refuseArguments, type Report } from './address-parts.ts';
import type { MysqlSpec, ServerAddress, TlsPolicy, TlsVerification } from './spec.ts';

const UNSUPPORTED = ['read_default_file', 'read_default_group', 'ssl_capath', 'named_pipe', 'defer_connect'];

/**
 * Reads the parts as PyMySQL and mysqlclient do. Their other arguments (charset, plugin, binary_prefix, read_timeout,
 * …) tune a Python driver and are accepted without effect: this tool always speaks utf8mb4.
 */
export function mysqlSpec(parts: AddressParts, report: Report): MysqlSpec {
  const advice = 'put user, password, host and TLS files (ssl_ca, ssl_cert, ssl_key) into the address';
  refuseArguments(parts, UNSUPPORTED, advice, report);
  if (parts.database === null) {
    report('a database name after the host', 'none', 'end the address with /DATABASE');
  }
  const [first = { host: null, port: null }, ...others] = parts.hosts;
  return {
    kind: 'mysql',
    hosts: [serverAddress(first), ...others.map(serverAddress)],
    socketPath: parts.query.get('unix_socket') ?? null,
    user: parts.user,
    password: parts.password,
    database: parts.database ?? '',
    tls: tlsPolicy(parts.query),
  };
}

function serverAddress({ host, port }: NamedHost): ServerAddress {
  return { host: host ?? 'localhost', port: port ?? 3306 };
}

function tlsPolicy(query: ReadonlyMap<string, string>): TlsPolicy {
  const mode = query.get('ssl_mode')?.toUpperCase() ?? null;
  if (mode === 'DISABLED' || isTrue(query.get('ssl_disabled'))) return { kind: 'off' };
  const caFile = query.get('ssl_ca') ?? null;
  const certFile = query.get('ssl_cert') ?? null;
  const keyFile = query.get('ssl_key') ?? null;
  const asked =
    caFile !== null ||
    certFile !== null ||
    isTrue(query.get('ssl')) ||
    isTrue(query.get('ssl_verify_cert')) ||
    isTrue(query.get('ssl_verify_identity')) ||
    ['REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'].includes(mode ?? '');
  if (!asked) return { kind: 'off' };
  return { kind: 'require', tls: { verify: verification(query, mode, caFile), caFile, certFile, keyFile } };
}

/**
 * How the server's certificate is verified. Without an argument: a private authority signs only its own servers, so its
 * signature is enough (PyMySQL's ssl_ca); a public one signs for everybody, so the name must match as well. The modes
 * of MySQL's own client keep their meaning: REQUIRED only encrypts.
 */
function verification(query: ReadonlyMap<string, string>, mode: string | null, caFile: string | null): TlsVerification {
  const certificate = query.get('ssl_verify_cert');
  const name = query.get('ssl_verify_identity') ?? query.get('ssl_check_hostname');
  if (mode === 'VERIFY_IDENTITY' || isTrue(name)) return 'identity';
  if (mode === 'VERIFY_CA') return 'ca';
  if (mode === 'REQUIRED' && caFile === null && !isTrue(certificate)) return 'none';
  if (certificate !== undefined && !isTrue(certificate)) return 'none';
  return caFile === null && certificate === undefined && name === undefined ? 'identity' : 'ca';
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^(?:1|true|yes|on)$/i.test(text);
}
