import { describe, expect, it } from 'vitest';

import type { Decision } from '../../../../src/model/decision.ts';
import { attentionOf, createImageCollector } from '../../../../src/report/html/images/collector.ts';
import { ambiguous, decided, notApplicable, row, unmappable } from '../../made-images.ts';
import { ACCEPTED, MBR, prediction } from '../../made-services.ts';

const CALM = decided();
const DIFFERS = decided({ disposition: 'boot-with-kernel' });
const WARNED = decided({ findings: ['FS_NO_KERNEL'] });
const DANGER = decided({ findings: ['UNSAFE_CONTENT'] });
const ANSWERED = decided({ answered: { answer: 'A', question: null, agreement: 'candidate' } });

function kept(limit: number, decisions: readonly Decision[]) {
  const images = createImageCollector(limit);
  for (const [index, decision] of decisions.entries()) images.add(row({ id: `${index}` }).image, decision);
  const { total, attention, kept } = images.result();
  return { total, attention, ids: kept.map(({ id }) => id).join(' ') };
}

describe('attention', () => {
  it.each([
    ['error', DANGER],
    ['error', ambiguous({ findings: ['UNSAFE_CONTENT'] })],
    ['undecided', ambiguous({ findings: ['FS_NO_KERNEL'] })],
    ['undecided', unmappable()],
    ['will-be-refused', decided({ services: [prediction('nova', MBR, ACCEPTED)], findings: ['FS_NO_KERNEL'] })],
    ['calm', decided({ services: [prediction('nova', MBR), prediction('glance', ACCEPTED, MBR)] })],
    ['differs', decided({ disposition: 'boot-with-kernel', findings: ['FS_NO_KERNEL'] })],
    ['warning', WARNED],
    ['answered', ANSWERED],
    ['calm', CALM],
    ['calm', notApplicable()],
    ['calm', decided({ findings: ['OVF_UNVERIFIED'] })],
  ])('%s', (attention, decision) => {
    expect(attentionOf(decision)).toBe(attention);
  });
});

describe('collector', () => {
  it('puts what needs attention first, most urgent first, in reading order within', () => {
    const decisions = [CALM, ANSWERED, WARNED, DIFFERS, ambiguous(), DANGER, CALM, WARNED, DANGER];
    expect(kept(100, decisions)).toEqual({ total: 9, attention: 7, ids: '5 8 4 3 2 7 1 0 6' });
  });

  it('gives up calm images first, and the latest read of them', () => {
    expect(kept(3, [CALM, CALM, CALM, CALM, ambiguous()])).toEqual({ total: 5, attention: 1, ids: '4 0 1' });
    expect(kept(3, [CALM, ambiguous(), CALM, DANGER, CALM, WARNED])).toEqual({ total: 6, attention: 3, ids: '3 1 5' });
  });

  it('gives up less urgent images for more urgent ones, never the other way round', () => {
    expect(kept(2, [WARNED, WARNED, DIFFERS, DANGER, WARNED, DIFFERS, DANGER, CALM])).toEqual({
      total: 8,
      attention: 7,
      ids: '3 6',
    });
  });

  it('keeps nothing at a limit of 0, and counts all the same', () => {
    expect(kept(0, [CALM, DANGER])).toEqual({ total: 2, attention: 1, ids: '' });
  });

  it('holds never more than the limit, whatever the order', () => {
    const pool = [CALM, ANSWERED, WARNED, DIFFERS, ambiguous(), DANGER];
    const decisions = Array.from(
      { length: 500 },
      (_, index) => pool[(index * 7919 + index ** 2) % pool.length] ?? CALM,
    );
    const images = createImageCollector(40);
    for (const [index, decision] of decisions.entries()) images.add(row({ id: `${index}` }).image, decision);
    const ids = images.result().kept.map(({ id }) => Number(id));
    const urgency = (id: number) =>
      ['error', 'undecided', 'differs', 'warning', 'answered', 'calm'].indexOf(attentionOf(decisions[id] ?? CALM));
    const expected = decisions.map((_, id) => id).sort((a, b) => urgency(a) - urgency(b) || a - b);
    expect(ids).toEqual(expected.slice(0, 40));
  });

  it('cuts text that no release of Glance could have written', () => {
    const images = createImageCollector(1);
    images.add(
      row({ id: 'i'.repeat(999), name: 'n'.repeat(999), owner: 'o'.repeat(999), diskFormat: 'd'.repeat(999) }).image,
      CALM,
    );
    const [image] = images.result().kept;
    expect([image?.id, image?.name, image?.owner, image?.diskFormat].map((text) => text?.length)).toEqual([
      256, 256, 256, 256,
    ]);
  });
});
