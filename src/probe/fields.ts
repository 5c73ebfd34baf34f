import { Unreadable } from './reading.ts';

/**
 * Fields of a byte structure. Every access is checked: past the end is `Unreadable` (truncated), never a wrong value.
 * 64-bit fields come as bigint; `toOffset` narrows them.
 */
export interface Fields {
  readonly bytes: Uint8Array;
  readonly length: number;
  u8(offset: number): number;
  u16le(offset: number): number;
  u16be(offset: number): number;
  u32le(offset: number): number;
  u32be(offset: number): number;
  u64le(offset: number): bigint;
  u64be(offset: number): bigint;
  /** Whether `length` bytes from `offset` are there. */
  has(offset: number, length: number): boolean;
  /** Whether the bytes at `offset` are these; false past the end. A string stands for its Latin-1 bytes. */
  is(offset: number, expected: string | readonly number[]): boolean;
  /** The bytes [start, end); `truncated` where they are not all there. */
  slice(start: number, end: number): Uint8Array;
  /** Latin-1 text of [start, end), for comparing only. */
  text(start: number, end: number): string;
}

export function fieldsOf(bytes: Uint8Array): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const need = (offset: number, length: number): number => {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset + length > bytes.length) {
      throw new Unreadable('truncated', `${length} bytes wanted at ${offset} of ${bytes.length}`);
    }
    return offset;
  };
  const has = (offset: number, length: number): boolean => offset >= 0 && offset + length <= bytes.length;
  return {
    bytes,
    length: bytes.length,
    u8: (offset) => view.getUint8(need(offset, 1)),
    u16le: (offset) => view.getUint16(need(offset, 2), true),
    u16be: (offset) => view.getUint16(need(offset, 2), false),
    u32le: (offset) => view.getUint32(need(offset, 4), true),
    u32be: (offset) => view.getUint32(need(offset, 4), false),
    u64le: (offset) => view.getBigUint64(need(offset, 8), true),
    u64be: (offset) => view.getBigUint64(need(offset, 8), false),
    has,
    is: (offset, expected) => {
      if (!has(offset, expected.length)) return false;
      for (let index = 0; index < expected.length; index += 1) {
        const wanted = typeof expected === 'string' ? expected.charCodeAt(index) : expected[index];
        if (bytes[offset + index] !== wanted) return false;
      }
      return true;
    },
    slice: (start, end) => bytes.subarray(need(start, end - start), end),
    text: (start, end) =>
      Buffer.from(bytes.buffer, bytes.byteOffset + need(start, end - start), end - start).toString('latin1'),
  };
}

/** Whether `value` is a power of two in [least, most]. */
export function isPowerOfTwo(value: number, least = 1, most = Number.MAX_SAFE_INTEGER): boolean {
  return value >= least && value <= most && Number.isInteger(Math.log2(value));
}

/** A 64-bit field as a file offset or length; `malformed` beyond 2^53 - 1, where no file can be. */
export function toOffset(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER))
    throw new Unreadable('malformed', `${what} is ${value}, beyond any file`);
  return Number(value);
}
