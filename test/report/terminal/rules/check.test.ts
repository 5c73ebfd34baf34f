import { expect, it } from 'vitest';

import type { ImageEvidence } from '../../../../src/model/image.ts';
import { RulesEffectTally } from '../../../../src/report/rules-effect.ts';
import { renderRulesCheck } from '../../../../src/report/terminal/rules/check.ts';
import { createDecider } from '../../../../src/rules/decide/decider.ts';
import { loadRules } from '../../../../src/rules/table/load.ts';
import { shippedRules } from '../../../../src/rules/table/rule-files.ts';
import { decide, evidence } from '../../../rules/evidence-builder.ts';

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
const table = loadRules([{ path: 'own.yaml', text: OWN, origin: 'operator' }, shippedRules()]);
const origin = { toolVersion: '0.1.0', files: ['own.yaml'], digest: 'aa', shippedDigest: 'bb' };
const PLAIN = { width: 100, colour: 'plain' } as const;

function checked(images: readonly ImageEvidence[]): string {
  const tally = new RulesEffectTally(table, decide);
  const after = createDecider(table);
  for (const image of images) tally.add(image, after(image));
  return renderRulesCheck(
    table,
    { origin, checked: { database: 'db', effect: tally.result() }, next: ['next'] },
    PLAIN,
  );
}

it('without a database: what was understood', () => {
  const text = renderRulesCheck(table, { origin, checked: null, next: [] }, PLAIN);
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
