import { describe, expect, it } from 'vitest';
import {
  numberAt,
  tarHeaderAt,
  decimal,
  paxNumber,
  paxRecords,
  paxText,
} from '../../../../src/probe/envelopes/tar/header.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { tarMember, type MadeMember, paxRecord } from '../support/tar.ts';

const headerOf = (member: MadeMember): ReturnType<typeof tarHeaderAt> => tarHeaderAt(fieldsOf(tarMember(member)), 0);

describe('a header', () => {
  it('has name, size, type and link', () => {
    expect(headerOf({ name: 'a/b', data: 'text', type: '2', link: 'c' })).toEqual({
      name: 'a/b',
      size: 4,
      typeFlag: '2',
      magic: 'ustar',
      link: 'c',
    });
  });
  it('has a prefix of its name in the format of POSIX, and not in that of GNU', () => {
    expect(headerOf({ name: 'b', patches: [[345, 'a']] })?.name).toBe('a/b');
    expect(
      headerOf({
        name: 'b',
        patches: [
          [263, '  '],
          [345, 'a'],
        ],
      })?.name,
    ).toBe('b');
    expect(headerOf({ name: 'b', magic: 'none', patches: [[345, 'a']] })).toMatchObject({ name: 'b', magic: 'none' });
  });
  it('may be summed with signed bytes', () => {
    const bytes = tarMember({ name: 'a\xe9' });
    const [stored = ''] = /[0-7]+/u.exec(bytes.toString('latin1', 148, 156)) ?? [];
    bytes.write((Number.parseInt(stored, 8) - 256).toString(8).padStart(6, '0'), 148, 'latin1');
    expect(tarHeaderAt(fieldsOf(bytes), 0)?.name).toBe('a\xe9');
  });
  it.each([
    ['a wrong sum', (bytes: Buffer) => bytes.fill(1, 300, 301)],
    ['a sum that is no number', (bytes: Buffer) => bytes.write('x', 148)],
    ['no name', (bytes: Buffer) => bytes.fill(0)],
  ])('with %s is none', (_, change) => {
    const bytes = tarMember({ name: 'a' });
    change(bytes);
    expect(tarHeaderAt(fieldsOf(bytes), 0)).toBeNull();
  });
  it('needs 512 bytes', () => {
    expect(tarHeaderAt(fieldsOf(tarMember({ name: 'a' }).subarray(0, 511)), 0)).toBeNull();
  });
});

describe('a number', () => {
  const number = (...bytes: readonly number[]): number | null => numberAt(Uint8Array.from(bytes), 0, bytes.length);
  const text = (value: string): number | null => number(...Buffer.from(value, 'latin1'));
  it('has octal digits up to a blank or NUL', () => {
    expect([text('  17 '), text('17\0x'), text('17'), text('0000017\u0000')]).toEqual([15, 15, 15, 15]);
    expect([text('18'), text(''), text('    '), text('17x')]).toEqual([null, null, null, null]);
  });
  it('is big-endian behind 80, up to 2^53 - 1', () => {
    expect(number(0x80, 0, 1, 0)).toBe(256);
    expect(number(0x80, 0, 0x1f, 255, 255, 255, 255, 255, 255)).toBe(Number.MAX_SAFE_INTEGER);
    expect(number(0x80, 0, 0x20, 0, 0, 0, 0, 0, 0)).toBeNull();
    expect(number(0xff, 255, 255)).toBeNull();
  });
});

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
