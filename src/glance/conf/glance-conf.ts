import { type Problem, RetypeError } from '../../model/error.ts';
import { type ConfFiles, type Environment, readConfFiles } from './conf-files.ts';
import { type ConfValue, lookUp, type OptionName } from './conf-options.ts';

/** What is read from a glance-api.conf and the files beside it. */
export interface GlanceConf {
  /** SQLAlchemy's address of the database, with variables substituted. */
  readonly connection: ConfValue<string>;
  /** oslo.db's `connection_parameters`, to be appended to the address; null where not set. */
  readonly connectionParameters: ConfValue<string> | null;
  /** oslo.db's `mysql_wsrep_sync_wait`, a number from 0 to 15; null where not set. */
  readonly syncWait: ConfValue<string> | null;
  /** Files read, in order. */
  readonly files: readonly string[];
}

/** `[database] connection` and the names that oslo.db (options.py, 12.1.0) deprecated, in its order. */
export const CONNECTION: readonly OptionName[] = [
  { section: 'database', key: 'connection' },
  { section: 'DEFAULT', key: 'sql_connection' },
  { section: 'DATABASE', key: 'sql_connection' },
  { section: 'sql', key: 'connection' },
];

const KEYS_LOOKED_AT = CONNECTION.map(({ section, key }) => `[${section}] ${key}`).join(', ');

/**
 * Reads configuration files by the rules of oslo.config: the last file that sets an option under any of its names wins;
 * within one file the current name takes precedence over a deprecated one, and the last of several lines over the
 * others.
 *
 * @param paths files or directories (`*.conf`); later ones take precedence.
 * @throws RetypeError GLANCE_CONF with every problem found; no part of it repeats a value or a line.
 */
export function readGlanceConf(paths: readonly string[], environment: Environment = {}): GlanceConf {
  const read = readConfFiles(paths, environment);
  const problems: Problem[] = [...read.problems];

  const connection = lookUp(read, CONNECTION, problems);
  const connectionParameters = lookUp(read, [{ section: 'database', key: 'connection_parameters' }], problems);
  const syncWait = lookUp(read, [{ section: 'database', key: 'mysql_wsrep_sync_wait' }], problems);
  if (syncWait !== null && syncWait.value !== '' && !/^\d{1,2}$/u.test(syncWait.value.trim())) {
    problems.push({
      place: syncWait.place,
      expected: 'a number from 0 to 15',
      found: 'something else',
      advice: 'correct the value or take the line out',
    });
  }
  // The file that could not be read may be the one that names the database: that is not reported as well.
  if (problems.length === 0 && (connection === null || connection.value.trim() === '')) {
    problems.push(noConnection(read, connection));
  }
  const [first, ...rest] = problems;
  if (first !== undefined) throw new RetypeError('GLANCE_CONF', [first, ...rest]);
  if (connection === null) throw new Error('a missing connection is a problem of its own');

  return {
    connection,
    connectionParameters: connectionParameters?.value ? connectionParameters : null,
    syncWait: syncWait?.value ? syncWait : null,
    files: read.files.map((file) => file.path),
  };
}

/** The database address for `parseDatabaseUrl`, with its place for messages. */
export function glanceDatabaseUrl(conf: GlanceConf): { readonly url: string; readonly place: string } {
  const { value, place } = conf.connection;
  if (conf.connectionParameters === null) return { url: value, place };
  const joint = value.includes('?') ? '&' : '?';
  return { url: `${value}${joint}${conf.connectionParameters.value}`, place };
}

function noConnection(read: ConfFiles, blank: ConfValue<string> | null): Problem {
  const seen = [
    ...read.files.map((file) => file.path),
    ...read.emptyDirectories.map((path) => `${path} (no *.conf in it)`),
  ].join(', ');
  return {
    place: blank?.place ?? (seen === '' ? 'the configuration files' : seen),
    expected: `one of ${KEYS_LOOKED_AT}`,
    found: blank === null ? 'none of them in these files' : 'an empty value',
    advice:
      'name the file that Glance reads its database from as well (it may be in a directory conf.d), or use --database-url',
  };
}
