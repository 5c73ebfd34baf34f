import { describe, expect, it } from 'vitest';
import { isSealed, sealAfter, type SealedColumns, sealOf } from '../../src/journal/seal.ts';

const COLUMNS: SealedColumns = { table: 't', numbers: ['id'], texts: ['word', 'none'] };
const ROW = { id: 1, word: 'a', none: null };

describe('a seal', () => {
  it('is the same whatever type a driver gives a number', () => {
    const seal = sealOf(COLUMNS, ROW);
    expect(seal).toMatch(/^[\w-]{16}$/);
    expect([sealOf(COLUMNS, { ...ROW, id: 1n }), sealOf(COLUMNS, { ...ROW, id: '1' })]).toEqual([seal, seal]);
  });

  it('covers every column, the difference of NULL and empty, and the table', () => {
    const seals = [
      sealOf(COLUMNS, ROW),
      sealOf(COLUMNS, { ...ROW, id: 2 }),
      sealOf(COLUMNS, { ...ROW, word: 'b' }),
      sealOf(COLUMNS, { ...ROW, none: '' }),
      sealOf({ ...COLUMNS, table: 'u' }, ROW),
    ];
    expect(new Set(seals).size).toBe(seals.length);
  });

  it('goes on only from a row that has its own', () => {
    const sealed = { ...ROW, seal: sealOf(COLUMNS, ROW) };
    expect([isSealed(COLUMNS, sealed), isSealed(COLUMNS, { ...sealed, word: 'b' })]).toEqual([true, false]);
    expect(sealAfter(COLUMNS, sealed, { word: 'b' })).toBe(sealOf(COLUMNS, { ...ROW, word: 'b' }));
    expect(sealAfter(COLUMNS, { ...sealed, id: 9 }, { word: 'b' })).toBe(sealed.seal);
  });
});
