import { describe, expect, test } from 'vitest';
import { bounded, undetermined } from '../../../src/probe/judgement/judgement.ts';
import { objection } from '../fuzz/case.ts';

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
