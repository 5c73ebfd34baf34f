import { homedir } from 'node:os';
import { readBounded } from '../../model/bounded-file.ts';
import { RetypeError, type Problem } from '../../model/error.ts';
import { type AddressHelp, type Fact, hostPath, NO_HELP } from './address-help.ts';
import { type AddressParts, type Report, splitServerAddress } from './address-parts.ts';
import { DEFAULT_GROUP, mysqlSpec, optionFileOf } from './mysql-address.ts';
import { type OptionFile, parseOptionFile } from './option-file.ts';
import { postgresSpec } from './postgres-address.ts';
import type { ConnectionSpec, SqliteSpec } from './spec.ts';

const MYSQL = /^(?:mysql|mariadb)(?:\+\w+)?$/;
const POSTGRES = /^(?:postgresql|postgres)(?:\+\w+)?$/;
const SQLITE = /^sqlite(?:\+\w+)?$/;

const FORMS = 'mysql://USER:PASSWORD@HOST/DATABASE, postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:///PATH';

/** An address, read. */
export interface Address {
  readonly spec: ConnectionSpec;
  /** Each value and where it is set, for people. */
  readonly facts: readonly Fact[];
  /** Option files that were read. */
  readonly files: readonly string[];
  /** What people should know before the tool connects; one line each. */
  readonly remarks: readonly string[];
}

/** Reads a database address, for whoever needs the connection alone; see `readAddress`. */
export function parseDatabaseUrl(text: string, place: string, help: AddressHelp = NO_HELP): ConnectionSpec {
  return readAddress(text, place, help).spec;
}

/**
 * Whether the text of an address holds a password; an option file that it names is not looked at. The scheme may be
 * missing (`USER:PASSWORD@HOST`).
 */
export function holdsPassword(text: string): boolean {
  const whole = /^\s*[A-Za-z][\w+]*:\//.test(text) ? text : `mysql://${text}`;
  const [, scheme = '', rest = ''] = /^\s*([A-Za-z][\w+]*):(.*)$/s.exec(whole) ?? [];
  if (SQLITE.test(scheme.toLowerCase())) return false;
  const { password, query } = splitServerAddress(rest, () => undefined);
  return (password?.reveal() ?? '') !== '' || query.has('password') || query.has('passwd');
}

/**
 * Reads a database address: the URL forms of SQLAlchemy (driver suffixes such as `mysql+pymysql` are accepted and mean
 * nothing here), with its rules for decoding: user, password, database and query arguments are percent-decoded, a
 * SQLite path is taken literally. The option file that an address of MySQL refers to is read, as PyMySQL does.
 *
 * @param place where the address was given, for the message: `--database-url`, `glance-api.conf [database] connection`.
 * @throws RetypeError DATABASE_URL with everything that is wrong. No message repeats more of the address than its
 *   scheme, because any other part may be a misplaced password.
 */
export function readAddress(text: string, place: string, help: AddressHelp): Address {
  const match = /^([A-Za-z][\w+]*):(.*)$/s.exec(text.trim());
  const scheme = match?.[1]?.toLowerCase();
  const rest = match?.[2];
  if (scheme === undefined || rest === undefined) {
    throw refusal({
      place,
      expected: FORMS,
      found: text.trim() === '' ? 'nothing' : 'no scheme; a plain file path is not an address',
      advice: 'for a SQLite file write sqlite:///PATH (four slashes before an absolute path)',
    });
  }
  const problems: Problem[] = [];
  const reportAt: ReportAt = (where) => (expected, found, advice) =>
    void problems.push({ place: where, expected, found, advice });
  const report = reportAt(place);
  const address = SQLITE.test(scheme)
    ? sqliteAddress(rest, place)
    : MYSQL.test(scheme)
      ? mysqlAddress(splitServerAddress(rest, report), place, help, reportAt)
      : POSTGRES.test(scheme)
        ? { ...postgresSpec(splitServerAddress(rest, report), { place, help }, report), files: [], remarks: [] }
        : null;
  if (address === null) {
    throw refusal({
      place,
      expected: FORMS,
      // A scheme longer than any known one is more likely a piece of something else.
      found: scheme.length <= 24 ? `the scheme ${scheme}` : 'an unknown scheme',
      advice: 'name a MySQL, MariaDB, PostgreSQL or SQLite database',
    });
  }
  if (address.spec.kind !== 'mysql' && help.defaultsFile !== null) {
    report('an address of MySQL or MariaDB', 'another engine', 'leave --defaults-file out');
  }
  if (address.spec.kind === 'sqlite' && Object.values(help.tls).some((path) => path !== null)) {
    report('an address of a server', 'a SQLite file', 'leave out --tls-ca, --tls-cert and --tls-key');
  }
  const [first, ...others] = problems;
  if (first !== undefined) throw refusal([first, ...others]);
  return {
    ...address,
    facts: [{ name: 'address', value: maskedAddress(text.trim()), source: place }, ...address.facts],
  };
}

/** Only for an address that was read: one that cannot be read may hold its password anywhere. */
function maskedAddress(text: string): string {
  return text
    .replace(/^([A-Za-z][\w+]*:\/\/[^:/]*):[^@]*@/s, '$1:***@')
    .replaceAll(/([?&][^=&]*pass[^=&]*=)[^&]*/giu, '$1***');
}

/** Notes problems of one place. */
type ReportAt = (place: string) => Report;

function mysqlAddress(parts: AddressParts, place: string, help: AddressHelp, reportAt: ReportAt): Address {
  const report = reportAt(place);
  const named = optionFileOf(parts.query, help);
  if (named === null) return { ...mysqlSpec(parts, { place, help, file: null }, report), files: [], remarks: [] };
  const content = openOptionFile(named.path, help, reportAt);
  const file = content === null ? null : { content, group: groupIn(content, named.group, help, reportAt) };
  const absent = `${named.path}, which the database address names, is not on this machine, so nothing is taken from it (PyMySQL does the same). If it is inside Glance's container, name a copy with --defaults-file`;
  return {
    ...mysqlSpec(parts, { place, help, file }, report),
    files: content === null ? [] : [content.path],
    remarks: content === null ? [absent] : [],
  };
}

/** A file that an operator names has [client] at least, as for MySQL's own programs; one without would say nothing. */
function groupIn({ groups, path }: OptionFile, named: string, { defaultsFile }: AddressHelp, at: ReportAt): string {
  if (defaultsFile === null || groups.has(named)) return named;
  if (groups.size > 0 && !groups.has(DEFAULT_GROUP)) {
    at(`--defaults-file ${path}`)(
      `the group ${[...new Set([named, DEFAULT_GROUP])].map((group) => `[${group}]`).join(' or ')}`,
      'other groups alone',
      'put user, password and the like below [client]',
    );
  }
  return DEFAULT_GROUP;
}

/** Bytes of an option file, inclusive. */
const LONGEST_OPTION_FILE = 1024 * 1024;

/**
 * @returns null where the file that an address names is not there. PyMySQL goes on without it. It also goes on without
 *   a file that it may not read; but Glance's user may read it, so that is reported.
 */
function openOptionFile(named: string, help: AddressHelp, reportAt: ReportAt): OptionFile | null {
  const given = named === help.defaultsFile;
  const home = named.startsWith('~/') ? `${homedir()}${named.slice(1)}` : named;
  const path = given ? home : hostPath(home, help.root);
  let bytes: Buffer;
  try {
    bytes = readBounded(path, LONGEST_OPTION_FILE);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !given) return null;
    const advice =
      code === 'EACCES' || code === 'EPERM'
        ? 'run glance-retype with sudo, or as a user who may read it'
        : 'check the path';
    reportAt(`${given ? '--defaults-file' : 'read_default_file'} ${path}`)(
      'a readable option file of MySQL (my.cnf)',
      code ?? 'an unreadable file',
      advice,
    );
    return parseOptionFile('', path);
  }
  const file = parseOptionFile(bytes.toString('utf8'), path);
  for (const stray of file.strays) {
    reportAt(stray)('a [group] before the first key', 'a key', 'put [client] above it; PyMySQL refuses the file too');
  }
  return file;
}

function sqliteAddress(rest: string, place: string): Address {
  const spec = sqliteSpec(rest, place);
  const facts = [
    { name: 'engine', value: 'SQLite', source: place },
    { name: 'file', value: spec.path, source: place },
  ];
  return { spec, facts, files: [], remarks: [] };
}

function sqliteSpec(rest: string, place: string): SqliteSpec {
  const [path = ''] = (rest.startsWith('//') ? rest.slice(2).replace(/^\//, '') : rest).split('?');
  const inMemory = path === '' || path === ':memory:';
  if (inMemory || path.startsWith('file:') || (rest.startsWith('//') && !rest.startsWith('///'))) {
    throw refusal({
      place,
      expected: 'sqlite:///PATH (relative) or sqlite:////PATH (absolute)',
      found: inMemory ? 'no file, or an in-memory database' : 'another form of sqlite address',
      advice: 'name the file that holds the Glance database',
    });
  }
  return { kind: 'sqlite', path };
}

function refusal(problems: Problem | readonly [Problem, ...Problem[]]): RetypeError {
  return new RetypeError('DATABASE_URL', problems);
}
