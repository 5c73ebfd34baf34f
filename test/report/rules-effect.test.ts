import { describe, expect, it } from 'vitest';

import { RulesEffectTally, type RulesEffect } from '../../src/report/rules-effect.ts';
import type { ImageEvidence } from '../../src/model/image.ts';
import { createDecider } from '../../src/rules/decide/decider.ts';
import { loadRules } from '../../src/rules/table/load.ts';
import { shippedRules } from '../../src/rules/table/rule-files.ts';
import { evidence, predict } from '../rules/evidence-builder.ts';

const OWN = `
aliases:
  disk: { vpc: vhd, never: raw }
rows:
  - id: RAW-DISK
    when: { disk: raw, container: bare }
    then: { type: disk, container: raw }
    reason: x
  - id: QCOW-FS
    when: { disk: qcow2 }
    then: { type: filesystem, container: qcow2 }
    reason: x
  - id: VHD-DISK
    when: { disk: vhd, container: ami }
    then: { type: disk, container: vhd }
    reason: x
  - id: UNMET
    when: { disk: qed }
    then: { type: other, container: qed }
    reason: x
`;
const table = loadRules([{ path: 'own.yaml', text: OWN, origin: 'operator' }, shippedRules()]);

function effectOf(images: Iterable<ImageEvidence>): RulesEffect {
  const tally = new RulesEffectTally(table, createDecider(loadRules([shippedRules()]), predict));
  const decide = createDecider(table, predict);
  for (const image of images) tally.add(image, decide(image));
  return tally.result();
}

const image = (id: string, disk: string | null, container: string | null, rest = {}) =>
  evidence(disk, container, { image: { id, ...rest } });

describe('the effect of rules of the operator', () => {
  it('counts for each row what it decides, from what to what, and names images', () => {
    const effect = effectOf([
      image('1', 'raw', 'bare'),
      image('2', 'RAW ', 'bare'),
      image('3', 'raw', 'bare', { deleted: true }),
      image('4', 'qcow2', 'bare'),
      image('5', 'iso', 'bare'),
    ]);
    expect(effect.total).toBe(5);
    expect(effect.rows.get('RAW-DISK')).toMatchObject({
      images: 2,
      settled: 2,
      changed: 0,
      changes: [
        {
          diskFormat: 'raw',
          containerFormat: 'bare',
          before: { status: 'ambiguous', rule: 'RAW' },
          after: {
            status: 'inferred',
            rule: 'RAW-DISK',
            classifications: [{ imageType: 'disk', containerType: 'raw' }],
          },
          count: 2,
          samples: [{ id: '1' }, { id: '2' }],
        },
      ],
    });
    expect(effect.rows.get('QCOW-FS')).toMatchObject({
      images: 1,
      settled: 0,
      changed: 1,
      changes: [{ before: { status: 'inferred', classifications: [{ imageType: 'disk' }] }, count: 1 }],
    });
    expect(effect.rows.get('UNMET')).toMatchObject({ images: 0, changes: [] });
  });

  it('counts an answer that stays as met, and as no change', () => {
    const before = effectOf([image('1', 'raw', 'bare')]);
    expect(before.rows.get('RAW-DISK')?.images).toBe(1);
    const same = effectOf([evidence('raw', 'bare', { properties: { img_type: 'whole-disk' } })]);
    expect(same.rows.get('RAW-DISK')).toMatchObject({ images: 1, settled: 0, changed: 0, changes: [] });
  });

  it('tells what aliases alone change, and how many images have each word', () => {
    const effect = effectOf([image('1', 'vpc', 'bare'), image('2', ' VPC', 'ami'), image('3', 'qed', 'ova')]);
    expect(Object.fromEntries(effect.aliasImages)).toEqual({ 'disk vpc': 2, 'disk never': 0 });
    expect(effect.aliases).toMatchObject({
      images: 1,
      settled: 1,
      changes: [{ diskFormat: 'vpc', before: { status: 'unmappable' }, after: { status: 'inferred' } }],
    });
    expect(effect.rows.get('VHD-DISK')).toMatchObject({ images: 1, settled: 1 });
  });

  it('keeps apart no more than a bounded number of changes and five samples of each, and counts the rest', () => {
    function* many(): Generator<ImageEvidence> {
      for (let i = 0; i < 1_000; i += 1) yield image(`${i}`, 'qcow2', `word-${i}`);
      for (let i = 0; i < 10; i += 1) yield image(`x${i}`, 'qcow2', 'word-0');
    }
    const effect = effectOf(many()).rows.get('QCOW-FS');
    expect(effect?.images).toBe(1_010);
    expect(effect?.changes).toHaveLength(200);
    expect(effect?.otherChanges).toBe(800);
    expect(effect?.changes[0]).toMatchObject({ containerFormat: 'word-0', count: 11 });
    expect(effect?.changes[0]?.samples).toHaveLength(5);
  });
});
