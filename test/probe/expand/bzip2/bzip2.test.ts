import { describe, expect, it } from 'vitest';
import { expandBzip2 } from '../../../../src/probe/expand/bzip2/bzip2.ts';
import { expandedBy, expectPlain } from '../support/expect-plain.ts';
import { BZIP2, PLAIN } from '../support/packed.ts';

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
