import { latin1, type Fields } from '../../reading/fields.ts';

export const TAR_BLOCK = 512;
const CHECKSUM = 148;

/** Reads the header at an offset; null where its checksum is wrong or a number is invalid. */
export function tarHeaderAt(fields: Fields, offset: number) {
  if (!fields.has(offset, TAR_BLOCK)) return null;
  const block = fields.slice(offset, offset + TAR_BLOCK);
  const stored = octal(block, CHECKSUM, 8);
  const size = numberAt(block, 124, 12);
  if (block[0] === 0 || stored === null || size === null || !isChecksum(block, stored)) return null;
  const magic = fields.is(offset + 257, 'ustar') ? 'ustar' : 'none';
  const prefix = magic === 'ustar' && block[263] === 0x30 ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  return {
    // Comes from the image: compared, never shown.
    name: prefix === '' ? name : `${prefix}/${name}`,
    // Bytes of data, without the padding to 512.
    size,
    typeFlag: String.fromCharCode(block[156] ?? 0),
    magic,
    // Target of a link: compared, never shown.
    link: textAt(block, 157, 100),
  };
}

/** The header of one member of a tar archive. Source: POSIX.1-1988 "ustar" and GNU tar, src/tar.h. */
export type TarHeader = Readonly<NonNullable<ReturnType<typeof tarHeaderAt>>>;

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

/** Reads octal digits or GNU's big-endian number, whose first bit is set; null for anything else and above 2^53 - 1. */
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

/** Reads digits to the first blank or NUL, as GNU tar does (src/list.c, from_header), and ignores what follows. */
function octal(block: Uint8Array, start: number, length: number): number | null {
  const digits = /^ *([0-7]+)(?:[ \0]|$)/u.exec(latin1(block, start, start + length))?.[1];
  return digits === undefined ? null : Number.parseInt(digits, 8);
}

function textAt(block: Uint8Array, start: number, length: number): string {
  const text = latin1(block, start, start + length);
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

/** Keywords and values in the order of the header: GNU.sparse 0.0 repeats its keywords. */
export type PaxRecords = readonly (readonly [keyword: string, value: string])[];

/**
 * Reads the records of an extended header, `LENGTH KEYWORD=VALUE\n`, up to the first invalid one. The length counts the
 * bytes of the whole record. Texts are compared, never shown. Source: POSIX.1-2001, pax, "pax Extended Header".
 */
export function paxRecords(bytes: Uint8Array): PaxRecords {
  const text = latin1(bytes);
  const records: (readonly [string, string])[] = [];
  for (let at = 0; at < text.length;) {
    const digits = /^\d{1,10} /u.exec(text.slice(at, at + 11))?.[0];
    const end = at + Number(digits ?? Number.NaN);
    const equals = text.indexOf('=', at);
    if (digits === undefined || !(end <= text.length) || equals < 0 || equals >= end || text[end - 1] !== '\n') break;
    records.push([text.slice(at + digits.length, equals), text.slice(equals + 1, end - 1)]);
    at = end;
  }
  return records;
}

/** Returns the value of a keyword. The last one counts. */
export function paxText(records: PaxRecords, keyword: string): string | null {
  return records.findLast(([key]) => key === keyword)?.[1] ?? null;
}

/** Returns the value of a keyword as a number; null where it is missing, no decimal number, or above 2^53 - 1. */
export function paxNumber(records: PaxRecords, keyword: string): number | null {
  return decimal(paxText(records, keyword) ?? '');
}

export function decimal(text: string): number | null {
  const value = /^\d{1,16}$/u.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}
