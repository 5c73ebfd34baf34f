import type { ByteSource } from '../../../src/probe/reading/source.ts';

/** A source over bytes in memory, for tests of parsers. */
export function memorySource(bytes: Uint8Array): ByteSource {
  let requests = 0;
  let read = 0;
  return {
    label: 'memory',
    size: () => bytes.length,
    read: (offset, length) => {
      const slice = bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length));
      requests += 1;
      read += slice.length;
      return Promise.resolve(slice);
    },
    cost: () => ({ requests, bytes: read }),
    close: () => Promise.resolve(),
  };
}
