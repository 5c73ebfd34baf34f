import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type BatchWork, createSharedForms, decideBatch, halve } from '../../../src/run/migrate/batch-work.ts';
import { decide, evidence } from '../../rules/evidence-builder.ts';

/** A batch of so many rows, all of them to be written. */
function batchOf(rows: number): BatchWork {
  const images = Array.from({ length: rows }, (_, index) =>
    evidence(index % 3 === 0 ? 'qcow2' : 'ami', 'bare', { image: { id: `image-${index}` } }),
  );
  return decideBatch(images, { pass: 1, range: { after: null, until: 'z' }, part: null }, new Map(), {
    decide,
    sharedForms: createSharedForms(decide),
    leaveAlone: new Set(),
  });
}

/** A batch cut until no part has more rows than the server takes. */
function cut(work: BatchWork, most: number): readonly BatchWork[] {
  const halves = work.rows.length > most ? halve(work) : null;
  return halves === null ? [work] : halves.flatMap((half) => cut(half, most));
}

const idsOf = ({ rows }: BatchWork): readonly string[] => rows.map(({ image }) => image.id);

describe('halve', () => {
  it('keeps every row once and in order, counts each once, and settles the range with the last part alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }), (rows, most) => {
        const work = batchOf(rows);
        const parts = cut(work, most);
        expect(parts.flatMap(idsOf)).toEqual(idsOf(work));
        for (const part of parts) expect(part.rows.length).toBeLessThanOrEqual(most);
        expect(parts.reduce((sum, { rowsRead }) => sum + rowsRead, 0)).toBe(work.rowsRead);
        for (const status of ['exact', 'inferred', 'ambiguous', 'unmappable', 'not-applicable'] as const)
          expect(parts.reduce((sum, { counts }) => sum + counts[status], 0)).toBe(work.counts[status]);
        expect(parts.map(({ covers }) => covers)).toEqual([...parts.slice(1).map(() => 'nothing'), 'range']);
      }),
    );
  });

  it.each([
    [2, 1, 1],
    [3, 2, 1],
    [9, 5, 4],
  ])('cuts %i rows into %i and %i', (rows, first, second) => {
    expect(halve(batchOf(rows))?.map((half) => half.rows.length)).toEqual([first, second]);
  });

  it.each([0, 1])('has nothing to halve of %i rows', (rows) => {
    expect(halve(batchOf(rows))).toBeNull();
  });
});
