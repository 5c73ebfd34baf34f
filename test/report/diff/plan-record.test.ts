import { describe, expect, it } from 'vitest';
import { createDecisionTexts, readPlanRecord, recordOf, recordTexts } from '../../../src/report/diff/plan-record.ts';
import { decisionRecord } from '../../../src/report/records/decision-record.ts';
import { ambiguous, decided, NASTY, row } from '../made-images.ts';
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
  for (const decision of [decided({ findings: ['KERNEL_MISSING'] }), ambiguous()]) {
    const evidence = row({ name: null, owner: 'o', diskFormat: 'raw' });
    expect(texts(evidence.image, decision)).toEqual(recordTexts(decisionRecord(evidence, decision)));
  }
});

describe('reading a record', () => {
  it('takes what plan writes', () => {
    for (const given of [record(), open()]) expect(readPlanRecord(given)).toEqual({ record: given });
  });

  it('takes a record of a version without questions and answers', () => {
    const { question: _question, answer: _answer, ...older } = record();
    expect(readPlanRecord(older)).toEqual({ record: record() });
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
  ])('refuses %s = %j', (key, value, expected) => {
    expect(readPlanRecord({ ...record(), [key]: value })).toEqual({ expected, found: 'something else' });
  });
});
