import { describe, expect, it } from 'vitest';
import { recogniseContent } from '../../../../src/probe/contents/recognise.ts';
import { bytesWith, le, type Patch, patched, verdictOf, windowOf } from '../support/windows.ts';

/** One member of a "newc" archive: thirteen fields of eight hexadecimal digits, the name with NUL, padding to four. */
function newc(name: string, data = ''): string {
  const hex = (value: number): string => value.toString(16).padStart(8, '0');
  const fields = [1, 0o100644, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length + 1, 0].map(hex).join('');
  const pad = (text: string): string => text.padEnd(Math.ceil(text.length / 4) * 4, '\0');
  return pad(pad(`070701${fields}${name}\0`) + data);
}

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const lineOf = (bytes: Uint8Array): string => verdictOf(windowOf(bytes, { guestSize: bytes.length }));

describe('an initramfs', () => {
  const archive = bytesOf(newc('init', 'data') + newc('TRAILER!!!'));
  it('is certain with a second member, or with the trailer as the first', () => {
    expect(lineOf(archive)).toBe('ramdisk certain cpio newc');
    expect(lineOf(bytesOf(newc('TRAILER!!!')))).toBe('ramdisk certain cpio newc');
  });
  it('is likely where the second member is out of sight', () => {
    expect(verdictOf(windowOf(archive.slice(0, 130)))).toBe('ramdisk likely cpio newc');
  });
  it('that is shorter than its first member was cut', () => {
    expect(recogniseContent(windowOf(archive.slice(0, 118), { guestSize: 118 }))).toMatchObject({
      confidence: 'likely',
      safety: ['TRUNCATED'],
    });
  });
  it('names early microcode', () => {
    const early = bytesOf(newc('kernel') + newc('kernel/x86/microcode/GenuineIntel.bin', 'code'));
    expect(recogniseContent(windowOf(early))).toHaveProperty(
      'evidence.0.detail',
      'cpio newc: early microcode or ACPI tables first',
    );
  });
  const broken: readonly (readonly [string, Patch])[] = [
    ['a field that is no number', [20, 'x']],
    ['a name of no length', [94, '00000000']],
    ['a name longer than any path', [94, '00001001']],
    ['a name that ends early', [112, [0]]],
    ['a name that does not end', [94, '00000004']],
    ['another magic', [0, '070703']],
  ];
  it.each(broken)('with %s is none', (_, patch) => {
    expect(verdictOf(windowOf(patched(archive, [patch])))).toBe('unknown');
  });
});

describe('older archives of cpio', () => {
  const ODC = `070707${'0'.repeat(53)}000005${'0'.repeat(11)}name\0`;
  it('odc, of octal digits', () => {
    expect(lineOf(bytesOf(ODC))).toBe('other likely cpio odc');
    expect(lineOf(patched(bytesOf(ODC), [[20, '9']]))).toBe('unknown');
    expect(lineOf(patched(bytesOf(ODC), [[59, '000004']]))).toBe('unknown');
  });
  it.each(['little', 'big'])('binary, %s-endian', (order) => {
    const words = (value: number): readonly number[] =>
      order === 'little' ? le(value, 2) : [...le(value, 2)].toReversed();
    const bytes = bytesWith([
      [0, words(0o070707)],
      [6, words(0o100644)],
      [20, words(5)],
      [26, 'name\0'],
    ]);
    expect(lineOf(bytes)).toBe('other weak cpio binary');
    expect(lineOf(patched(bytes, [[6, [0, 0]]]))).toBe('unknown');
    expect(lineOf(patched(bytes, [[20, words(4)]]))).toBe('unknown');
    expect(lineOf(patched(bytes, [[26, [7]]]))).toBe('unknown');
  });
});
