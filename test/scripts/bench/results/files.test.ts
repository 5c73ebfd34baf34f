import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { readResults, rewriteResults } from '../../../../scripts/bench/results/files.ts';
import { mergeResults } from '../../../../scripts/bench/results/results.ts';
import { engine, waits } from './samples.ts';

const NEIGHBOUR = { images: 1_000, date: '2026-11-28', repeat: 1, load: 0, waits: { idle: [waits(1, 2, 3)] } };

describe('the files of the results', () => {
  it('take in one engine after the other', () => {
    const folder = mkdtempSync(join(inject('temporaryDirectory'), 'results-'));
    rewriteResults((there) => mergeResults(there, 'sqlite', engine('SQLite 3', { neighbour: NEIGHBOUR })), folder);
    rewriteResults((there) => mergeResults(there, 'mariadb', engine('MariaDB 10')), folder);
    expect(readdirSync(folder).toSorted()).toEqual([
      'results-neighbour.svg',
      'results.json',
      'results.md',
      'results.svg',
    ]);
    const markdown = readFileSync(join(folder, 'results.md'), 'utf8');
    expect(markdown).toContain('## SQLite 3');
    expect(markdown).toContain('## MariaDB 10');
    const { engines } = readResults(readFileSync(join(folder, 'results.json'), 'utf8'));
    expect(engines.sqlite).toEqual(engine('SQLite 3', { neighbour: NEIGHBOUR }));
    expect(engines.mariadb).toEqual(engine('MariaDB 10'));
  });

  it('are left as they are where they are of another version', () => {
    const folder = mkdtempSync(join(inject('temporaryDirectory'), 'results-'));
    for (const text of ['{"version":2,"engines":{}}', '{"version":1,"engines":{"oracle":{}}}', '3']) {
      writeFileSync(join(folder, 'results.json'), text);
      expect(() => rewriteResults((there) => there, folder)).toThrow('delete it and measure every engine anew');
      expect(readFileSync(join(folder, 'results.json'), 'utf8')).toBe(text);
    }
  });
});
