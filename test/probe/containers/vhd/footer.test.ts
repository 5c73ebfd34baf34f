import { describe, expect, it } from 'vitest';
import {
  complementSum,
  readFooter,
  sameDisk,
  soundEndFooter,
  virtualSizeOf,
  type VhdFooter,
} from '../../../../src/probe/containers/vhd/footer.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { footer } from '../vhd-image.ts';

const dynamic = readFooter(footer()) as VhdFooter;

it('sums bytes without the checksum itself', () => {
  // 1 + 2 + 9 = 12, whose complement is 0xfffffff3.
  expect(complementSum(Uint8Array.of(1, 2, 255, 255, 255, 255, 9), 2)).toBe(0xffff_fff3);
});

describe('a footer', () => {
  it('is none without its cookie or with fewer than 511 bytes', () => {
    expect(readFooter(new Uint8Array(512))).toBeNull();
    expect(readFooter(footer().subarray(0, 510))).toBeNull();
    expect(readFooter(footer().subarray(0, 511))).toMatchObject({ checksumHolds: true });
  });

  it('is read although its checksum is wrong', () => {
    const changed = Buffer.from(footer());
    changed[100] = 1;
    expect(readFooter(changed)).toEqual({ ...dynamic, checksumHolds: false });
  });
});

describe('at the end of a file', () => {
  it('has 512 bytes, or 511 from a whole sector on', () => {
    expect(soundEndFooter(footer(), 2048)?.offset).toBe(1536);
    expect(soundEndFooter(footer().subarray(0, 511), 2047)?.offset).toBe(1536);
    expect(soundEndFooter(footer().subarray(0, 511), 2048)).toBeNull();
  });

  it('must have a right checksum and a known version', () => {
    const changed = Buffer.from(footer());
    changed[100] = 1;
    expect(soundEndFooter(changed, 2048)).toBeNull();
    expect(soundEndFooter(footer({ version: 0x0002_0000 }), 2048)).toBeNull();
    expect(soundEndFooter(footer({ version: 0x0001_0007 }), 2048)).not.toBeNull();
  });
});

describe('the size of the disk', () => {
  const sizes = { currentSize: 1_000_000n, geometrySize: 900_000, geometryIsLargest: false };

  it.each([
    ['vpc ', 900_000],
    ['qemu', 900_000],
    ['qem2', 1_000_000],
    ['win ', 1_000_000],
  ])('by %s is %d', (creator, size) => {
    expect(virtualSizeOf({ ...dynamic, ...sizes, creator })).toBe(size);
  });

  it('is the current one where the geometry says nothing', () => {
    expect(virtualSizeOf({ ...dynamic, ...sizes, creator: 'qemu', geometrySize: 0 })).toBe(1_000_000);
    expect(virtualSizeOf({ ...dynamic, ...sizes, creator: 'qemu', geometryIsLargest: true })).toBe(1_000_000);
  });

  it('is none beyond 2^53', () => {
    expect(() => virtualSizeOf({ ...dynamic, creator: 'win ', currentSize: 2n ** 53n })).toThrow(Unreadable);
  });
});

it('is that of the same disk whatever its saved state, and of another with another id', () => {
  expect(sameDisk(dynamic, { ...dynamic, checksumHolds: false, version: 7 })).toBe(true);
  expect(sameDisk(dynamic, { ...dynamic, uniqueId: 'another' })).toBe(false);
  expect(sameDisk(dynamic, { ...dynamic, currentSize: dynamic.currentSize + 1n })).toBe(false);
});
