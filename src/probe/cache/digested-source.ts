import { createHash } from 'node:crypto';

import { FIRST_STEP } from '../reading/layer.ts';
import type { ByteSource } from '../reading/source.ts';

/**
 * Bytes of the head that are digested, fewer if the image is shorter. They are part of the first read of every source,
 * so the digest costs no further read and is the same for near and far sources.
 */
export const DIGESTED_BYTES: number = FIRST_STEP;

/** A source that knows the digest of its first bytes. */
export interface DigestedSource extends ByteSource {
  /** Reads the first bytes, once. @returns their SHA-256 in hexadecimal; null if the image is empty. */
  readHead(): Promise<string | null>;
  /** The digest if the first bytes were read, else null. */
  head(): string | null;
}

/** Adds the digest to a source. Bytes that `readHead` read are not requested again. */
export function digestedSource(source: ByteSource): DigestedSource {
  let digest: string | null = null;
  let held = new Uint8Array(0);

  const isWhole = (answer: Uint8Array, length: number): boolean =>
    length >= DIGESTED_BYTES || answer.length < length || answer.length === source.size();

  const observed = async (offset: number, length: number, room?: Uint8Array): Promise<Uint8Array> => {
    const answer = await source.read(offset, length, room);
    if (offset === 0 && digest === null && answer.length > 0 && isWhole(answer, length)) {
      digest = createHash('sha256').update(answer.subarray(0, DIGESTED_BYTES)).digest('hex');
    }
    return answer;
  };

  return {
    ...source,
    head: () => digest,
    readHead: async () => {
      if (digest === null) held = Uint8Array.from(await observed(0, DIGESTED_BYTES));
      return digest;
    },
    read: async (offset, length, room) => {
      if (offset >= held.length) return observed(offset, length, room);
      const piece = held.subarray(offset, offset + length);
      if (piece.length === length || held.length < DIGESTED_BYTES) return piece;
      const rest = await source.read(held.length, length - piece.length, room?.subarray(piece.length));
      if (room === undefined) return Buffer.concat([piece, rest]);
      room.set(piece);
      if (rest.buffer !== room.buffer) room.set(rest, piece.length);
      return room.subarray(0, piece.length + rest.length);
    },
  };
}
