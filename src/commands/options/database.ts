import type { Argv } from 'yargs';

import type { ConnectionSpec } from '../../db/connection/spec.ts';
import { parseDatabaseUrl } from '../../db/connection/url.ts';
import { glanceDatabaseUrl, readGlanceConf } from '../../glance/conf/glance-conf.ts';
import { RetypeError } from '../../model/error.ts';
import { shellWord } from '../../report/words/shell-word.ts';

const DATABASE_VARIABLE = 'GLANCE_RETYPE_DATABASE_URL';

export interface DatabaseOptions {
  readonly 'database-url': string | undefined;
  readonly 'glance-conf': readonly string[] | undefined;
}

/** The options that name the database; there is none for a password alone. */
export function databaseOptions(yargs: Argv): Argv {
  return yargs
    .option('database-url', {
      type: 'string',
      requiresArg: true,
      describe: `mysql://, mariadb://, postgresql:// or sqlite:///FILE, also in SQLAlchemy's spelling (mysql+pymysql://); default: ${DATABASE_VARIABLE}`,
    })
    .option('glance-conf', {
      type: 'string',
      array: true,
      nargs: 1,
      requiresArg: true,
      describe: 'glance-api.conf, or a directory of *.conf; several are read in order, as oslo.config does',
    });
}

/** Whether a database was named in any way, for commands that can do without one. */
export function isDatabaseNamed(
  options: { readonly databaseUrl?: string | undefined; readonly glanceConf?: readonly string[] | undefined },
  environment: NodeJS.ProcessEnv,
): boolean {
  const { databaseUrl, glanceConf } = options;
  return databaseUrl !== undefined || (glanceConf ?? []).length > 0 || (environment[DATABASE_VARIABLE] ?? '') !== '';
}

/**
 * Finds out which database is meant: the option, else Glance's own configuration, else the environment.
 * @throws RetypeError DATABASE_URL, GLANCE_CONF; USAGE when two options name one each.
 */
export function databaseSpec(
  options: { readonly databaseUrl?: string | undefined; readonly glanceConf?: readonly string[] | undefined },
  environment: NodeJS.ProcessEnv,
): ConnectionSpec {
  const files = options.glanceConf ?? [];
  if (options.databaseUrl !== undefined && files.length > 0) {
    throw new RetypeError('USAGE', [
      {
        place: '--database-url and --glance-conf',
        expected: 'one of them',
        found: 'both',
        advice: 'leave one out, so that there is no doubt which database is meant',
      },
    ]);
  }
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

/** Stands for an address that holds a password. */
const HIDDEN_ADDRESS = ' --database-url ADDRESS';

/**
 * How the database was named, to be repeated in the commands that are suggested. An address is repeated only where it has no
 * password and no parameters, which may hold one; what came from the environment is there for the next command too.
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
