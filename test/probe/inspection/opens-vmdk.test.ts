import { describe, expect, it } from 'vitest';

import { opensVmdk } from '../../../src/probe/inspection/opens-vmdk.ts';
import { readUpTo } from '../../../src/probe/reading/reading.ts';
import { patch } from '../containers/bytes.ts';
import { AT_END, descriptor, sparseImage, type SparseFields } from '../containers/vmdk-image.ts';
import { readOver } from '../reading-over.ts';

const factsOf = (bytes: Uint8Array, size: number | null = bytes.length) =>
  readOver(bytes, opensVmdk({ bytes: bytes.subarray(0, 73_728), size }, readUpTo)).value;
const withHeader = (header: SparseFields) => factsOf(sparseImage({ header }));
const withText = (text: string) => factsOf(sparseImage({ descriptor: text }));
const fromText = (text: string) => factsOf(Buffer.from(text));

const SPARSE = { 'qemu-opens': true, 'qemu-create-type': 'monolithicSparse', 'qemu-backing-file': false };
const REFUSED = { 'qemu-opens': false };
const UNKNOWN = { 'qemu-opens': null, 'qemu-create-type': null, 'qemu-backing-file': null };

describe('QEMU opens a sparse extent', () => {
  it.each([
    ['as Workstation writes it', {}],
    ['of version 0', { version: 0 }],
    ['of version 3', { version: 3 }],
    ['with a descriptor that is elsewhere', { descriptorOffset: 9n }],
    ['with grains of one sector', { grain: 1n }],
    ['with the largest grains', { grain: 0x20_0000n, entriesPerTable: 1 }],
    ['with the largest directory', { capacity: 32n * 1024n * 1024n * 512n * 128n }],
    ['whose first grain is at its end', { overhead: 128n }],
    ['with a directory behind the end', { directory: 1_000_000n }],
  ])('%s', (_what, header) => {
    expect(withHeader(header)).toEqual(SPARSE);
  });

  it('with compression as a stream, whatever its text says', () => {
    expect(withHeader({ algorithm: 1 })).toEqual({ ...SPARSE, 'qemu-create-type': 'streamOptimized' });
    expect(withText(descriptor({ createType: 'streamOptimized' }))).toEqual(SPARSE);
    expect(withText(descriptor({ createType: 'custom' }))).toEqual(SPARSE);
  });
});

describe('QEMU refuses a sparse extent', () => {
  it.each([
    ['of version 4', { version: 4 }],
    ['with tables of 513 entries', { entriesPerTable: 513 }],
    ['with tables of none', { entriesPerTable: 0 }],
    ['with grains of none', { grain: 0n }],
    ['whose tables cover 2^32 sectors', { grain: 0x80_0000n }],
    ['with larger grains', { grain: 0x20_0001n, entriesPerTable: 1 }],
    ['with a larger directory', { capacity: 32n * 1024n * 1024n * 512n * 128n + 1n }],
    ['whose first grain is behind its end', { overhead: 129n }],
  ])('%s', (_what, header) => {
    expect(withHeader(header)).toEqual(REFUSED);
  });

  it.each([
    ['without identifiers', 'createType="monolithicSparse"\n'],
    ['without that of a parent', 'CID=fffffffe\n'],
    ['with an identifier that is no number', 'CID=xyz\nparentCID=ffffffff\n'],
    ['whose first mention is no number', '# CID of it\nCID=1\nparentCID=ffffffff\n'],
    ['with identifiers behind a NUL', '\0CID=1\nparentCID=ffffffff\n'],
    ['with a parent without quotes', 'CID=1\nparentCID=ffffffff\nparentFileNameHint=base'],
  ])('%s', (_what, text) => {
    expect(withText(text)).toEqual(REFUSED);
  });

  it('without its own identifier only where the parent has none either', () => {
    // QEMU finds the word in the name of the other.
    expect(withText('parentCID=ffffffff\n')).toEqual(SPARSE);
  });

  it('whose identifiers end behind 20 sectors', () => {
    const text = (length: number) => `${'#'.repeat(length - 18)}\nCID=1\nparentCID=a`;
    expect(withText(text(20 * 512 - 1))).toEqual(SPARSE);
    expect(withText(text(20 * 512))).toEqual(REFUSED);
  });
});

it('QEMU reports the parent that the text names first', () => {
  const named = (name: string) => withText(`CID=1\nparentCID=2\n# parentFileNameHint="${name}"\n`)['qemu-backing-file'];
  expect([named('base.vmdk'), named('')]).toEqual([true, false]);
});

describe('the footer of a stream', () => {
  const front = sparseImage({ header: { directory: AT_END, algorithm: 1 } });
  const trailer = (change: (bytes: ReturnType<typeof patch>) => unknown) => {
    const bytes = patch(1536).le32(12, 3);
    front.copy(bytes.bytes, 512, 0, 512);
    bytes.le64(512 + 56, 26);
    change(bytes);
    return factsOf(Buffer.concat([front, bytes.bytes]));
  };

  it('takes the place of the header', () => {
    expect(trailer(() => 0)).toEqual({ ...SPARSE, 'qemu-create-type': 'streamOptimized' });
    expect(trailer((bytes) => bytes.le32(512 + 4, 4))).toEqual(REFUSED);
    expect(trailer((bytes) => bytes.le32(512 + 77, 0))['qemu-create-type']).toBe('monolithicSparse');
  });

  it.each([8, 12, 512, 1024, 1024 + 8, 1024 + 12])('is refused with a fault at byte %i', (at) => {
    expect(trailer((bytes) => bytes.u8(at, 9))).toEqual(REFUSED);
  });

  it.each([16, 511, 1024 + 16, 1535])('may hold anything at byte %i', (at) => {
    expect(trailer((bytes) => bytes.u8(at, 9))['qemu-opens']).toBe(true);
  });

  it('is not looked for where the file has no whole sectors or no known size', () => {
    expect(factsOf(Buffer.concat([front, Buffer.alloc(1537)]))).toEqual(UNKNOWN);
    expect(factsOf(front, null)).toEqual(UNKNOWN);
  });
});

describe('a descriptor in a file of its own', () => {
  const flat = descriptor({ createType: 'monolithicFlat', extents: ['RW 2048 FLAT "disk-flat.vmdk" 0'] });

  it.each([
    ['whose extent is another file', flat],
    ['of a type that QEMU does not follow', descriptor({ createType: 'monolithicSparse' })],
    ['of a type in another case', flat.replace('monolithicFlat', 'MonolithicFlat')],
    ['without a type', flat.replace('createType', 'createtype')],
    ['without an end of its type', 'version=1\ncreateType="vmfs'],
  ])('%s is refused', (_what, text) => {
    expect(fromText(text)).toEqual(REFUSED);
  });

  it.each([
    ['an extent with a path', flat.replace('disk-flat', '/disk-flat')],
    ['an address as extent', flat.replace('disk-flat', 'nbd:disk')],
    ['no extent', flat.replace('RW 2048', 'RDONLY 2048')],
  ])('with %s may be opened', (_what, text) => {
    expect(fromText(text)).toEqual(UNKNOWN);
  });

  it('is not known where its end was not seen', () => {
    expect(factsOf(Buffer.from(flat), 99_999)).toEqual(UNKNOWN);
    expect(factsOf(Buffer.from(flat.padEnd(512, '\0')), 99_999)).toEqual(REFUSED);
  });
});

it.each([
  ['ESX', patch(512).text(0, 'COWD').bytes],
  ['no capacity, which follow their descriptor', sparseImage({ header: { capacity: 0n } })],
  ['a capacity beyond any disk', sparseImage({ header: { capacity: 2n ** 44n + 1n, grain: 0x20_0000n } })],
  ['a directory beyond any file', sparseImage({ header: { directory: 2n ** 44n } })],
])('nothing is said of extents of %s', (_what, bytes) => {
  expect(factsOf(bytes)['qemu-opens']).toBeNull();
});
