import { latin1, type Fields } from '../../reading/fields.ts';

/** The header of one member of a tar archive. Source: POSIX.1-1988 "ustar" and GNU tar, src/tar.h. */
export interface TarHeader {
  /** Comes from the image: compared, never shown. */
  readonly name: string;
  /** Bytes of data, without the padding to 512. */
  readonly size: number;
  readonly typeFlag: string;
  readonly magic: 'ustar' | 'none';
  /** Target of a link: compared, never shown. */
  readonly link: string;
}

export const TAR_BLOCK = 512;
const CHECKSUM = 148;

/** Reads the header at an offset; null where its checksum is wrong or a number is invalid. */
export function tarHeaderAt(fields: Fields, offset: number): TarHeader | null {
  if (!fields.has(offset, TAR_BLOCK)) return null;
  const block = fields.slice(offset, offset + TAR_BLOCK);
  const stored = octal(block, CHECKSUM, 8);
  const size = numberAt(block, 124, 12);
  if (block[0] === 0 || stored === null || size === null || !isChecksum(block, stored)) return null;
  const magic = fields.is(offset + 257, 'ustar') ? 'ustar' : 'none';
  const prefix = magic === 'ustar' && block[263] === 0x30 ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size,
    typeFlag: String.fromCharCode(block[156] ?? 0),
    magic,
    link: textAt(block, 157, 100),
  };
}

/** Whether `stored` is the sum of all bytes, with blanks in the field of the sum. Old tools summed signed bytes. */
function isChecksum(block: Uint8Array, stored: number): boolean {
  let unsigned = 0;
  let signed = 0;
  for (let index = 0; index < TAR_BLOCK; index += 1) {
    const byte = index >= CHECKSUM && index < CHECKSUM + 8 ? 0x20 : (block[index] ?? 0);
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return stored === unsigned || stored === signed;
}

/**
 * Reads octal digits or GNU's big-endian number, which has its first bit set; null for anything else and above 2^53 -
 * 1.
 */
export function numberAt(block: Uint8Array, start: number, length: number): number | null {
  const first = block[start] ?? 0;
  if (first < 0x80) return octal(block, start, length);
  if (first !== 0x80) return null;
  let value = 0;
  for (let index = start + 1; index < start + length; index += 1) {
    value = value * 256 + (block[index] ?? 0);
    if (value > Number.MAX_SAFE_INTEGER) return null;
  }
  return value;
}

/**
 * Reads digits to the first blank or NUL, as GNU tar does (src/list.c, from_header), and ignores what follows.
 */
function octal(block: Uint8Array, start: number, length: number): number | null {
  const digits = /^ *([0-7]+)(?:[ \0]|$)/u.exec(latin1(block, start, start + length))?.[1];
  return digits === undefined ? null : Number.parseInt(digits, 8);
}

function textAt(block: Uint8Array, start: number, length: number): string {
  const text = latin1(block, start, start + length);
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}
