import { describe, expect, it } from 'vitest';

import { causesOf, compareRecords } from '../../../src/report/diff/compare.ts';
import { createDecisionTexts, recordOf } from '../../../src/report/diff/plan-record.ts';
import type { PlanRecord } from '../../../src/report/diff/plan-record.ts';
import { createDecider } from '../../../src/rules/decide/decider.ts';
import { loadRules } from '../../../src/rules/table/load.ts';
import { shippedRules } from '../../../src/rules/table/rule-files.ts';
import type { ImageEvidence } from '../../../src/model/image.ts';
import { decide, predict } from '../../rules/evidence-builder.ts';
import { row } from '../made-images.ts';
import { open, record } from './records.ts';

const texts = createDecisionTexts();
const siteRules = createDecider(
  loadRules([
    {
      path: 'site.yaml',
      origin: 'operator',
      text: 'rows:\n  - id: SITE\n    when: { disk: raw, container: bare }\n    then: { type: disk, container: raw }\n    reason: ours\n',
    },
    shippedRules(),
  ]),
  predict,
);

/** Through the real rules and through the texts that lie in the temporary file. */
function planned(evidence: ImageEvidence, by = decide): PlanRecord {
  return recordOf(texts(evidence.image, by(evidence)));
}

function told(before: PlanRecord, after: PlanRecord): readonly [kinds: readonly string[], causes: readonly string[]] {
  const change = compareRecords(before, after);
  return change === null ? [[], []] : [change.kinds, change.kinds.includes('decision') ? causesOf(change) : []];
}

const ACCEPTING = { nova: { verdict: 'accepted', step: null, check: null } };

describe('comparing an image with itself', () => {
  it('says nothing of equal records, nor of a question that an older file lacks', () => {
    expect(compareRecords(record(), record())).toBeNull();
    expect(compareRecords(open({ question: null }), open())).toBeNull();
  });

  it.each<[string, Partial<PlanRecord>, readonly string[], readonly string[]]>([
    ['name', { name: null }, ['name'], []],
    ['owner', { owner: 'other' }, ['owner'], []],
    ['status', { status_glance: 'deactivated' }, ['status'], []],
    ['tuple alone', { container_format: 'ovf' }, ['tuple'], []],
    ['empty is not NULL', { container_format: '' }, ['tuple'], []],
    ['findings', { findings: ['KERNEL_MISSING'] }, ['findings'], []],
    ['nova', { nova_today: 'refuse' }, ['today'], []],
    ['a verdict', { services: { nova: { verdict: 'refused', step: 'safety', check: 'mbr' } } }, ['services'], []],
    [
      'a verdict, and Nova with it',
      { nova_today: 'refuse', services: { nova: { verdict: 'unknown', step: null, check: null } } },
      ['today', 'services'],
      [],
    ],
    ['a service more', { services: { ...ACCEPTING, cinder: ACCEPTING.nova } }, [], []],
    ['a version without services', { services: null }, [], []],
    ['rule without effect', { rule: 'OTHER' }, ['rule'], []],
    ['exact now', { status: 'exact' }, ['decision'], ['rules']],
    ['type', { image_type: 'iso9660' }, ['decision'], ['rules']],
    ['container', { container_type: 'raw' }, ['decision'], ['rules']],
    ['envelope', { envelope: 'ova' }, ['decision'], ['rules']],
    ['answer', { answer: 'a1', image_type: 'other' }, ['decision', 'answer'], ['answer']],
    [
      'content',
      { image_type: 'other', evidence: [...record().evidence, { kind: 'content', detail: 'ext4 (certain)' }] },
      ['decision', 'content'],
      ['content'],
    ],
    [
      'two causes',
      {
        image_type: 'other',
        disk_format: 'raw',
        evidence: [{ kind: 'property', detail: 'kernel_id=k (live)' }],
        rule: 'R',
      },
      ['decision', 'tuple', 'evidence', 'rule'],
      ['tuple', 'evidence'],
    ],
  ])('%s', (_name, fields, kinds, causes) => {
    const before = record({ services: ACCEPTING });
    expect(told(before, record({ services: ACCEPTING, ...fields }))).toEqual([kinds, causes]);
  });

  it('the line of older plans that Nova refuses the content is no content', () => {
    const line = { kind: 'content', detail: 'Nova and Glance of 2024 and later refuse it: a backing file' };
    expect(told(record({ evidence: [...record().evidence, line] }), record())[0]).toEqual([]);
  });

  it('a service that refuses by another check, or only the later plan asked', () => {
    const refusing = (check: string) => record({ services: { nova: { verdict: 'refused', step: 'safety', check } } });
    expect(told(refusing('mbr'), refusing('data_file'))[0]).toEqual(['services']);
    expect(told(record({ services: {} }), refusing('mbr'))[0]).toEqual([]);
  });

  it('lays the same answer with another verdict to the answer', () => {
    expect(told(record({ answer: 'a1' }), record({ answer: 'a1', image_type: 'other' }))[1]).toEqual(['answer']);
  });

  it('says that an image came or went', () => {
    expect(compareRecords(null, record())).toMatchObject({ imageId: 'i1', kinds: ['added'], before: null });
    expect(compareRecords(record(), null)).toMatchObject({ imageId: 'i1', kinds: ['gone'], after: null });
    expect(causesOf({ kinds: ['added'] })).toEqual(['added']);
  });
});

describe('why, with the real rules', () => {
  const hints: Partial<ImageEvidence['image']>[] = [
    { name: 'vmlinuz-3.2' },
    { name: 'debian-netinst.iso' },
    { size: 30_000_000n },
    { size: 900_000_000n },
    { minDisk: 4 },
  ];
  const properties = [
    ['hw_rescue_device', 'cdrom'],
    ['image_location', 'bucket/x.iso'],
    ['root_device_name', '/dev/sda1'],
    ['root_device_name', '/dev/sda'],
    ['mappings', '[{"virtual": "ami", "device": "sda1"}]'],
    ['hw_disk_bus', 'virtio'],
  ] as const;
  const raw = { diskFormat: 'raw', containerFormat: 'bare' };
  const images = [
    ...hints.map((columns) => row({ ...raw, ...columns })),
    ...properties.map(([name, value]) => ({ ...row(raw), properties: new Map([[name, value]]) })),
    { ...row(raw), ramdisk: { kind: 'live', id: 'r', diskFormat: 'ari', containerFormat: 'ari' } } as const,
  ];

  it.each(images.map((image, index) => [index, image] as const))(
    'another rule is not taken for other evidence, although hints go with the candidates (%i)',
    (_index, image) => {
      const [before, after] = [planned(image), planned(image, siteRules)];
      expect(after.rule).toBe('SITE');
      expect(told(before, after)[1]).toEqual(before.status === 'exact' ? [] : ['rules']);
    },
  );

  it('a reference that is new is evidence, a corrected tuple is the row', () => {
    const image = row(raw);
    const used = {
      ...image,
      referencedBy: { asKernel: 2, asRamdisk: 0, sampleKernelOf: 'x', sampleRamdiskOf: null },
    };
    expect(told(planned(image), planned(used))[1]).toEqual(['evidence']);
    expect(told(planned(image), planned(row({ ...raw, diskFormat: 'qcow2' })))[1]).toEqual(['tuple']);
  });

  it('a deleted image changed by its status alone', () => {
    const named = { ...row({ ...raw, name: 'vmlinuz' }), properties: new Map([['img_type', 'partition']]) };
    const gone = { ...named, image: { ...named.image, status: 'deleted', deleted: true } };
    expect(told(planned(named), planned(gone))[1]).toEqual(['status']);
  });
});
