import { describe, expect, it } from 'vitest';

import { opensQcow2 } from '../../../src/probe/inspection/opens-qcow2.ts';
import { readUpTo, Unreadable, type Reading } from '../../../src/probe/reading/reading.ts';
import { patch, qcow2Image, type Patchable } from '../containers/bytes.ts';
import { readOver } from '../reading-over.ts';

const CLUSTER = 65_536;
const image = (version: 2 | 3 = 3) => patch(qcow2Image(version));
/** One header extension, followed by the end. */
const extension = (type: number, length: number) => image().be32(104, type).be32(108, length);

const opens = ({ bytes }: Patchable, read = readUpTo) =>
  readOver(bytes, opensQcow2({ bytes: bytes.subarray(0, 73_728), size: bytes.length }, read)).value;

describe('QEMU opens a qcow2', () => {
  it.each([
    ['of version 2', image(2)],
    ['of version 3', image()],
    ['that is dirty and corrupt', image().be64(72, 3)],
    ['with clusters of 512 bytes', image().be32(20, 9).be32(36, 512)],
    ['with a name of a backing file', image().be64(8, 200).be32(16, 1023)],
    ['with AES', image().be32(32, 1)],
    ['with an L1 table behind the end', image().be64(40, CLUSTER * 1000)],
    ['with refcounts behind the end', image().be64(48, CLUSTER * 1000)],
    ['with as many L1 entries as fit 32 MiB', image().be32(36, 4_194_304)],
    ['with refcounts of 64 bits', image().be32(96, 6)],
    ['with a longer header', image().be32(100, CLUSTER).be32(104, 0)],
    ['with the type zstd', image().be32(100, 112).be64(72, 8).u8(104, 1)],
    ['with clusters of 16 KiB and extended L2', image().be64(72, 16).be32(20, 14)],
    ['with an unknown extension', extension(0x1234_5678, 8)],
    ['with an extension that fills its area', extension(0x1234_5678, CLUSTER - 112)],
    ['with a format of 15 characters', extension(0xe279_2aca, 15)],
    ['with bitmaps that no longer count', extension(0x2385_2875, 24)],
    ['with unknown bits to clear', image().be64(88, 4)],
  ])('%s', (_what, bytes) => {
    expect(opens(bytes)).toBe(true);
  });
});

describe('QEMU refuses a qcow2', () => {
  it.each([
    ['of version 4', image().be32(4, 4)],
    ['with clusters of 256 bytes', image().be32(20, 8)],
    [
      'with clusters of 4 MiB',
      image()
        .be32(20, 22)
        .be64(40, 2 ** 22)
        .be64(48, 2 ** 23),
    ],
    ['with a header of 103 bytes', image().be32(100, 103)],
    ['with a header longer than a cluster', image().be32(100, CLUSTER + 1)],
    ['with a backing file behind the first cluster', image().be64(8, CLUSTER + 1)],
    ['with a name of 1,024 bytes', image().be64(8, 200).be32(16, 1024)],
    [
      'with a name that leaves the first cluster',
      image()
        .be64(8, CLUSTER - 4)
        .be32(16, 5),
    ],
    ['with a type of compression and no bit', image().be32(100, 112).u8(104, 1)],
    ['with the bit and no type', image().be32(100, 112).be64(72, 8)],
    ['with the bit and a header that has no type', image().be64(72, 8).u8(104, 1)],
    ['with type 2 of compression', image().be32(100, 112).be64(72, 8).u8(104, 2)],
    ['with bit 5', image().be64(72, 32)],
    ['with clusters of 8 KiB and extended L2', image().be64(72, 16).be32(20, 13)],
    ['with refcounts of 128 bits', image().be32(96, 7)],
    ['with encryption 3', image().be32(32, 3)],
    ['without refcounts', image().be32(56, 0)],
    ['with refcounts of more than 8 MiB', image().be32(56, 129)],
    ['with 65,537 snapshots', image().be32(60, 65_537)],
    ['with an L1 table of more than 32 MiB', image().be32(36, 4_194_305)],
    ['with an L1 table that is too small', image().be64(24, 2 ** 29 + 1)],
    ['with an L1 table between clusters', image().be64(40, CLUSTER * 2 + 512)],
    ['with refcounts between clusters', image().be64(48, CLUSTER + 8)],
    ['with a table of no snapshots between clusters', image().be64(64, 8)],
    ['with an extension longer than its area', extension(0x1234_5678, CLUSTER - 111)],
    ['with an end longer than its area', extension(0, CLUSTER - 111)],
    ['with a format of 16 characters', extension(0xe279_2aca, 16)],
    ['with an extension for LUKS and no LUKS', extension(0x0537_be77, 16)],
    ['with bitmaps of another length', extension(0x2385_2875, 23)],
    ['with half an extension before the name of the backing file', image().be64(8, 108)],
  ])('%s', (_what, bytes) => {
    expect(opens(bytes)).toBe(false);
  });

  it('whose L1 table is one entry short, and opens one that is not', () => {
    expect(opens(image().be64(24, 2 ** 29))).toBe(true);
    expect(opens(image().be64(24, 2 ** 29 + 1))).toBe(false);
    expect(
      opens(
        image()
          .be64(24, 2 ** 30)
          .be32(36, 2),
      ),
    ).toBe(true);
    expect(
      opens(
        image()
          .be64(72, 16)
          .be64(24, 2 ** 28 + 1),
      ),
    ).toBe(false);
  });
});

describe('nothing is said of a qcow2', () => {
  it.each([
    ['with an external data file', image().be64(72, 4)],
    ['with the mark of a raw data file', image().be64(88, 2)],
    ['with LUKS', image().be32(32, 2)],
    ['with bitmaps that count', extension(0x2385_2875, 24).be64(88, 1)],
    ['with a table at 2^62', image().be64(40, 2n ** 62n)],
  ])('%s', (_what, bytes) => {
    expect(opens(bytes)).toBeNull();
  });

  it('whose extensions lie behind what was read', () => {
    const bytes = qcow2Image();
    expect(
      readOver(bytes, opensQcow2({ bytes: bytes.subarray(0, 511), size: bytes.length }, readUpTo)).value,
    ).toBeNull();
    const far = patch(qcow2Image())
      .be32(20, 21)
      .be32(100, 100_000)
      .be64(40, 2 ** 21)
      .be64(48, 2 ** 22);
    expect(opens(far)).toBeNull();
  });
});

describe('a table of snapshots', () => {
  /** Two snapshots: the first with two bytes of id, three of name and `extra` bytes more. */
  const snapshots = (extra: number) =>
    image()
      .be32(60, 2)
      .be64(64, CLUSTER * 5)
      .fill(CLUSTER * 5, CLUSTER * 6, 0)
      .be32(CLUSTER * 5 + 12, 0x0002_0003)
      .be32(CLUSTER * 5 + 36, extra);

  it('is sound up to 1,024 bytes more for each', () => {
    expect(opens(snapshots(1024))).toBe(true);
    expect(opens(snapshots(1025))).toBe(false);
  });

  it('is read at multiples of eight', () => {
    // 40 + 16 + 5 bytes: the second begins at 64.
    expect(opens(snapshots(16).be32(CLUSTER * 5 + 64 + 36, 1025))).toBe(false);
    expect(opens(snapshots(16).be32(CLUSTER * 5 + 61 + 36, 1025 << 8))).toBe(true);
  });

  it('is not known where it cannot be read', () => {
    // eslint-disable-next-line require-yield -- a request that fails
    function* unread(): Reading<Uint8Array> {
      throw new Unreadable('budget', 'used up');
    }
    expect(opens(snapshots(0), unread)).toBeNull();
  });
});
