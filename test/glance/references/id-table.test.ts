import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { IdTable } from '../../../src/glance/references/id-table.ts';
import { runs } from '../../support/effort.ts';

/** Ids as they are met: uuids in the canonical spelling, near misses of it, and anything else. */
const id = fc.oneof(
  fc.uuid(),
  fc.uuid(),
  fc.uuid().map((text) => text.toUpperCase()),
  fc.uuid().map((text) => text.replaceAll('-', '')),
  fc.uuid().map((text) => `${text.slice(0, 35)}g`),
  fc.uuid().map((text) => text.replace('-', '_')),
  fc.string({ maxLength: 40 }),
  fc.integer({ min: 0, max: 5_000 }).map(String),
);

describe('IdTable', () => {
  it('numbers ids as a Map would, whatever they look like', () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 200 }), fc.array(id, { maxLength: 50 }), (added, asked) => {
        const table = new IdTable('exact');
        const model = new Map<string, number>();
        for (const one of added) {
          if (!model.has(one)) model.set(one, model.size);
          expect(table.add(one)).toBe(model.get(one));
        }
        expect(table.size).toBe(model.size);
        for (const one of [...asked, ...added]) expect(table.indexOf(one)).toBe(model.get(one) ?? -1);
        for (const [one, index] of model) expect(table.idAt(index)).toBe(one);
      }),
      runs(300),
    );
  });

  it('takes ids that differ only by case for one where the database does', () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 60 }), (ids) => {
        const table = new IdTable('case-insensitive');
        const folded = new Set<string>();
        for (const one of ids) {
          folded.add(one.toLowerCase());
          table.add(one);
          expect(table.indexOf(one.toUpperCase().toLowerCase())).toBe(table.indexOf(one));
        }
        expect(Array.from({ length: table.size }, (_, index) => table.idAt(index))).toEqual([...folded]);
      }),
      runs(300),
    );
  });

  it('grows far beyond its first capacity', () => {
    const table = new IdTable('exact');
    const uuid = (index: number): string => `${index.toString(16).padStart(8, '0')}-0000-4000-8000-00000000abcd`;
    for (let index = 0; index < 20_000; index += 1) table.add(uuid(index));
    expect(table.size).toBe(20_000);
    expect(table.texts).toBe(0);
    for (let index = 0; index < 20_000; index += 97) expect(table.indexOf(uuid(index))).toBe(index);
    expect(table.indexOf(uuid(20_000))).toBe(-1);
  });

  it('finds in one table what another one numbers', () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 60 }), fc.array(id, { maxLength: 60 }), (ours, theirs) => {
        const [own, other] = [new IdTable('exact'), new IdTable('exact')];
        for (const one of ours) own.add(one);
        for (const one of [...theirs, ...ours.slice(0, 5)]) other.add(one);
        for (let index = 0; index < other.size; index += 1) {
          expect(own.indexOfOther(other, index)).toBe(own.indexOf(other.idAt(index)));
        }
      }),
      runs(300),
    );
  });
});
