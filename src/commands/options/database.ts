import type { Argv } from 'yargs';

import type { ConnectionSpec } from '../../db/connection/spec.ts';
import { parseDatabaseUrl } from '../../db/connection/url.ts';
import { glanceDatabaseUrl, readGlanceConf } from '../../glance/conf/glance-conf.ts';
import { RetypeError } from '../../model/error.ts';
import { GROUPS, REPEATABLE } from './kinds.ts';
import { shellWord } from '../../report/words/shell-word.ts';

const DATABASE_VARIABLE = 'GLANCE_RETYPE_DATABASE_URL';

export interface DatabaseOptions {
  readonly 'database-url': string | undefined;
  readonly 'glance-conf': readonly string[] | undefined;
}

/** Adds the options that name the database; there is none for a password alone. */
export function databaseOptions(yargs: Argv): Argv {
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

/** Whether a database was named in any way. */
export function isDatabaseNamed(
  options: { readonly databaseUrl?: string | undefined; readonly glanceConf?: readonly string[] | undefined },
  environment: NodeJS.ProcessEnv,
): boolean {
  const { databaseUrl, glanceConf } = options;
  return databaseUrl !== undefined || (glanceConf ?? []).length > 0 || (environment[DATABASE_VARIABLE] ?? '') !== '';
}

/**
 * Finds out which database is meant: the option, else Glance's own configuration, else the environment.
 * @throws RetypeError DATABASE_URL, GLANCE_CONF.
 */
export function databaseSpec(
  options: { readonly databaseUrl?: string | undefined; readonly glanceConf?: readonly string[] | undefined },
  environment: NodeJS.ProcessEnv,
): ConnectionSpec {
  const files = options.glanceConf ?? [];
  if (options.databaseUrl !== undefined) {
    return parseDatabaseUrl(options.databaseUrl, '--database-url');
  }
  if (files.length > 0) {
    const { url, place } = glanceDatabaseUrl(readGlanceConf(files));
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
 * Repeats the options that name the database, for commands that are suggested. An address is repeated only if it has neither
 * a password nor parameters, which may hold one. An address from the environment is there for the next command too.
 */
export function commandTail(options: {
  readonly databaseUrl?: string | undefined;
  readonly glanceConf?: readonly string[] | undefined;
}): string {
  const { databaseUrl } = options;
  if (databaseUrl !== undefined) {
    const spec = parseDatabaseUrl(databaseUrl, '--database-url');
    const open = !databaseUrl.includes('?') && (spec.kind === 'sqlite' || spec.password === null);
    return open ? ` --database-url ${shellWord(databaseUrl)}` : HIDDEN_ADDRESS;
  }
  return (options.glanceConf ?? []).map((file) => ` --glance-conf ${shellWord(file)}`).join('');
}
