import { expect, it } from 'vitest';

import { headSection, renderRules, ruleBlock } from '../../../../src/report/terminal/rules/show.ts';
import { table } from '../../../rules/evidence-builder.ts';

const PLAIN = { width: 100, colour: 'plain' } as const;
const ORIGIN = { toolVersion: '0.1.0', files: [], digest: 'aa', shippedDigest: 'bb' };

it('a row: condition, answer, reason and findings under its id', () => {
  const rule = {
    id: 'R\u001b',
    when: [
      { attribute: 'disk' as const, words: ['raw', 'iso'] },
      { attribute: 'container' as const, words: ['bare'] },
    ],
    answer: 'exact: disk/raw',
    reason: 'because',
    findings: ['F_1', 'F_2'],
    place: 'a b.yaml:3 rows[0]',
  };
  expect(ruleBlock(rule, PLAIN).split('\n')).toEqual([
    'R\\x1b  a b.yaml:3',
    '    when  disk is raw or iso; container is bare',
    '    then  exact: disk/raw',
    '    why   because',
    '    adds  F_1, F_2',
  ]);
  expect(
    ruleBlock({ ...rule, when: [], findings: [] }, PLAIN)
      .split('\n')
      .slice(1, 2),
  ).toEqual(['    when  always']);
});

it('which table it is', () => {
  expect(headSection(ORIGIN, PLAIN)).toBe('Rules\n  order   the shipped table alone\n  digest  aa');
  expect(headSection({ ...ORIGIN, files: ['a.yaml', 'b.yaml'] }, PLAIN)).toBe(
    'Rules\n  order    a.yaml, then b.yaml, then the shipped table\n  digest   aa\n  shipped  bb',
  );
});

it('a section has its number of rows; groups are explained where words are looked at', () => {
  const tuples = renderRules(table, ['tuples'], ORIGIN, PLAIN);
  expect(tuples).toContain(`\ntuples, ${table.tuples.length} rows\n`);
  expect(tuples).toMatch(/\nWords\n/);
  expect(renderRules(table, ['references'], ORIGIN, PLAIN)).not.toContain('\nWords\n');
});
