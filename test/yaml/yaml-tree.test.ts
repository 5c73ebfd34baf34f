import { expect, it } from 'vitest';

import { parseQuestions } from '../../src/answers/file/document.ts';
import type { Problem } from '../../src/model/error.ts';
import { parseTree } from '../../src/yaml/yaml-tree.ts';

function problemsOf(text: string): readonly Problem[] {
  const problems: Problem[] = [];
  parseTree({ path: 'file.yaml', text }, problems);
  return problems;
}

/** More pieces, documents, mistakes or levels than any file needs: the library would take a kilobyte for each. */
it.each([
  ['maps in a line', `[${'{a: b}, '.repeat(400_000)}]`, 'at most 1000000 keys'],
  ['levels', '- '.repeat(1_000), 'at most 64 lists and maps'],
])('%s beyond the bound are refused, once', (_, text, expected) => {
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.expected).toContain(expected);
});

it.each([
  ['documents', '--- a\n'.repeat(500_000)],
  ['mistakes', ']'.repeat(4_000_000)],
  ['directives', `${'%a b\n'.repeat(500_000)}---\na`],
])('a text of nothing but %s is left after the first', (_, text) => {
  const problems = problemsOf(text);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.length).toBeLessThan(250);
  expect(parseQuestions(text)).toBeNull();
});

it('names every key that is there twice, among any number of keys', () => {
  const keys = Array.from({ length: 30_000 }, (_, i) => `k${i}: 1\n`).join('');
  expect(problemsOf(`${keys}k7: 2\nlast: {a: 1, a: 2}\n`).map(({ place }) => place)).toEqual([
    'file.yaml:30001 k7',
    'file.yaml:30002 last.a',
  ]);
});

it('reads a list of 100,000 images', () => {
  const ids = Array.from({ length: 100_000 }, (_, i) => `  - 00000000-0000-4000-8000-${String(i).padStart(12, '0')}\n`);
  expect(problemsOf(`images:\n${ids.join('')}`)).toEqual([]);
});
