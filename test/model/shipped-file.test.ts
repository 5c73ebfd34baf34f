import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { sourceFiles } from '../../scripts/floors.ts';
import { shippedFile } from '../../src/model/shipped-file.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

describe('files that the program reads of its own', () => {
  it('are read from the folder of the program', () => {
    expect(shippedFile('config/rules.yaml')).toBe(readFileSync(`${ROOT}config/rules.yaml`, 'utf8'));
    expect(JSON.parse(shippedFile('package.json'))).toMatchObject({ name: 'glance-retype' });
  });

  // The program in one file has no folder: whatever is read from there elsewhere fails in it, and only in it.
  it('are read nowhere else in src', () => {
    const places = sourceFiles()
      .map(({ path }) => path)
      .filter((path) => readFileSync(`${ROOT}${path}`, 'utf8').includes('import.meta'));
    expect(places).toEqual(['src/model/shipped-file.ts', 'src/sqlite/driver.ts']);
  });
});
