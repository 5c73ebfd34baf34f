import { describe, expect, it } from 'vitest';
import {
  bigintOrNull,
  flag,
  keyText,
  type RowComplaints,
  textOrNull,
} from '../../../src/glance/tables/driver-value.ts';

function collected(read: (complaints: RowComplaints) => unknown): readonly [unknown, number] {
  const complaints: RowComplaints = { problems: [] };
  return [read(complaints), complaints.problems.length];
}

describe('values of drivers', () => {
  it('give keys as text, and null for what can be none', () => {
    expect(['a', 7, 7n, null, undefined, true, Buffer.from('a')].map(keyText)).toEqual([
      'a',
      '7',
      '7',
      null,
      null,
      null,
      null,
    ]);
  });

  it('give flags from booleans and numbers; NULL is false', () => {
    expect([true, 1, 1n, '1', 2].map(flag)).toEqual([true, true, true, true, true]);
    expect([false, 0, 0n, null, '0'].map(flag)).toEqual([false, false, false, false, false]);
  });

  it('give whole numbers as bigint, and complain about all others', () => {
    expect(['-12', 12, 12n, null, undefined].map((value) => collected((to) => bigintOrNull(value, 'x', to)))).toEqual([
      [-12n, 0],
      [12n, 0],
      [12n, 0],
      [null, 0],
      [null, 0],
    ]);
    for (const value of ['1.5', '', 1.5, 2 ** 53, true, '12345678901234567890'])
      expect(collected((to) => bigintOrNull(value, 'x', to))).toEqual([null, 1]);
  });

  it('give texts, and complain about bytes by place and type', () => {
    expect(collected((to) => textOrNull('é', 'x', to))).toEqual(['é', 0]);
    const complaints: RowComplaints = { problems: [] };
    expect(textOrNull(Buffer.from('a'), 'images.name of 1', complaints)).toBeNull();
    expect(complaints.problems).toMatchObject([{ place: 'images.name of 1', found: 'a value of type object' }]);
  });
});
