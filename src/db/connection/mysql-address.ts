import { Secret } from '../../model/secret.ts';
import {
  type AddressHelp,
  BY_DEFAULT,
  type Fact,
  secretFact,
  type Sourced,
  type SourcedFiles,
  tlsFacts,
  tlsFile,
} from './address-help.ts';
import { type AddressParts, type NamedHost, refuseArguments, type Report } from './address-parts.ts';
import { type OptionFile, optionIn } from './option-file.ts';
import type { MysqlSpec, ServerAddress, TlsPolicy, TlsVerification } from './spec.ts';

const UNSUPPORTED = ['ssl_capath', 'named_pipe', 'defer_connect'];

/** Where PyMySQL looks if an address names a group without a file, and the group if it names a file alone. */
const DEFAULT_FILE = '/etc/my.cnf';
export const DEFAULT_GROUP = 'client';

/** The option file that belongs to an address. */
export interface NamedOptionFile {
  /** As it is named, before a container's root is considered. */
  readonly path: string;
  readonly group: string;
}

/** Says which option file an address refers to (PyMySQL's connections.py 1.0.2, and our own --defaults-file). */
export function optionFileOf(
  query: ReadonlyMap<string, string>,
  { defaultsFile }: AddressHelp,
): NamedOptionFile | null {
  const group = query.get('read_default_group') || null;
  const path = defaultsFile ?? (query.get('read_default_file') || null) ?? (group === null ? null : DEFAULT_FILE);
  return path === null ? null : { path, group: group ?? DEFAULT_GROUP };
}

interface Context {
  /** Where the address was given. */
  readonly place: string;
  readonly help: AddressHelp;
  /** What was read of `optionFileOf`; null where there is none, or it is not on this machine. */
  readonly file: { readonly content: OptionFile; readonly group: string } | null;
}

/**
 * Reads the parts as PyMySQL and mysqlclient do. Their other arguments (charset, plugin, binary_prefix, read_timeout,
 * …) tune a Python driver and are accepted without effect: this tool always speaks utf8mb4. An option file supplies
 * what the address leaves out, as with PyMySQL; of its keys those count that PyMySQL reads.
 */
export function mysqlSpec(
  parts: AddressParts,
  { place, help, file }: Context,
  report: Report,
): { readonly spec: MysqlSpec; readonly facts: readonly Fact[] } {
  const advice = 'put user, password, host and TLS files (ssl_ca, ssl_cert, ssl_key) into the address';
  refuseArguments(parts, UNSUPPORTED, advice, report);
  const inFile = (key: string): Sourced<string> | null => {
    const found = file === null ? null : optionIn(file.content, file.group, key);
    return found === null || found.value === '' ? null : { value: found.value, source: found.place };
  };
  const here = (value: string | null | undefined): Sourced<string> | null => (value ? { value, source: place } : null);

  const database = here(parts.database) ?? inFile('database');
  if (database === null) {
    const inAddress = 'end the address with /DATABASE';
    const otherwise = file === null ? '' : `, or write database=NAME below [${file.group}] of the option file`;
    report('a database name after the host', 'none', `${inAddress}${otherwise}`);
  }
  const [first = { host: null, port: null }, ...others] = parts.hosts;
  const host = here(first.host) ?? inFile('host');
  const port = first.port === null ? readPort(inFile('port'), report) : { value: first.port, source: place };
  const socket = here(parts.query.get('unix_socket')) ?? inFile('socket');
  const user = here(parts.user) ?? inFile('user');
  const password = here(parts.password?.reveal()) ?? inFile('password');
  const hosts = [
    { host: host?.value ?? 'localhost', port: port?.value ?? 3306 },
    ...others.map(serverAddress),
  ] as const;

  if (inFile('ssl-capath') !== null && help.tls.caFile === null) {
    report('one file with the certificate of the authority', 'ssl-capath in the option file', 'name it with --tls-ca');
  }
  const caInAddress = here(parts.query.get('ssl_ca'));
  const caInFile = inFile('ssl-ca');
  const files = {
    caFile: tlsFile('caFile', caInAddress ?? caInFile, help),
    certFile: tlsFile('certFile', here(parts.query.get('ssl_cert')) ?? inFile('ssl-cert'), help),
    keyFile: tlsFile('keyFile', here(parts.query.get('ssl_key')) ?? inFile('ssl-key'), help),
  };
  const tls = tlsPolicy(
    parts.query,
    files,
    files.caFile === null ? 'nobody' : caInAddress === null && caInFile !== null ? 'the option file' : 'the address',
  );
  if (tls.kind === 'off' && Object.values(help.tls).some((path) => path !== null)) {
    report(
      'an address that does not forbid TLS',
      'ssl_mode=DISABLED or ssl_disabled',
      'leave out --tls-ca and the like',
    );
  }
  const spec: MysqlSpec = {
    kind: 'mysql',
    hosts: [hosts[0], ...hosts.slice(1)],
    socketPath: socket?.value ?? null,
    user: user?.value ?? null,
    password: password === null ? null : new Secret(password.value),
    database: database?.value ?? '',
    tls,
  };
  const facts: readonly Fact[] = [
    { name: 'engine', value: 'MySQL or MariaDB', source: place },
    ...(socket === null
      ? [
          { name: 'host', value: hosts.map((one) => one.host).join(', '), source: host?.source ?? BY_DEFAULT },
          {
            name: 'port',
            value: hosts.map((one) => one.port).join(', '),
            source: port?.source ?? (parts.hosts.every((one) => one.port === null) ? BY_DEFAULT : place),
          },
        ]
      : [{ name: 'socket', value: socket.value, source: socket.source }]),
    {
      name: 'user',
      value: user?.value ?? 'the name of the user who runs the tool',
      source: user?.source ?? BY_DEFAULT,
    },
    secretFact(password),
    { name: 'database', value: database?.value ?? '', source: database?.source ?? BY_DEFAULT },
    ...tlsFacts(tls, Object.values(files).find((one) => one !== null)?.source ?? place, files),
    ...(file === null ? [] : ignoredFacts(file)),
  ];
  return { spec, facts };
}

function serverAddress({ host, port }: NamedHost): ServerAddress {
  return { host: host ?? 'localhost', port: port ?? 3306 };
}

function readPort(inFile: Sourced<string> | null, report: Report): Sourced<number> | null {
  if (inFile === null) return null;
  const value = Number(inFile.value);
  if (/^\d{1,5}$/u.test(inFile.value) && value >= 1 && value <= 65_535) return { value, source: inFile.source };
  report('a port from 1 to 65535', `something else in ${inFile.source}`, 'correct it');
  return null;
}

/** What PyMySQL reads of an option file. The character set is without effect here. */
const READ = ['user', 'password', 'host', 'database', 'socket', 'port', 'ssl-ca', 'ssl-cert', 'ssl-key'];

/** Names what is not used, because MySQL's own programs would use some of it. */
function ignoredFacts({ content, group }: NonNullable<Context['file']>): readonly Fact[] {
  const keys = [...(content.groups.get(group) ?? [])].filter(([key]) => !READ.includes(key));
  return [
    ...keys.map(([key, { place }]) => ({ name: 'not used', value: key, source: place })),
    ...content.includes.map((place) => ({
      name: 'not used',
      value: '!include (PyMySQL does not follow it)',
      source: place,
    })),
    ...(content.groups.has(group)
      ? []
      : [{ name: 'not used', value: `the file has no group [${group}]`, source: content.path }]),
  ];
}

function tlsPolicy(query: ReadonlyMap<string, string>, files: SourcedFiles, authority: Authority): TlsPolicy {
  const mode = query.get('ssl_mode')?.toUpperCase() ?? null;
  if (mode === 'DISABLED' || isTrue(query.get('ssl_disabled'))) return { kind: 'off' };
  const asked =
    Object.values(files).some((file) => file !== null) ||
    isTrue(query.get('ssl')) ||
    isTrue(query.get('ssl_verify_cert')) ||
    isTrue(query.get('ssl_verify_identity')) ||
    ['REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'].includes(mode ?? '');
  if (!asked) return { kind: 'off' };
  return {
    kind: 'require',
    tls: {
      verify: verification(query, mode, authority),
      caFile: files.caFile?.value ?? null,
      certFile: files.certFile?.value ?? null,
      keyFile: files.keyFile?.value ?? null,
    },
  };
}

/** Who asks for an authority. A path that --tls-ca replaces is still asked for by the place that it stands in. */
type Authority = 'nobody' | 'the address' | 'the option file';

/**
 * How the server's certificate is verified. Without an argument: a private authority signs only its own servers, so its
 * signature is enough (PyMySQL's ssl_ca); a public one signs for everybody, so the name must match as well. PyMySQL
 * compares the name too where the authority comes from an option file. The modes of MySQL's own client keep their
 * meaning: REQUIRED only encrypts.
 */
function verification(query: ReadonlyMap<string, string>, mode: string | null, authority: Authority): TlsVerification {
  const certificate = query.get('ssl_verify_cert');
  const name = query.get('ssl_verify_identity') ?? query.get('ssl_check_hostname');
  if (mode === 'VERIFY_IDENTITY' || isTrue(name)) return 'identity';
  if (mode === 'VERIFY_CA') return 'ca';
  if (mode === 'REQUIRED' && authority === 'nobody' && !isTrue(certificate)) return 'none';
  if (certificate !== undefined && !isTrue(certificate)) return 'none';
  return authority !== 'the address' && certificate === undefined && name === undefined ? 'identity' : 'ca';
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^(?:1|true|yes|on)$/i.test(text);
}
