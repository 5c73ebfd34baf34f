import type { Argv } from 'yargs';

import type { ConnectionSpec } from '../../db/connection/spec.ts';
import { parseDatabaseUrl } from '../../db/connection/url.ts';
import { glanceDatabaseUrl, readGlanceConf } from '../../glance/conf/glance-conf.ts';
import { RetypeError } from '../../model/error.ts';
import { type Given, GROUPS, REPEATABLE } from './kinds.ts';
import { shellWord } from '../../report/words/shell-word.ts';

const DATABASE_VARIABLE = 'GLANCE_RETYPE_DATABASE_URL';

/** Adds the options that name the database; there is none for a password alone. */
export function databaseOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('database-url', {
      group: GROUPS.database,
      type: 'string',
      requiresArg: true,
      describe: `mysql://, mariadb://, postgresql:// or sqlite:///FILE; SQLAlchemy's spelling (mysql+pymysql://) works too (default: the environment variable ${DATABASE_VARIABLE})`,
    })
    .option('glance-conf', {
      group: GROUPS.database,
      ...REPEATABLE,
      describe:
        'glance-api.conf, or a directory of *.conf files; repeatable: files are read in order, as oslo.config does',
    })
    .conflicts('database-url', 'glance-conf');
}

export type GivenDatabase = Given<typeof databaseOptions>;

/** Whether a database was named in any way. */
export function isDatabaseNamed({ databaseUrl, glanceConf }: GivenDatabase, environment: NodeJS.ProcessEnv): boolean {
  return databaseUrl !== undefined || (glanceConf ?? []).length > 0 || (environment[DATABASE_VARIABLE] ?? '') !== '';
}

/**
 * Finds out which database is meant: the option, else Glance's own configuration, else the environment.
 * @throws RetypeError DATABASE_URL, GLANCE_CONF.
 */
export function databaseSpec(
  { databaseUrl, glanceConf = [] }: GivenDatabase,
  environment: NodeJS.ProcessEnv,
): ConnectionSpec {
  if (databaseUrl !== undefined) return parseDatabaseUrl(databaseUrl, '--database-url');
  if (glanceConf.length > 0) {
    const { url, place } = glanceDatabaseUrl(readGlanceConf(glanceConf));
    return parseDatabaseUrl(url, place);
  }
  const fromEnvironment = environment[DATABASE_VARIABLE];
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    return parseDatabaseUrl(fromEnvironment, DATABASE_VARIABLE);
  }
  throw new RetypeError('DATABASE_URL', [
    {
      place: 'the command line',
      expected: `--database-url URL, --glance-conf FILE, or ${DATABASE_VARIABLE} in the environment`,
      found: 'none of them',
      advice: 'on a Glance node, try --glance-conf /etc/glance/glance-api.conf',
    },
  ]);
}

/** Shown in place of an address that holds a password. */
const HIDDEN_ADDRESS = ' --database-url ADDRESS';

/**
 * Repeats the options that name the database, for commands that are suggested. An address is repeated only if it has
 * neither a password nor parameters, which may hold one. An address from the environment is there for the next
 * command too.
 */
export function commandTail({ databaseUrl, glanceConf = [] }: GivenDatabase): string {
  if (databaseUrl !== undefined) {
    const spec = parseDatabaseUrl(databaseUrl, '--database-url');
    const open = !databaseUrl.includes('?') && (spec.kind === 'sqlite' || spec.password === null);
    return open ? ` --database-url ${shellWord(databaseUrl)}` : HIDDEN_ADDRESS;
  }
  return glanceConf.map((file) => ` --glance-conf ${shellWord(file)}`).join('');
}
