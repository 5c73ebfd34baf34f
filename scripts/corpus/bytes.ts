import { createCipheriv } from 'node:crypto';

/** Integers as the bytes of a header; and bytes that look like nothing. */

export function le16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function le32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function le64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

export function be16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function be32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function be64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** `length` bytes with `parts` at their offsets. */
export function assemble(length: number, parts: readonly (readonly [number, Uint8Array | string])[]): Buffer {
  const bytes = Buffer.alloc(length);
  for (const [offset, part] of parts) {
    bytes.set(typeof part === 'string' ? Buffer.from(part, 'latin1') : part, offset);
  }
  return bytes;
}

/** Random-looking bytes, the same every time for the same seed. */
export function noise(length: number, seed: number): Buffer {
  const cipher = createCipheriv('aes-256-ctr', Buffer.alloc(32, seed), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(length));
}
