import { expect, it } from 'vitest';
import type { ImageEvidence } from '../../../src/model/image.ts';
import { RulesEffectTally } from '../../../src/report/rules-effect.ts';
import { headSection, renderRules, renderRulesCheck, ruleBlock } from '../../../src/report/terminal/rules.ts';
import { createDecider } from '../../../src/rules/decide/decider.ts';
import { loadRules } from '../../../src/rules/table/load.ts';
import { shippedRules } from '../../../src/rules/table/rule-files.ts';
import { decide, evidence, table, predict } from '../../rules/evidence-builder.ts';

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

const OWN = `
aliases: { disk: { vpc: vhd, never: raw } }
rows:
  - id: RAW-DISK
    when: { disk: raw, container: bare }
    then: { type: disk, container: raw }
    reason: ours
  - id: UNMET
    when: { disk: qed }
    then: { type: other, container: qed }
    reason: ours
`;
const ownTable = loadRules([{ path: 'own.yaml', text: OWN, origin: 'operator' }, shippedRules()]);
const origin = { toolVersion: '0.1.0', files: ['own.yaml'], digest: 'aa', shippedDigest: 'bb' };

function checked(images: readonly ImageEvidence[]): string {
  const tally = new RulesEffectTally(ownTable, decide);
  const after = createDecider(ownTable, predict);
  for (const image of images) tally.add(image, after(image));
  return renderRulesCheck(
    ownTable,
    { origin, checked: { database: 'db', effect: tally.result() }, next: ['next'] },
    PLAIN,
  );
}

it('without a database: what was understood', () => {
  const text = renderRulesCheck(ownTable, { origin, checked: null, next: [] }, PLAIN);
  expect(text).toMatch(/^Valid: 2 rows and 2 aliases of yours; every row can fire\.\n\nRules\n/);
  expect(text).toContain('\n  vpc    in disk_format is read as vhd\n');
  expect(text).not.toContain('    here');
});

it('with a database: what each row and alias does, and which do nothing', () => {
  const text = checked([
    evidence('raw', 'bare'),
    evidence('raw', 'bare'),
    evidence('vpc', 'bare'),
    evidence('iso', 'bare'),
  ]);
  expect(text).toContain('here  decides 2 images: 2 undecided without it\n');
  expect(text).toMatch(/\n {12}2 {2}raw \/ bare: ambiguous .* becomes inferred disk\/raw, for example\n {15}a1b2c3d4/);
  expect(text).toContain('here  matches no image\n');
  expect(text).toContain('\n  vpc    in disk_format is read as vhd: 1 image\n');
  expect(text).toContain('\n  never  in disk_format is read as raw: no image has it\n');
  expect(text).toMatch(/here {2}aliases alone change 1 image: 1 undecided without it\n/);
  expect(text).toContain('  images read  4, soft-deleted ones included; nothing was written\n');
  expect(text.endsWith('\nNext\n  next\n')).toBe(true);
});
