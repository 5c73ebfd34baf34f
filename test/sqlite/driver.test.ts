import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { findSqlite, findSqliteFrom, isSqliteError, requireSqlite } from '../../src/sqlite/driver.ts';

const MODULES = new URL('../../node_modules/', import.meta.url).pathname;

/** The path of a program in a folder of its own, with the node_modules given as files and their texts. */
function programBeside(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'glance-retype-sqlite-'));
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, 'node_modules', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
  return join(folder, 'program.cjs');
}

describe('the library for SQLite', () => {
  it('is found where it is installed, and opens a database', () => {
    const found = findSqlite();
    expect(found.kind).toBe('found');
    using database = disposable(requireSqlite('a test'));
    expect(database.prepare('SELECT 6 * 7').pluck().get()).toBe(42);
  });

  it('is missing where no package of its name is', () => {
    expect(findSqliteFrom(programBeside({}))).toEqual({ kind: 'missing', why: 'better-sqlite3 is not installed' });
  });

  it('is missing where npm did not run its install script: the package has no native part then', () => {
    const program = programBeside({});
    for (const name of ['better-sqlite3/package.json', 'better-sqlite3/lib', 'bindings', 'file-uri-to-path']) {
      cpSync(join(MODULES, name), join(program, '../node_modules', name), { recursive: true });
    }
    expect(findSqliteFrom(program)).toEqual({
      kind: 'missing',
      why: 'better-sqlite3 is installed, but its native part does not load (Could not locate the bindings file)',
    });
  });

  it('is missing where its native part is for another Node.js, and the first line of what Node says is kept', () => {
    const program = programBeside({
      'better-sqlite3/index.js':
        "module.exports = class { constructor() { throw new Error('ABI 93\\nsecond line'); } };",
    });
    expect(findSqliteFrom(program)).toEqual({
      kind: 'missing',
      why: 'better-sqlite3 is installed, but its native part does not load (ABI 93)',
    });
  });

  it('tells its errors from others', () => {
    using database = disposable(requireSqlite('a test'));
    const thrown = (work: () => unknown): unknown => {
      try {
        return work();
      } catch (error) {
        return error;
      }
    };
    expect(isSqliteError(thrown(() => database.exec('SELECT * FROM nowhere')))).toBe(true);
    expect(isSqliteError(thrown(() => database.prepare('SELECT 1').run('too many')))).toBe(false);
    expect(isSqliteError(new Error('SqliteError'))).toBe(false);
    expect(isSqliteError(null)).toBe(false);
  });
});

function disposable(sqlite: ReturnType<typeof requireSqlite>): InstanceType<typeof sqlite> & Disposable {
  const database = new sqlite(':memory:');
  return Object.assign(database, { [Symbol.dispose]: () => void database.close() });
}
