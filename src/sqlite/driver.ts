import { createRequire } from 'node:module';

import type BetterSqlite3 from 'better-sqlite3';

import { RetypeError } from '../model/error.ts';
import { shippedFile } from '../model/shipped-file.ts';

export type Sqlite = typeof BetterSqlite3;
export type SqliteConnection = BetterSqlite3.Database;

export type FoundSqlite =
  | { readonly kind: 'found'; readonly sqlite: Sqlite }
  /** `why`: a clause without a full stop, for the operator. */
  | { readonly kind: 'missing'; readonly why: string };

let found: FoundSqlite | null = null;

/**
 * Looks for better-sqlite3, which an installation may lack: it is native code, and where no ready-made build can be
 * downloaded it takes a compiler. Node looks in the `node_modules` beside and above the program, then in NODE_PATH. The
 * working directory is not searched, because code from there would run with the operator's rights.
 */
export function findSqlite(): FoundSqlite {
  found ??= findSqliteFrom(import.meta.url);
  return found;
}

/** Looks as `findSqlite` does, on behalf of the module with the URL or path `place`. */
export function findSqliteFrom(place: string): FoundSqlite {
  const load = createRequire(place);
  try {
    load.resolve('better-sqlite3');
  } catch {
    return { kind: 'missing', why: 'better-sqlite3 is not installed' };
  }
  try {
    const sqlite = load('better-sqlite3') as Sqlite;
    // The library loads its native part with the first database.
    new sqlite(':memory:').close();
    return { kind: 'found', sqlite };
  } catch (error) {
    // Its first line; the library `bindings` goes on with every place that it tried.
    const [said = ''] = (error instanceof Error ? error.message : String(error)).split(/(?:\. Tried:)?\n/);
    return { kind: 'missing', why: `better-sqlite3 is installed, but its native part does not load (${said})` };
  }
}

/**
 * Returns better-sqlite3, or says what cannot be done without it.
 *
 * @param place what needs it: a file, a command.
 * @throws RetypeError SQLITE_UNAVAILABLE.
 */
export function requireSqlite(place: string): Sqlite {
  const looked = findSqlite();
  if (looked.kind === 'found') return looked.sqlite;
  throw new RetypeError('SQLITE_UNAVAILABLE', {
    place,
    expected: 'the library better-sqlite3, which reads and writes SQLite files',
    found: looked.why,
    advice:
      `npm install --prefix DIRECTORY better-sqlite3@${testedVersion()} and export NODE_PATH=DIRECTORY/node_modules; ` +
      'docs/installation.md says how without a network. MariaDB, MySQL and PostgreSQL do not need it',
  });
}

/** The version of better-sqlite3 that the tests run with. */
function testedVersion(): string {
  const { optionalDependencies } = JSON.parse(shippedFile('package.json')) as {
    readonly optionalDependencies: { readonly 'better-sqlite3': string };
  };
  return optionalDependencies['better-sqlite3'];
}

/** Tells an error of SQLite from a mistake in this program. */
export function isSqliteError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && error.constructor.name === 'SqliteError';
}
