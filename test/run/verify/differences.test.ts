import { describe, expect, it } from 'vitest';

import { DIFFERENCE_KINDS, Differences, isOfRecords, KINDS } from '../../../src/run/verify/differences.ts';

describe('Differences', () => {
  it('counts all and keeps the first hundred of each kind', () => {
    const found = new Differences();
    for (let index = 0; index < 150; index += 1) found.image('not-migrated', `i${index}`, 'nothing', 'disk');
    found.record('batch-missing', 'run 1', '3 batches', '1', 2);
    expect(found.counts['not-migrated']).toBe(150);
    expect(found.counts['batch-missing']).toBe(2);
    expect(found.sample).toHaveLength(101);
    expect(found.sample[99]).toEqual({
      kind: 'not-migrated',
      subject: 'i99',
      imageId: 'i99',
      stored: 'nothing',
      now: 'disk',
    });
    expect(found.sample[100]?.imageId).toBeNull();
  });

  it('counts nothing for a hint', () => {
    const found = new Differences();
    found.hint('journal-surplus', 'i', 'run 1', 'no such image');
    expect([found.counts['journal-surplus'], found.sample.length]).toEqual([0, 1]);
  });

  it('knows which kinds are about the own tables: those that only a backup mends', () => {
    expect(KINDS.filter((kind) => !isOfRecords(kind))).toEqual([
      'not-migrated',
      'legacy-changed',
      'decision-changed',
      'column-changed',
      'column-foreign',
      'node-differs',
    ]);
    expect(DIFFERENCE_KINDS['undo-missing'].remedy).toBe('restore');
  });
});
