import { describe, expect, it } from 'vitest';
import { decimal, paxNumber, paxRecords, paxText } from '../../../../src/probe/envelopes/tar/pax-records.ts';
import { paxRecord } from '../support/tar.ts';

const read = (text: string): ReturnType<typeof paxRecords> => paxRecords(Buffer.from(text, 'latin1'));

describe('records of an extended header', () => {
  it('are lengths, keywords and values', () => {
    expect(paxRecord('path', 'a=b')).toBe('12 path=a=b\n');
    expect(read('12 path=a=b\n8 size=\n')).toEqual([
      ['path', 'a=b'],
      ['size', ''],
    ]);
  });
  it('end at the first that breaks the rules', () => {
    const good = paxRecord('path', 'a');
    for (const bad of ['8 x=ab\n', '4 x=a\n', '99 x=a\n', 'x=a\n', '6 xa\n', '-6 x=a\n', '0 x=a\n', '\0\0\0']) {
      expect(read(good + bad + good), bad).toEqual([['path', 'a']]);
    }
  });
  it('count with the last of a keyword', () => {
    const records = read(paxRecord('size', '5') + paxRecord('size', '7'));
    expect([paxText(records, 'size'), paxNumber(records, 'size'), paxText(records, 'path')]).toEqual(['7', 7, null]);
  });
});

it('a number has decimal digits and is at most 2^53 - 1', () => {
  expect([decimal('0'), decimal('007'), decimal('9007199254740991')]).toEqual([0, 7, Number.MAX_SAFE_INTEGER]);
  expect(['', '-1', '1.5', ' 1', '9007199254740992', '1e3'].map(decimal)).toEqual([null, null, null, null, null, null]);
});
