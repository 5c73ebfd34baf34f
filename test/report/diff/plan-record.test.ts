import { expect, it } from 'vitest';

import { createDecisionTexts, recordOf, recordTexts } from '../../../src/report/diff/plan-record.ts';
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
