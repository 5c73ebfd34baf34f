import { expect, it } from 'vitest';

import type { Decision } from '../../../../src/model/decision.ts';
import { imageKind } from '../../../../src/report/html/images/kind.ts';
import { ambiguous, classification, decided, notApplicable, READ, row, unmappable } from '../../made-images.ts';

const kindOf = (decision: Decision, columns: Parameters<typeof row>[0] = {}) => {
  const { status, ...image } = row(columns).image;
  return imageKind({ ...image, glance: status, decision });
};

it('a decided image has its type, disposition and words', () => {
  const decision = decided({
    classification: classification('disk', 'vmdk', 'ova'),
    oneField: { format: 'ova' },
    disposition: 'refuse',
    content: { ...READ, safety: ['DIRTY'] },
    answered: { answer: 'mine', question: null, agreement: 'candidate' },
  });
  expect(kindOf(decision)).toMatchObject({
    becomes: 'disk/vmdk in ova',
    imageType: 'disk',
    containerType: 'vmdk',
    envelope: 'ova',
    format: 'ova',
    cutover: 'differs',
    today: 'boot-disk',
    after: 'refuse',
    safety: ['DIRTY'],
    question: null,
    answer: 'mine',
  });
});

it('an undecided image has candidates, or the part that is known', () => {
  expect(kindOf(ambiguous(), { diskFormat: null, containerFormat: '' })).toMatchObject({
    disk: 'NULL',
    container: "''",
    becomes: 'disk/raw or filesystem/raw',
    candidates: ['disk/raw', 'filesystem/raw'],
    cutover: 'open',
    after: null,
  });
  const known = kindOf(unmappable({ imageType: 'other', envelope: 'tgz' }));
  expect(known).toMatchObject({ becomes: '-', imageType: 'other', containerType: null, envelope: 'tgz' });
  expect(known.question).toMatch(/^qcow2-bare-[0-9a-f]{8}$/);
  expect(kindOf(notApplicable()).question).toBeNull();
});

it('shows controls instead of obeying them', () => {
  expect(kindOf(decided({ rule: '\u001b[2J', reason: '\u202e' }), { status: '\u0007' })).toMatchObject({
    rule: '\\x1b[2J',
    reason: '\\u202e',
    glance: '\\x07',
  });
});
