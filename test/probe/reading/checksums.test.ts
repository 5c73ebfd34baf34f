import { expect, it } from 'vitest';
import { crc32c } from '../../../src/probe/reading/checksums.ts';

it('CRC-32C of the check string of RFC 3720 and of 32 zeros', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
});
