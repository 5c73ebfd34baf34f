import type { Argv } from 'yargs';

import { parseDatabaseUrl } from '../../db/connection/url.ts';
import type { ConnectionSpec } from '../../db/connection/spec.ts';
import { type ScratchPlace, scratchPlace } from '../../db/engines/scratch.ts';
import { type Given } from '../options/kinds.ts';
import { usageError } from '../options/usage.ts';

const SCRATCH_VARIABLE = 'GLANCE_RETYPE_SCRATCH_URL';
const GROUP = 'Where to rehearse:';

export function scratchOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('scratch', {
      group: GROUP,
      type: 'string',
      requiresArg: true,
      describe:
        'name of the scratch schema: a database on MariaDB and MySQL, a schema of the same database on PostgreSQL, a file for SQLite; it is made where it is missing, must be empty where it is not, and is dropped at the end (default: DATABASE_rehearsal, FILE.rehearsal)',
    })
    .option('scratch-url', {
      group: GROUP,
      type: 'string',
      requiresArg: true,
      describe: `address of another server for the scratch schema, in the form of --database-url (default: the environment variable ${SCRATCH_VARIABLE}, else the server of the source)`,
    })
    .option('keep-scratch', {
      group: GROUP,
      type: 'boolean',
      describe: 'do not drop the scratch schema, and say how to drop it',
    });
}

/**
 * Where to rehearse what is at `source`.
 * @throws RetypeError USAGE, DATABASE_URL.
 */
export function scratchOf(
  given: Given<typeof scratchOptions>,
  source: ConnectionSpec,
  environment: NodeJS.ProcessEnv,
): ScratchPlace {
  const fromEnvironment = environment[SCRATCH_VARIABLE] ?? '';
  const url = given.scratchUrl ?? (fromEnvironment === '' ? undefined : fromEnvironment);
  if (url === undefined)
    return scratchPlace(source, given.scratch === undefined ? usualName(source) : checked(given.scratch, source));
  const elsewhere = parseDatabaseUrl(url, given.scratchUrl === undefined ? SCRATCH_VARIABLE : '--scratch-url');
  if (elsewhere.kind !== source.kind) {
    throw usageError(
      '--scratch-url',
      `a server of the same kind as the source (${source.kind})`,
      elsewhere.kind,
      'a rehearsal on another kind of server would say nothing of this one',
    );
  }
  if (given.scratch !== undefined) return scratchPlace(elsewhere, checked(given.scratch, elsewhere));
  return scratchPlace(elsewhere, ownName(elsewhere));
}

/** Of an address that was given for the scratch schema alone. */
function ownName(at: ConnectionSpec): string {
  switch (at.kind) {
    case 'mysql':
      return at.database;
    case 'postgres':
      return usualName(at);
    case 'sqlite':
      return at.path;
  }
}

function usualName(source: ConnectionSpec): string {
  if (source.kind === 'sqlite') return `${source.path}.rehearsal`;
  const plain = source.database
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/gu, '_')
    .replace(/^\d/u, '_');
  return `${plain.slice(0, 50)}_rehearsal`;
}

function checked(name: string, at: ConnectionSpec): string {
  if (at.kind === 'sqlite' || /^[a-z_][a-z0-9_]{0,62}$/u.test(name)) return name;
  throw usageError(
    '--scratch',
    'a name of lower-case letters, digits and _, 63 of them at most',
    name,
    'for example --scratch glance_rehearsal',
  );
}
