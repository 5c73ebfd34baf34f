import { describe, expect, it } from 'vitest';
import { createDecisionTexts, readPlanRecord, recordOf, recordTexts } from '../../../src/report/diff/plan-record.ts';
import { decisionRecord } from '../../../src/report/records/decision-record.ts';
import { ambiguous, decided, NASTY, row } from '../made-images.ts';
import { ACCEPTED, MBR, prediction, UNKNOWN } from '../made-services.ts';
import { open, record } from './records.ts';

it('a record comes back from its texts as it was', () => {
  for (const text of NASTY) {
    const given = open({ image_id: text, name: text, disk_format: text, rule: text, findings: [text] });
    expect(recordOf(recordTexts(given))).toEqual(given);
  }
});

it('equal records have equal texts, whatever the order of their keys', () => {
  const given = record({ candidates: [{ image_type: 'disk', container_type: 'raw', envelope: null }] });
  const turned = Object.fromEntries(
    Object.entries({
      ...given,
      candidates: [{ envelope: null, container_type: 'raw', image_type: 'disk' }],
    }).toReversed(),
  ) as unknown as typeof given;
  expect(recordTexts(turned)).toEqual(recordTexts(given));
});

it('a decision gives the texts of its record', () => {
  const texts = createDecisionTexts();
  const services = [prediction('nova', MBR, ACCEPTED), prediction('cinder', UNKNOWN), prediction('glance', ACCEPTED)];
  for (const decision of [decided({ findings: ['KERNEL_MISSING'], services }), ambiguous()]) {
    const evidence = row({ name: null, owner: 'o', diskFormat: 'raw' });
    const read = readPlanRecord(JSON.parse(JSON.stringify(decisionRecord(evidence, decision))));
    expect(read).toHaveProperty('record');
    if ('record' in read) expect(texts(evidence.image, decision)).toEqual(recordTexts(read.record));
  }
});

describe('reading a record', () => {
  it('takes what plan writes', () => {
    for (const given of [record(), open()]) expect(readPlanRecord(given)).toEqual({ record: given });
  });

  it('takes a record of a version without questions, answers and services', () => {
    const { question: _question, answer: _answer, services: _services, ...older } = record();
    expect(readPlanRecord(older)).toEqual({ record: record({ services: null }) });
  });

  it('keeps of the services what is compared, in the order of their names', () => {
    const decision = decided({ services: [prediction('nova', MBR, ACCEPTED), prediction('cinder', UNKNOWN)] });
    const read = readPlanRecord(decisionRecord(row({}), decision));
    expect('record' in read ? Object.entries(read.record.services ?? {}) : read).toEqual([
      ['cinder', { verdict: 'unknown', step: null, check: null }],
      ['nova', { verdict: 'refused', step: 'safety', check: 'mbr' }],
    ]);
  });

  it.each([
    ['an array', [], 'another JSON value'],
    ['null', null, 'another JSON value'],
    ['a text', 'x', 'another JSON value'],
    ['no keys', {}, /^no image_id, name, .*, nova_today in it$/],
  ])('refuses %s', (_name, value, found) => {
    expect(readPlanRecord(value)).toMatchObject({
      found: expect.stringMatching(found) as string,
    });
  });

  it.each([
    ['image_id', 7, 'a text as image_id'],
    ['name', 7, 'a text or null as name'],
    ['status', 'sure', 'one of exact, inferred, ambiguous, unmappable, not-applicable as status'],
    ['candidates', [{ image_type: 'disk' }], 'a list of types as candidates'],
    ['evidence', [{ kind: 'x' }], 'a list of kind and detail as evidence'],
    ['findings', ['A', 1], 'a list of codes as findings'],
    ['answer', 7, 'a text or null as answer'],
    ['services', [], 'a verdict of each service as services'],
    ['services', null, 'a verdict of each service as services'],
    ['services', { nova: 'refused' }, 'a verdict of each service as services'],
    ['services', { nova: { verdict: 'refused', check: 7 } }, 'a verdict of each service as services'],
  ])('refuses %s = %j', (key, value, expected) => {
    expect(readPlanRecord({ ...record(), [key]: value })).toEqual({ expected, found: 'something else' });
  });
});
