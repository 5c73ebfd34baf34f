import { Unreadable } from './reading.ts';

/**
 * Fields of a byte structure. Every access is checked: past the end it throws `Unreadable` (truncated) instead of
 * returning a wrong value. 64-bit fields are bigint; `toOffset` narrows them.
 */
export class Fields {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #onMiss: () => void;

  constructor(bytes: Uint8Array, onMiss: () => void) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#onMiss = onMiss;
  }

  get bytes(): Uint8Array {
    this.#onMiss();
    return this.#bytes;
  }

  get length(): number {
    this.#onMiss();
    return this.#bytes.length;
  }

  u8(offset: number): number {
    return this.#view.getUint8(this.#need(offset, 1));
  }

  u16le(offset: number): number {
    return this.#view.getUint16(this.#need(offset, 2), true);
  }

  u16be(offset: number): number {
    return this.#view.getUint16(this.#need(offset, 2), false);
  }

  u32le(offset: number): number {
    return this.#view.getUint32(this.#need(offset, 4), true);
  }

  u32be(offset: number): number {
    return this.#view.getUint32(this.#need(offset, 4), false);
  }

  u64le(offset: number): bigint {
    return this.#view.getBigUint64(this.#need(offset, 8), true);
  }

  u64be(offset: number): bigint {
    return this.#view.getBigUint64(this.#need(offset, 8), false);
  }

  /** Whether `length` bytes from `offset` are there. */
  has(offset: number, length: number): boolean {
    if (offset >= 0 && offset + length <= this.#bytes.length) return true;
    this.#onMiss();
    return false;
  }

  /** Whether the bytes at `offset` equal `expected`; false past the end. A string means its Latin-1 bytes. */
  is(offset: number, expected: string | readonly number[]): boolean {
    if (!this.has(offset, expected.length)) return false;
    for (let index = 0; index < expected.length; index += 1) {
      const wanted = typeof expected === 'string' ? expected.charCodeAt(index) : expected[index];
      if (this.#bytes[offset + index] !== wanted) return false;
    }
    return true;
  }

  /** The bytes [start, end); throws `truncated` where some are missing. */
  slice(start: number, end: number): Uint8Array {
    return this.#bytes.subarray(this.#need(start, end - start), end);
  }

  /** The bytes [start, end), as far as they exist. */
  upTo(start: number, end: number): Uint8Array {
    if (end > this.#bytes.length) this.#onMiss();
    return this.#bytes.subarray(start, end);
  }

  /** Latin-1 text of [start, end), for comparing only. */
  text(start: number, end: number): string {
    return latin1(this.#bytes, this.#need(start, end - start), end);
  }

  #need(offset: number, length: number): number {
    if (Number.isSafeInteger(offset) && offset >= 0 && offset + length <= this.#bytes.length) return offset;
    this.#onMiss();
    throw new Unreadable('truncated', `${length} bytes wanted at ${offset} of ${this.#bytes.length}`);
  }
}

/**
 * Fields over `bytes`.
 *
 * @param onMiss called when a read goes past the end, or asks for all bytes or their number. For bytes that are only
 * the beginning of something longer: the answer may change when more is read.
 */
export function fieldsOf(bytes: Uint8Array, onMiss: () => void = () => undefined): Fields {
  return new Fields(bytes, onMiss);
}

/** Latin-1 text of the bytes [start, end), as far as they exist; for comparing only. */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const piece = bytes.subarray(start, end);
  return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1');
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

/** The beginning of a file, read before anything is decided. */
export interface FileHead {
  /** The first `HEAD_LENGTH` bytes, or all of a shorter file. */
  readonly head: Fields;
  /** Bytes of the whole file; null where the source does not tell. */
  readonly size: number | null;
}

/** Length of the first read. It suffices for raw, qcow2, QED, VDI, VHD and VMDK images of usual layout. */
export const HEAD_LENGTH = 512 * 1024;

/** Guest bytes that are examined. The last structure in them, the superblock of Btrfs, ends here (68 KiB). */
export const WINDOW_LENGTH = 69_632;
