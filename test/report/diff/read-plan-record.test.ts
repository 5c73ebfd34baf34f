import { describe, expect, it } from 'vitest';

import { readPlanRecord } from '../../../src/report/diff/read-plan-record.ts';
import { open, record } from './records.ts';

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
