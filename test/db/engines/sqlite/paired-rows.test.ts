import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import { openPairedRows, type PairedRows } from '../../../../src/db/engines/sqlite/paired-rows.ts';

function opened(): PairedRows {
  const rows = openPairedRows();
  onTestFinished(() => rows[Symbol.dispose]());
  return rows;
}

const row = (key: string, own = 'own', shared = 'shared') => ({ key, own, shared });

describe('paired rows', () => {
  it('joins two streams in different orders and tells only what differs', () => {
    const rows = opened();
    for (const key of ['a', 'b', 'c', 'd', 'e']) rows.put('before', row(key), 1);
    rows.put('after', row('e', 'own', 'other'), 1);
    rows.put('after', row('f'), 2);
    rows.put('after', row('c', 'changed'), 3);
    rows.put('after', row('a'), 4);
    rows.put('after', row('b'), 5);
    expect([...rows.pairs()]).toEqual([
      { key: 'c', before: { own: 'own', shared: 'shared' }, after: { own: 'changed', shared: 'shared' } },
      { key: 'e', before: { own: 'own', shared: 'shared' }, after: { own: 'own', shared: 'other' } },
      { key: 'd', before: { own: 'own', shared: 'shared' }, after: null },
      { key: 'f', before: null, after: { own: 'own', shared: 'shared' } },
    ]);
  });

  it('keeps the first of two rows with one key and names its line; the other side may have it as well', () => {
    const rows = opened();
    expect(rows.put('before', row('a'), 7)).toBeNull();
    expect(rows.put('before', row('a', 'second'), 9)).toBe(7);
    expect(rows.put('after', row('a'), 1)).toBeNull();
    expect([...rows.pairs()]).toEqual([]);
  });

  it('keeps shared texts apart beyond what it remembers', () => {
    const rows = opened();
    for (let n = 0; n < 9_000; n += 1) {
      rows.put('before', row(`k${n}`, '', `text ${n}`), n);
      rows.put('after', row(`k${n}`, '', `text ${n === 4_321 ? 'x' : n}`), n);
    }
    expect([...rows.pairs()]).toEqual([
      { key: 'k4321', before: { own: '', shared: 'text 4321' }, after: { own: '', shared: 'text x' } },
    ]);
  });

  it('tells keys apart that differ in a NUL, in case or in a blank', () => {
    const rows = opened();
    for (const key of ['a', 'A', 'a ', 'a\0', 'a\0b']) expect(rows.put('before', row(key), 1)).toBeNull();
    expect([...rows.pairs()].map(({ key }) => key)).toEqual(['A', 'a', 'a\0', 'a\0b', 'a ']);
  });

  it('leaves no name of a file behind, not even while it is open', () => {
    const directory = mkdtempSync(join(tmpdir(), 'paired-'));
    const before = process.env['SQLITE_TMPDIR'];
    process.env['SQLITE_TMPDIR'] = directory;
    onTestFinished(() => {
      if (before === undefined) delete process.env['SQLITE_TMPDIR'];
      else process.env['SQLITE_TMPDIR'] = before;
    });
    const rows = opened();
    for (let n = 0; n < 40_000; n += 1) rows.put('before', row(`key ${n}`, 'x'.repeat(600)), n);
    expect(readdirSync(directory)).toEqual([]);
  });
});
