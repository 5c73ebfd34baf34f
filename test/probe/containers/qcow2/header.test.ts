import { expect, it } from 'vitest';
import { hasFeature, INCOMPATIBLE, qcow2HeaderOf } from '../../../../src/probe/containers/qcow2/header.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { patch } from '../bytes.ts';

it('reads version 3 at the offsets of the specification', () => {
  const bytes = patch(112)
    .text(0, 'QFI\xfb')
    .be32(4, 3)
    .be64(8, 1000)
    .be32(16, 9)
    .be32(20, 16)
    .be64(24, 1024)
    .be32(32, 2)
    .be32(36, 3)
    .be64(40, 0x3_0000)
    .be64(48, 0x1_0000)
    .be32(56, 1)
    .be32(60, 4)
    .be64(64, 0x5_0000)
    .be64(72, 9)
    .be32(96, 4)
    .be32(100, 112)
    .u8(104, 1).bytes;

  expect(qcow2HeaderOf(fieldsOf(bytes))).toEqual({
    version: 3,
    backingOffset: 1000n,
    backingLength: 9,
    clusterBits: 16,
    virtualSize: 1024n,
    encryption: 2,
    l1Entries: 3,
    l1Offset: 0x3_0000n,
    refcountOffset: 0x1_0000n,
    refcountClusters: 1,
    snapshots: 4,
    snapshotsOffset: 0x5_0000n,
    incompatible: 9n,
    refcountOrder: 4,
    headerLength: 112,
    compressionType: 1,
  });
});

it('gives version 2 its defaults, whatever follows the header', () => {
  const bytes = patch(112).be32(4, 2).fill(72, 112, 0xff).bytes;

  expect(qcow2HeaderOf(fieldsOf(bytes))).toMatchObject({
    incompatible: 0n,
    refcountOrder: 4,
    headerLength: 72,
    compressionType: 0,
  });
});

it('has no compression type in a header of 104 bytes', () => {
  const bytes = patch(112).be32(4, 3).be32(100, 104).u8(104, 7).bytes;

  expect(qcow2HeaderOf(fieldsOf(bytes)).compressionType).toBe(0);
});

it('is not read where it is cut short', () => {
  const bytes = patch(112).be32(4, 3).be32(100, 112).bytes;

  expect(() => qcow2HeaderOf(fieldsOf(bytes.subarray(0, 103)))).toThrow(Unreadable);
  expect(() => qcow2HeaderOf(fieldsOf(bytes.subarray(0, 71)))).toThrow(Unreadable);
});

it('has the features whose bits are set', () => {
  const header = qcow2HeaderOf(fieldsOf(patch(112).be32(4, 3).be64(72, 0b10001).bytes));

  expect(Object.entries(INCOMPATIBLE).filter(([, bit]) => hasFeature(header, bit))).toEqual([
    ['dirty', 1n],
    ['extendedL2', 16n],
  ]);
});
