import { describe, expect, it } from 'vitest';
import { markdownTable, resultsMarkdown } from '../../../../scripts/bench/results/markdown.ts';
import { mergeResults, NO_RESULTS } from '../../../../scripts/bench/results/results.ts';
import { engine, waits } from './samples.ts';

const NEIGHBOUR = { images: 7_000, date: '2026-11-28', repeat: 3, load: 0.1, waits: { idle: [waits(1, 2, 3)] } };
const results = mergeResults(
  mergeResults(NO_RESULTS, 'sqlite', engine('SQLite 3', { sizes: [], neighbour: NEIGHBOUR })),
  'mariadb',
  engine('MariaDB 10'),
);

describe('the written results', () => {
  const text = resultsMarkdown(results);

  it('have a section for each engine that was measured, with what holds for its figures', () => {
    expect(text.match(/^## .*$/gmu)).toEqual(['## MariaDB 10', '## SQLite 3']);
    expect(text).toContain('as shipped. a machine. Seed 1.');
    expect(text).toContain('| measured | 2026-11-28 | 2026-11-28 |');
    expect(text).toContain('| rounds | 3 | 3 |');
  });

  it('begin with ratios', () => {
    expect(text).toContain(
      '| images | 1,000 | 1,000,000 |\n| --- | --: | --: |\n| migrate, target columns : one UPDATE, whole table | 1.00 (0.50–1.50) | 1.00 (0.50–1.50) |',
    );
  });

  it('say no seconds', () => {
    expect(text).not.toMatch(/seconds \|/u);
  });

  it('tell of the live neighbour where it was measured', () => {
    expect(text.match(/### A live neighbour/gu)).toHaveLength(1);
    expect(text).toContain('on 7,000 images');
    expect(text).toContain('| nothing | 1,000 | 1.0 | 2.0 | 3.0 | 1.0 | 0 |');
  });

  it('are tables of as many cells in every line', () => {
    for (const table of text.split('\n\n').filter((block) => block.startsWith('|'))) {
      expect(
        new Set(
          table
            .trim()
            .split('\n')
            .map((line) => line.split('|').length),
        ).size,
      ).toBe(1);
    }
  });
});

it('a table has its first column left, the others right', () => {
  expect(
    markdownTable([
      ['a', 'b'],
      ['c', 'd'],
    ]),
  ).toBe('| a | b |\n| --- | --: |\n| c | d |');
});
