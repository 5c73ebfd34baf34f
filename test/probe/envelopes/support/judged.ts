import { probe } from '../../../../src/probe/probe.ts';
import { memorySource } from '../../../support/images/memory-source.ts';

/** `type/container/envelope confidence`, and safety codes. */
export async function judged(bytes: Uint8Array): Promise<string> {
  const { imageType, containerType, envelope, confidence, safety } = await probe(memorySource(bytes));
  return [`${imageType ?? '-'}/${containerType ?? '-'}/${envelope ?? '-'}`, confidence, ...safety].join(' ');
}

/** A disk of 1 MiB with one partition, which fits it. */
export function disk(): Uint8Array {
  const bytes = Buffer.alloc(1 << 20);
  bytes[450] = 0x83;
  bytes.writeUInt32LE(64, 454);
  bytes.writeUInt32LE(1000, 458);
  bytes.writeUInt16BE(0x55aa, 510);
  return bytes;
}

/** Bytes that no format begins with, the same in every run. */
export function noise(length: number): Uint8Array {
  let state = 7;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}
