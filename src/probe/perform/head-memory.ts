import { HEAD_LENGTH } from '../reading/file-head.ts';

/** Pieces kept for the next images: as many as may be read at once. */
const MOST_KEPT = 64;

const spare: Uint8Array[] = [];

/**
 * Runs work with memory for the head of one image, `HEAD_LENGTH` bytes with whatever an earlier image left in them. Taken anew for every
 * image, half a megabyte comes from the system page by page and calls for the garbage collector after some dozens, which then had a fifth
 * of the time of probing local files (measured on 2026-11-28).
 *
 * @param work must not hand out anything that lies in this memory.
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
