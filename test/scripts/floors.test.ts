import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { breaches, circles, importsOf, sourceFiles } from '../../scripts/floors.ts';

const FLOORS = {
  floors: [
    { name: 'model', uses: [], libraries: [] },
    { name: 'db', uses: ['model'], libraries: ['knex'] },
    { name: 'cli.ts', uses: ['model', 'db'], libraries: [] },
  ],
  filesInFolder: 2,
};

const file = (path: string, ...imports: readonly string[]): { path: string; imports: readonly string[] } => ({
  path,
  imports,
});

describe('floors', () => {
  it('hold where every import goes to a floor that is named, and libraries stay on their floor', () => {
    const files = [
      file('src/cli.ts', 'src/db/open.ts', 'src/model/error.ts', 'node:process'),
      file('src/db/open.ts', 'src/model/error.ts', 'knex', 'node:fs'),
      file('src/model/error.ts'),
    ];
    expect(breaches(files, FLOORS)).toEqual([]);
  });

  it('name an import upwards and a library of another floor', () => {
    const files = [file('src/model/error.ts', 'src/db/open.ts', 'knex/types'), file('src/db/open.ts')];
    expect(breaches(files, FLOORS)).toEqual([
      'src/model/error.ts imports src/db/open.ts; model may not use db',
      'src/model/error.ts imports knex, which belongs to another floor',
    ]);
  });

  it('name a folder that is no floor, and a floor that names one above it', () => {
    expect(breaches([file('src/new/a.ts')], FLOORS)).toEqual(['src/new/a.ts: new is no floor of config/floors.json']);
    const upside = { ...FLOORS, floors: [{ name: 'model', uses: ['db'], libraries: [] }] };
    expect(breaches([], upside)).toEqual(['config/floors.json: model names db, which does not stand before it']);
  });

  it('name files and folders that import each other, and a folder with too many files', () => {
    const files = [
      file('src/db/a.ts', 'src/db/b.ts'),
      file('src/db/b.ts', 'src/db/a.ts', 'src/db/mysql/x.ts'),
      file('src/db/c.ts'),
      file('src/db/mysql/x.ts', 'src/db/c.ts'),
    ];
    expect(breaches(files, FLOORS)).toEqual([
      'circle of files: src/db/a.ts, src/db/b.ts',
      'circle of folders: src/db, src/db/mysql',
      'src/db holds 3 files; 2 are the most',
    ]);
  });
});

describe('circles', () => {
  it('are found through several nodes, and a line without a way back is none', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a', 'd']],
      ['d', ['e']],
      ['e', []],
    ]);
    expect(circles(graph)).toEqual([['a', 'b', 'c']]);
  });
});

describe('imports', () => {
  it('are read from every form of import, types too', () => {
    const text = `import a from './a.ts';
import type { B } from '../b/b.ts';
export { c } from './c.ts';
const d = await import('./d.ts');
import 'knex';
`;
    expect(importsOf('src/db/open.ts', text)).toEqual([
      'src/db/a.ts',
      'src/b/b.ts',
      'src/db/c.ts',
      'src/db/d.ts',
      'knex',
    ]);
  });

  it('are found in the product', () => {
    const cli = sourceFiles().find(({ path }) => path === 'src/cli.ts');
    const text = readFileSync(new URL('../../src/cli.ts', import.meta.url), 'utf8');
    expect(cli?.imports.length).toBe(text.match(/^import |\bimport\(/gm)?.length);
    expect(cli?.imports).toEqual(
      expect.arrayContaining(['node:v8', 'src/commands/parser.ts', 'src/model/error-codes.ts']),
    );
  });
});
