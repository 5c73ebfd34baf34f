import type { Argv } from 'yargs';

import type { AddressHelp } from '../../db/connection/address-help.ts';
import type { ConnectionSpec } from '../../db/connection/spec.ts';
import { type Address, holdsPassword, readAddress } from '../../db/connection/url.ts';
import { environmentName } from '../../glance/conf/conf-options.ts';
import { type GlanceConf, glanceDatabaseUrl, readGlanceConf } from '../../glance/conf/glance-conf.ts';
import { containerRoot, type Place } from '../../glance/conf/places.ts';
import { RetypeError } from '../../model/error.ts';
import type { RunEvent } from '../../model/event.ts';
import { shellWord } from '../../report/words/shell-word.ts';
import { say } from '../log/log.ts';
import { confOptions, type ConfSearch, findConf, namedConf, surroundings, type Surroundings } from './conf-layers.ts';
import { type Given, GROUPS } from './kinds.ts';

const DATABASE_VARIABLE = 'GLANCE_RETYPE_DATABASE_URL';

/** Adds the options that name the database; there is none for a password alone. */
export function databaseOptions<T>(yargs: Argv<T>) {
  return confOptions(
    yargs.option('database-url', {
      group: GROUPS.database,
      type: 'string',
      requiresArg: true,
      describe: `mysql://, mariadb://, postgresql:// or sqlite:///FILE; SQLAlchemy's spelling (mysql+pymysql://) works too (default: the environment variable ${DATABASE_VARIABLE})`,
    }),
  )
    .option('defaults-file', {
      group: GROUPS.database,
      type: 'string',
      requiresArg: true,
      describe:
        "MySQL option file (my.cnf) for what the address leaves out, such as user and password: group [client], or the address' read_default_group; replaces read_default_file",
    })
    .option('tls-ca', tlsFile('the certificate of the authority'))
    .option('tls-cert', tlsFile("the client's certificate"))
    .option('tls-key', tlsFile("the client's key"))
    .option('show-config', {
      group: GROUPS.database,
      type: 'boolean',
      describe: 'print each value and where it is set, without passwords, and end without connecting',
    })
    .conflicts('database-url', ['glance-conf', 'config-file', 'config-dir']);
}

function tlsFile(what: string) {
  return {
    group: GROUPS.database,
    type: 'string',
    requiresArg: true,
    describe: `PEM file with ${what}, in place of a path that is valid only inside Glance's container`,
  } as const;
}

export type GivenDatabase = Given<typeof databaseOptions>;

/** Whether an option or GLANCE_RETYPE_DATABASE_URL names a database. */
export function isDatabaseNamed(given: GivenDatabase, environment: NodeJS.ProcessEnv): boolean {
  return isDatabaseTyped(given) || (environment[DATABASE_VARIABLE] ?? '') !== '';
}

/** Whether an option names a database. */
export function isDatabaseTyped(given: GivenDatabase): boolean {
  return (
    given.databaseUrl !== undefined ||
    given.defaultsFile !== undefined ||
    [given.configFile, given.configDir, given.glanceConf].some((paths) => (paths ?? []).length > 0)
  );
}

/**
 * Finds out which database is meant, and tells on standard error what was found without being named.
 * @throws RetypeError DATABASE_URL, GLANCE_CONF.
 */
export function databaseSpec(given: GivenDatabase, environment: NodeJS.ProcessEnv): ConnectionSpec {
  const { address, remarks } = findDatabase(given, surroundings(environment));
  for (const remark of remarks) say(remark);
  return address.spec;
}

/**
 * Lists the files and directories of Glance's configuration that are in force; none where the database is named in
 * another way, or where nothing is found, which `databaseSpec` reports.
 * @throws RetypeError GLANCE_CONF.
 */
export function confInForce(given: GivenDatabase, environment: NodeJS.ProcessEnv): readonly string[] {
  const search = chosenConf(given, surroundings(environment));
  return search === null || search.kind === 'nothing' ? [] : search.paths;
}

/** The database that a command is about, and how it was found. */
export interface FoundDatabase {
  readonly address: Address;
  /** Where the address is set. */
  readonly place: string;
  /** null where the address comes from elsewhere. */
  readonly conf: GlanceConf | null;
  /** For the log, one line each. */
  readonly remarks: readonly Remark[];
}

/** What the operator should know before the tool connects. */
type Remark = Extract<RunEvent, { readonly kind: 'note' | 'warning' }>;

/**
 * Finds out which database is meant. In this order: --database-url; the configuration that options name; the variable
 * GLANCE_RETYPE_DATABASE_URL; the configuration in its usual places; --defaults-file alone. Wherever configuration is
 * read, OS_DATABASE__CONNECTION comes before its files, as with oslo.config.
 *
 * @throws RetypeError DATABASE_URL, GLANCE_CONF.
 */
export function findDatabase(given: GivenDatabase, around: Surroundings): FoundDatabase {
  const search = chosenConf(given, around);
  const { text, place, conf, remarks } = chosenAddress(given, search, around);
  const root = conf?.files.map(containerRoot).find((path) => path !== null) ?? null;
  const address = readAddress(text, place, helpOf(given, root));
  const notes = [...remarks, ...address.remarks].map((text): Remark => ({ kind: 'note', text }));
  return { address, place, conf, remarks: [...exposed(given), ...notes] };
}

interface ChosenAddress extends Pick<FoundDatabase, 'place' | 'conf'> {
  readonly text: string;
  readonly remarks: readonly string[];
}

function chosenAddress(given: GivenDatabase, search: ConfSearch | null, { environment }: Surroundings): ChosenAddress {
  const without = { conf: null, remarks: [] };
  if (given.databaseUrl !== undefined) return { text: given.databaseUrl, place: '--database-url', ...without };
  if (search === null) return { text: environment[DATABASE_VARIABLE] ?? '', place: DATABASE_VARIABLE, ...without };
  if (search.kind === 'nothing' && (environment[CONNECTION_VARIABLE] ?? '') === '') {
    const [first, ...rest] = search.problems;
    if (first !== undefined) throw new RetypeError('GLANCE_CONF', [first, ...rest]);
    if (given.defaultsFile === undefined) throw nothingFound(search);
    return { text: 'mysql://', place: '--defaults-file', ...without };
  }
  const conf = readGlanceConf(search.kind === 'nothing' ? [] : search.paths, environment);
  const { url, place } = glanceDatabaseUrl(conf);
  return { text: url, place, conf, remarks: told(search, conf, place) };
}

const CONNECTION_VARIABLE = environmentName({ section: 'database', key: 'connection' });

/** @returns null where an address is given as such. */
function chosenConf(given: GivenDatabase, around: Surroundings): ConfSearch | null {
  if (given.databaseUrl !== undefined) return null;
  const named = namedConf(given, around.words).length > 0;
  if (!named && (around.environment[DATABASE_VARIABLE] ?? '') !== '') return null;
  return findConf(given, around);
}

/**
 * What the options say about every address of the command.
 *
 * @param root of the container that the address comes from.
 */
export function helpOf(given: GivenDatabase, root: string | null): AddressHelp {
  return {
    defaultsFile: given.defaultsFile ?? null,
    tls: { caFile: given.tlsCa ?? null, certFile: given.tlsCert ?? null, keyFile: given.tlsKey ?? null },
    root,
  };
}

/** Says what is used although no option names it. */
function told(search: ConfSearch, conf: GlanceConf, place: string): readonly string[] {
  const byVariable = place.startsWith(CONNECTION_VARIABLE);
  if (search.kind === 'named') {
    return byVariable ? [`the database is that of ${place}, which comes before ${conf.files.join(', ')}`] : [];
  }
  const files = conf.files.length === 0 ? '' : `found ${conf.files.join(', ')}; `;
  return [`${files}the database is that of ${place} (--show-config prints each value)`];
}

function exposed(given: GivenDatabase & GivenAddresses): readonly Remark[] {
  const typed = [
    ...single(given.databaseUrl).map((url) => ['--database-url', url] as const),
    ...(given.compareNode ?? []).map((url) => ['--compare-node', url] as const),
    ...(given.replica ?? []).map((url) => ['--replica', url] as const),
    ...single(given.scratchUrl).map((url) => ['--scratch-url', url] as const),
  ];
  const [option] = typed.find(([, url]) => holdsPassword(url)) ?? [];
  return option === undefined
    ? []
    : [
        {
          kind: 'warning',
          text: `warning: other users of this machine can see the password in ${option} (ps); give it by ${DATABASE_VARIABLE}, --config-file or --defaults-file`,
        },
      ];
}

/** Options of single commands that take an address. */
interface GivenAddresses {
  readonly compareNode?: readonly string[] | undefined;
  readonly replica?: readonly string[] | undefined;
  readonly scratchUrl?: string | undefined;
}

function single(url: string | undefined): readonly string[] {
  return url === undefined ? [] : [url];
}

function nothingFound({ looked, seen }: Extract<ConfSearch, { readonly kind: 'nothing' }>): RetypeError {
  const where = looked.map(({ owner, layers }) => `${owner}: ${directoriesOf(layers).join(', ')}`).join('; ');
  const without = seen.length === 0 ? '' : `; these files name no database: ${seen.join(', ')}`;
  return new RetypeError('DATABASE_URL', {
    place: 'the command line',
    expected: `--database-url URL, --config-file FILE, or ${DATABASE_VARIABLE} in the environment`,
    found: `none of them, and no Glance configuration in its usual places (${where})${without}`,
    advice: "name Glance's configuration: --config-file /PATH/glance-api.conf",
  });
}

function directoriesOf(layers: Place['layers']): readonly string[] {
  return [...new Set(layers.flat().map((path) => path.replace(/\/[^/]*$/u, '')))];
}

/** Shown in place of an address that holds a password. */
const HIDDEN_ADDRESS = ' --database-url ADDRESS';

/**
 * Repeats the options that name the database, for commands that are suggested. An address is repeated only if it has
 * neither a password nor parameters, which may hold one. An address from the environment is there for the next
 * command too, and so is a file that was found without being named.
 */
export function commandTail(given: GivenDatabase): string {
  const conf = namedConf(given, surroundings({}).words).map(({ option, path }) => ` --${option} ${shellWord(path)}`);
  const files = [
    ['--defaults-file', given.defaultsFile],
    ['--tls-ca', given.tlsCa],
    ['--tls-cert', given.tlsCert],
    ['--tls-key', given.tlsKey],
  ].flatMap(([option, path]) => (path === undefined ? [] : [` ${option} ${shellWord(path)}`]));
  return [addressTail(given.databaseUrl), ...conf, ...files].join('');
}

function addressTail(databaseUrl: string | undefined): string {
  if (databaseUrl === undefined) return '';
  return databaseUrl.includes('?') || holdsPassword(databaseUrl)
    ? HIDDEN_ADDRESS
    : ` --database-url ${shellWord(databaseUrl)}`;
}
