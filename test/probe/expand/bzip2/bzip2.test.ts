import { expect, it, describe } from 'vitest';
import { BitReader, readPrefixCode, expandBzip2 } from '../../../../src/probe/expand/bzip2/bzip2.ts';
import { bitsOf } from '../support/bits.ts';
import { expandedBy, expectPlain } from '../support/expect-plain.ts';
import { BZIP2, PLAIN } from '../support/packed.ts';

it('reads bits from the most significant on, across bytes', () => {
  const reader = new BitReader(Uint8Array.of(0xff, 0b1010_0101, 0x12, 0x34, 0x56, 0x78), 1);
  expect([reader.bit(), reader.bits(3), reader.bits(0), reader.bits(4)]).toEqual([1, 0b010, 0, 0b0101]);
  expect(reader.bits(32)).toBe(0x12345678);
  expect(reader.isPast).toBe(false);
});

it('reads zeros past the end, and says so', () => {
  const reader = new BitReader(Uint8Array.of(0xff), 0);
  expect(reader.bits(8)).toBe(0xff);
  expect(reader.isPast).toBe(false);
  expect(reader.bits(4)).toBe(0);
  expect(reader.isPast).toBe(true);
});

it('goes to the next byte', () => {
  const reader = new BitReader(Uint8Array.of(0xff, 0x00, 0xff), 0);
  expect(reader.nextByte()).toBe(0);
  reader.bits(3);
  expect(reader.nextByte()).toBe(1);
  expect(reader.bits(8)).toBe(0);
});

/** A code of three symbols with words of 1, 2 and 2 bits, and words behind it. */
const CODE = [
  [1, 5],
  [0b0, 1],
  [0b10_0, 3],
  [0b0, 1],
] as const;

describe('a prefix code', () => {
  it('has words by length, and by symbol among those of one length', () => {
    const reader = new BitReader(bitsOf([...CODE, [0b0, 1], [0b10, 2], [0b11, 2], [0b0, 1]]), 0);
    const code = readPrefixCode(reader, 3);
    expect([1, 2, 3, 4].map(() => code?.read(reader))).toEqual([0, 1, 2, 0]);
  });
  it('has lengths that go down as well', () => {
    // 2, then 2 - 1.
    const reader = new BitReader(
      bitsOf([
        [2, 5],
        [0, 1],
        [0b11_0, 3],
        [0b0, 1],
        [0b10, 2],
      ]),
      0,
    );
    const code = readPrefixCode(reader, 2);
    expect([code?.read(reader), code?.read(reader)]).toEqual([1, 0]);
  });
  it('gives -1 for a word that it does not have', () => {
    const reader = new BitReader(
      bitsOf([
        [2, 5],
        [0, 1],
        [0xff_ffff, 24],
      ]),
      0,
    );
    expect(readPrefixCode(reader, 1)?.read(reader)).toBe(-1);
  });
  it.each([
    [
      'a length of 0',
      bitsOf([
        [0, 5],
        [0, 3],
      ]),
    ],
    [
      'a length of 21',
      bitsOf([
        [20, 5],
        [0b10_0, 3],
      ]),
    ],
    ['lengths without end', bitsOf([[19, 5], ...Array.from({ length: 9 }, () => [0b10, 2] as const)])],
    ['no bytes', new Uint8Array(0)],
  ])('with %s is none', (_, bytes) => expect(readPrefixCode(new BitReader(bytes, 0), 2)).toBeNull());
});

/** The bits of the only block of a stream. */
function blockOf(stream: Uint8Array): string {
  const bits = Array.from(stream, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const end = (0x177245385090).toString(2).padStart(48, '0');
  return bits.slice(32, bits.indexOf(end));
}

const bytesOf = (bits: string): Uint8Array =>
  Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, index) =>
    Number.parseInt(bits.slice(index * 8, index * 8 + 8).padEnd(8, '0'), 2),
  );

const HEADER = Array.from(Buffer.from('BZh9'), (byte) => byte.toString(2).padStart(8, '0')).join('');
const END = `${(0x177245385090).toString(2).padStart(48, '0')}${'0'.repeat(32)}`;
const BLOCK = blockOf(BZIP2);
const text = PLAIN.toString('latin1');

describe('streams of bzip2', () => {
  it('are expanded', () => expectPlain(expandBzip2, BZIP2, 'concatenates'));
  it('may have no block', () => {
    const empty = Buffer.from('QlpoORdyRThQkAAAAAA=', 'base64');
    expect(expandedBy(expandBzip2, empty)).toEqual({ plain: '', ended: true });
    expect(expandedBy(expandBzip2, Buffer.concat([empty, BZIP2])).plain).toBe(text);
  });
  it('have blocks that do not begin with a byte', () => {
    expect(expandedBy(expandBzip2, bytesOf(HEADER + BLOCK + BLOCK + END))).toEqual({
      plain: text + text,
      ended: true,
    });
  });
  it('do not allocate anew for each block: 400 of the largest size', () => {
    // With a table for each, these would take 1.4 GB.
    const before = process.memoryUsage().arrayBuffers;
    const output = expandedBy(expandBzip2, bytesOf(HEADER + BLOCK.repeat(400)), 400 * text.length);
    expect(output.plain).toBe(text.repeat(400));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20);
  });
  it.each([
    ['a level of 0', 'BZh0'],
    ['a level that is no digit', 'BZh:'],
    ['another magic', 'BZH9'],
  ])('with %s are none', (_, header) => {
    const other = Buffer.concat([Buffer.from(header), BZIP2.subarray(4)]);
    expect(expandedBy(expandBzip2, other)).toEqual({ plain: '', ended: false });
  });
});

describe('a block', () => {
  const changed = (at: number, bits: string): string => BLOCK.slice(0, at) + bits + BLOCK.slice(at + bits.length);
  it('is judged by its plaintext and not by its checksum', () => {
    expect(expandedBy(expandBzip2, bytesOf(HEADER + changed(48, '1'.repeat(32)) + END)).plain).toBe(text);
  });
  it.each([
    ['randomised', changed(80, '1')],
    ['with an origin behind its end', changed(81, '1'.repeat(24))],
    ['of another magic', changed(0, '1')],
  ])('%s gives nothing', (_, block) => {
    expect(expandedBy(expandBzip2, bytesOf(HEADER + block + END))).toEqual({ plain: '', ended: false });
  });
});
