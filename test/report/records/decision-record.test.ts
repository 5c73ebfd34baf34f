import { expect, it } from 'vitest';
import { DECISION_KEYS, decisionRecord, IMAGE_KEYS } from '../../../src/report/records/decision-record.ts';
import { ambiguous, decided, notApplicable, row, classification, unmappable } from '../made-images.ts';

const KEYS =
  'image_id, name, owner, status_glance, disk_format, container_format, image_type, container_type, envelope, format, status, rule, candidates, evidence, findings, disposition, nova_today, question, answer, services';

it('the keys are those of the contract, in its order', () => {
  for (const decision of [decided(), ambiguous(), unmappable(), notApplicable()]) {
    expect(Object.keys(decisionRecord(row({}), decision)).join(', ')).toBe(KEYS);
  }
  expect([...IMAGE_KEYS, ...DECISION_KEYS].join(', ')).toBe(KEYS);
});

it('a decided image has its type, its word and no candidates', () => {
  const decision = decided({
    classification: classification('disk', 'vmdk', 'ova'),
    oneField: { format: 'ova' },
    evidence: [{ kind: 'tuple', detail: 'vmdk/ova' }],
    findings: ['ZERO_SIZE'],
    novaToday: 'refuse',
    services: [],
  });
  expect(decisionRecord(row({ name: null, owner: '' }), decision)).toEqual({
    image_id: '00000000-0000-4000-8000-000000000001',
    name: null,
    owner: '',
    status_glance: 'active',
    disk_format: 'qcow2',
    container_format: 'bare',
    image_type: 'disk',
    container_type: 'vmdk',
    envelope: 'ova',
    format: 'ova',
    status: 'inferred',
    rule: 'RULE',
    candidates: [],
    evidence: [{ kind: 'tuple', detail: 'vmdk/ova' }],
    findings: ['ZERO_SIZE'],
    disposition: 'boot-disk',
    nova_today: 'refuse',
    question: null,
    answer: null,
    services: {},
  });
});

it('a type without a word in the one-field model has format null', () => {
  const decision = decided({ oneField: { format: null, why: 'no word' } });
  expect(decisionRecord(row({}), decision).format).toBeNull();
});

it('an ambiguous image has candidates, best first, and nothing decided', () => {
  expect(decisionRecord(row({}), ambiguous())).toMatchObject({
    image_type: null,
    container_type: null,
    envelope: null,
    format: null,
    candidates: [
      { image_type: 'disk', container_type: 'raw', envelope: null },
      { image_type: 'filesystem', container_type: 'raw', envelope: null },
    ],
    disposition: null,
    nova_today: 'boot-disk',
    question: 'qcow2-bare-abca6356',
    answer: null,
  });
});

it('an unmappable image may carry the type and envelope that are known', () => {
  const record = decisionRecord(row({}), unmappable({ imageType: 'other', envelope: 'tgz' }));
  expect(record).toMatchObject({ image_type: 'other', container_type: null, envelope: 'tgz', candidates: [] });
});

it('an image that an answer met carries the answer, and its question only while it is undecided', () => {
  const answered = { answer: 'my-kernels', question: 'raw-bare-45498119', agreement: 'candidate' } as const;
  expect(decisionRecord(row({}), decided({ answered }))).toMatchObject({ question: null, answer: 'my-kernels' });
  expect(decisionRecord(row({}), ambiguous({ answered }))).toMatchObject({
    question: 'qcow2-bare-abca6356',
    answer: 'my-kernels',
  });
});
