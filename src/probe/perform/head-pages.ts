import { HEAD_LENGTH } from '../reading/fields.ts';
import { FIRST_STEP } from '../reading/layer.ts';
import type { ByteSource } from '../reading/source.ts';

/** Pieces kept for the next images: as many as are read at once. */
const MOST_KEPT = 64;

const spare: Uint8Array[] = [];

/**
 * Runs work with memory for the head of one image: `HEAD_LENGTH` bytes, with leftovers of an earlier image in them. A
 * new allocation for each image made the system hand out half a megabyte page by page and woke the garbage collector
 * every few dozen images, a fifth of the time of probing local files (measured on 2026-11-28).
 *
 * @param work must not return anything that lies in this memory.
 */
export async function withHeadMemory<T>(work: (room: Uint8Array) => Promise<T>): Promise<T> {
  const room = spare.pop() ?? newHead();
  try {
    return await work(room);
  } finally {
    if (spare.length < MOST_KEPT) spare.push(room);
  }
}

export function newHead(): Uint8Array {
  return Buffer.allocUnsafeSlow(HEAD_LENGTH);
}

const PAGE = 4096;

/** Pieces that are read on demand; the next request reads the rest. A head takes at most this many requests and two. */
const MOST_PIECES = 4;

/** The head of a near source, page by page as it is asked for. */
export interface HeadPages {
  /** Bytes of the head, or of the source where that is shorter. */
  readonly length: () => number;
  /** Bytes [offset, offset + length) of the head; fewer where the source has been truncated since. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Cost of reading the head at once, minus the real cost; may be negative. Zero before the first read. */
  uncharged(): { readonly requests: number; readonly bytes: number };
}

/**
 * Reads pages of the head of `source`.
 *
 * @param size bytes of the source.
 * @param room memory of `HEAD_LENGTH` bytes; the answers lie in it.
 */
export function headPages(source: ByteSource, size: number, room: Uint8Array): HeadPages {
  const whole = Math.min(HEAD_LENGTH, size);
  const present = new Uint8Array(HEAD_LENGTH / PAGE);
  let length = whole;
  let requests = 0;
  let bytes = 0;

  const fill = async (from: number, to: number): Promise<void> => {
    const answer = await source.read(from, to - from, room.subarray(from, to));
    if (answer.byteOffset !== room.byteOffset + from || answer.buffer !== room.buffer) room.set(answer, from);
    requests += 1;
    bytes += answer.length;
    if (answer.length < to - from) length = Math.min(length, from + answer.length);
    present.fill(1, from / PAGE, Math.ceil(to / PAGE));
  };

  const firstMissing = (from: number, to: number): number => {
    const page = present.indexOf(0, Math.floor(from / PAGE));
    return page < 0 || page * PAGE >= to ? to : page * PAGE;
  };

  const endOfGap = (from: number, to: number): number => {
    const page = present.indexOf(1, from / PAGE);
    const end = page < 0 ? to : Math.min(page * PAGE, to);
    return Math.min(Math.ceil(end / PAGE) * PAGE, whole);
  };

  return {
    length: () => length,
    read: async (offset, wanted) => {
      const end = Math.min(offset + wanted, whole);
      for (let at = firstMissing(offset, end); at < end; at = firstMissing(at, end)) {
        if (requests === 0) await fill(0, Math.min(Math.max(FIRST_STEP, end), whole));
        else if (requests > MOST_PIECES) await fill(at, whole);
        else await fill(at, endOfGap(at, end));
      }
      return room.subarray(Math.min(offset, length), Math.min(end, length));
    },
    uncharged: () => (requests === 0 ? { requests: 0, bytes: 0 } : { requests: 1 - requests, bytes: whole - bytes }),
  };
}
