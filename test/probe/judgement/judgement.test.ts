import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../../src/model/verdict.ts';
import { bounded, undetermined } from '../../../src/probe/judgement/judgement.ts';
import { probe } from '../../../src/probe/probe.ts';
import { makeGuests, openWorkshop, type ImageWorkshop } from '../../support/images/image-workshop.ts';
import { memorySource } from '../../support/images/memory-source.ts';
import { objection } from '../fuzz/case.ts';

let shop: ImageWorkshop;

beforeAll(() => {
  shop = openWorkshop();
  makeGuests(shop);
});

afterAll(() => shop.close());

async function why(bytes: Uint8Array): Promise<string> {
  return whyOf(await probe(memorySource(bytes)));
}

function whyOf(verdict: Verdict): string {
  return verdict.imageType === null ? verdict.why : verdict.imageType;
}

describe('what leaves the prober', () => {
  test('is bounded, plain and in order, whatever the formats said', () => {
    const evidence = Array.from({ length: 50 }, (_, offset) => ({
      offset,
      detail: `\u001b[2J\u202e${'x'.repeat(500)}`,
      space: 'here' as const,
    }));
    const judgement = bounded(undetermined('blank', 'raw', { evidence, safety: ['TRUNCATED', 'DIRTY', 'TRUNCATED'] }));
    expect(objection({ ...judgement, reach: 'whole', cost: { requests: 0, bytes: 0 } })).toBeNull();
    expect(judgement.evidence[0]?.detail).toMatch(/^\?\[2J\?x+\.\.\.$/u);
  });
});
