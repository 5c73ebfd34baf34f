import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { NOTHING_SEEN, UNSEEN_LAYER, type Inspection } from '../../../src/model/inspection.ts';
import { inspect } from '../../../src/probe/inspection/inspection.ts';
import { probe } from '../../../src/probe/probe.ts';
import { DEFAULT_BUDGET } from '../../../src/probe/reading/budget.ts';
import { Unreadable } from '../../../src/probe/reading/reading.ts';
import type { ByteSource } from '../../../src/probe/reading/source.ts';
import { memorySource } from '../../support/images/memory-source.ts';
import { parallelsImage, patch, qcow2Image, qedImage, vdiImage } from '../containers/bytes.ts';
import { AT_END, sparseImage } from '../containers/vmdk-image.ts';
import { SOUND, vhdxImage } from '../containers/vhdx-image.ts';
import { readOver } from '../reading-over.ts';

const CLUSTER = 65_536;

const inspected = async (bytes: Uint8Array, change: Partial<ByteSource> = {}): Promise<Inspection> =>
  (await probe({ ...memorySource(bytes), ...change })).inspection;

/** A source that can only be read forward, as far as its first megabyte. */
const forward = (bytes: Uint8Array): Partial<ByteSource> => ({
  read: (offset, length) =>
    offset > 1_000_000
      ? Promise.reject(new Unreadable('no-random-access', 'forward only'))
      : Promise.resolve(bytes.subarray(offset, offset + length)),
});

/** A sector with 55 AA and one Linux partition. */
const SECTOR = patch(512).u8(450, 0x83).u8(510, 0x55).u8(511, 0xaa).bytes;

const withGuest = (guest: Uint8Array) => {
  const image = qcow2Image();
  image.fill(0, CLUSTER * 4, CLUSTER * 6).set(guest, CLUSTER * 4);
  return image;
};

describe('a file', () => {
  it('that is empty is seen', async () => {
    expect(await inspected(new Uint8Array(0))).toEqual({
      file: {
        size: 0,
        signature: 'none',
        'vdi-signature': false,
        'iso-signature': 'none',
        'boot-signature': false,
        'fat-boot-sector': false,
        text: 'none',
        'qemu-format': 'raw',
        'qemu-opens': true,
      },
      guest: { kind: 'none' },
    });
  });

  it('is looked at itself, not what an envelope holds', async () => {
    const { file, guest } = await inspected(gzipSync(qcow2Image()));
    expect(file).toMatchObject({ signature: 'none', 'qemu-format': 'raw', 'qemu-opens': true });
    expect(file).not.toHaveProperty('qcow2-version');
    expect(guest).toEqual({ kind: 'none' });
  });

  it('that ends early of what its source promises is not seen there', async () => {
    const { file } = await inspected(Buffer.alloc(5000), { size: () => 100_000 });
    expect(file).toMatchObject({ size: 65_536, signature: 'none', text: 'none', 'iso-signature': null });
    const cut = await inspected(Buffer.alloc(300), { size: () => 100_000 });
    expect(cut.file).toEqual({ ...UNSEEN_LAYER, size: 65_536 });
  });

  it('of unknown size is as large as it turns out', async () => {
    const short = await inspected(Buffer.alloc(5000), { size: () => null });
    expect(short.file).toMatchObject({ size: 5000, 'iso-signature': 'none' });
    const long = await inspected(Buffer.alloc(600_000), { size: () => null });
    expect(long.file).toMatchObject({ size: 65_536, 'iso-signature': 'none' });
  });

  it('that could not be read has no facts', async () => {
    const { inspection } = await probe(memorySource(qcow2Image()), { ...DEFAULT_BUDGET, requests: 0 });
    expect(inspection).toEqual(NOTHING_SEEN);
    const reading = inspect(9, null);
    reading.next();
    expect(reading.throw(new Unreadable('budget', 'used up'))).toEqual({ done: true, value: NOTHING_SEEN });
  });
});

describe('the guest', () => {
  it.each([
    ['qcow2', withGuest(SECTOR)],
    ['vmdk', sparseImage({ grains: [128], data: Buffer.concat([SECTOR, Buffer.alloc(65_024)]) })],
    ['vhdx', vhdxImage({ ...SOUND, blocks: Buffer.concat([SECTOR, Buffer.alloc(1_048_064)]) })],
    [
      'vdi',
      patch(vdiImage())
        .fill(1024, 1024 + CLUSTER, 0)
        .bytes.fill(SECTOR, 1024, 1536),
    ],
    ['qed', patch(qedImage()).fill(20_480, 24_576, 0).bytes.fill(SECTOR, 20_480, 20_992)],
    [
      'parallels',
      patch(parallelsImage('WithoutFreeSpace'))
        .fill(CLUSTER, CLUSTER * 2, 0)
        .bytes.fill(SECTOR, CLUSTER, CLUSTER + 512),
    ],
  ])('of %s has the facts of its bytes', async (format, image) => {
    const { file, guest } = await inspected(image);
    expect(file['qemu-format']).toBe(format);
    expect(guest).toEqual({
      kind: 'read',
      facts: {
        size: 65_536,
        signature: 'none',
        'vdi-signature': false,
        'iso-signature': 'none',
        'boot-signature': true,
        'fat-boot-sector': false,
        mbr: 'sound',
        text: 'none',
        'qemu-format': 'raw',
        'qemu-opens': true,
      },
    });
  });

  it('that is a disc, a container or a text is seen as such', async () => {
    const disc = await inspected(withGuest(patch(40_000).text(32_769, 'CD001').bytes));
    expect(disc.guest).toMatchObject({ facts: { 'iso-signature': 'CD001' } });
    const inner = await inspected(withGuest(qcow2Image().subarray(0, 1000)));
    expect(inner.guest).toMatchObject({
      facts: { signature: 'qcow2', 'qcow2-version': 3, 'qemu-format': 'qcow2', 'qemu-opens': null },
    });
    const text = await inspected(withGuest(Buffer.from('x'.repeat(512))));
    expect(text.guest).toMatchObject({ facts: { text: 'ascii', 'text-ends': true } });
  });

  it.each([
    ['KDMV', 'vmdk', { 'vmdk-version': null, 'vmdk-descriptor': null, 'vmdk-footer': null }],
    ['vhdxfile', 'vhdx', { 'vhdx-tables': null }],
  ])('that begins with %s is not followed', async (text, signature, facts) => {
    const { guest } = await inspected(withGuest(Buffer.from(text)));
    expect(guest).toMatchObject({ facts: { signature, ...facts } });
  });

  it('has whole sectors, as QEMU writes them', async () => {
    const small = patch(withGuest(Buffer.from('x'.repeat(600)))).be64(24, 600).bytes;
    // The second sector ends with NULs.
    expect((await inspected(small)).guest).toMatchObject({ facts: { size: 1024, text: 'ascii', 'text-ends': true } });
    const tiny = patch(withGuest(Buffer.from('x'.repeat(100)))).be64(24, 100).bytes;
    expect((await inspected(tiny)).guest).toMatchObject({ facts: { size: 512, text: 'none' } });
  });

  it.each([
    ['encrypted', patch(qcow2Image()).be32(32, 1).bytes],
    ['data in another file', patch(qcow2Image()).be64(72, 4).bytes],
    [
      'needs a backing file',
      patch(qcow2Image())
        .be64(8, 200)
        .be32(16, 4)
        .text(200, 'base')
        .be64(CLUSTER * 2, 0).bytes,
    ],
    ['malformed header', patch(qcow2Image()).be32(20, 8).bytes],
    ['its first block cannot be read', patch(qcow2Image()).be64(CLUSTER * 3, CLUSTER * 999).bytes],
    ['the container was not opened', patch(qcow2Image()).le32(64, 0xbeda_107f).bytes],
    [
      'its data lies in other files',
      Buffer.from('# Disk DescriptorFile\nversion=1\nCID=1\ncreateType="vmfs"\n'.padEnd(600, '\n')),
    ],
  ])('is not read: %s', async (why, bytes) => {
    expect((await inspected(bytes)).guest).toEqual({ kind: 'unread', why });
  });

  it('is not seen behind a block that is lost', async () => {
    const image = patch(qcow2Image())
      .be32(20, 12)
      .be64(CLUSTER * 3 + 8 * 8, CLUSTER * 999).bytes;
    const { guest } = await inspected(image);
    expect(guest).toMatchObject({ kind: 'read', facts: { signature: 'none', 'iso-signature': null } });
  });

  it('is none where QEMU finds no container', async () => {
    const luks2 = patch(4096).text(0, 'LUKS\u00ba\u00be').u8(7, 2).bytes;
    expect((await inspected(luks2)).guest).toEqual({ kind: 'none' });
    const luks1 = patch(4096).text(0, 'LUKS\u00ba\u00be').u8(7, 1).bytes;
    expect((await inspected(luks1)).guest).toEqual({ kind: 'unread', why: 'encrypted' });
  });
});

describe('a source that can only be read forward', () => {
  it('shows no footer', async () => {
    const bytes = Buffer.concat([sparseImage({ header: { directory: AT_END } }), Buffer.alloc(2 ** 20)]);
    expect((await inspected(bytes)).file['vmdk-footer']).toBe('faulty');
    expect((await inspected(bytes, forward(bytes))).file).toMatchObject({
      'vmdk-footer': null,
      'vmdk-descriptor': 'sound',
    });
  });

  it('shows no tables of a VHDX', async () => {
    const bytes = vhdxImage(SOUND);
    expect((await inspected(bytes)).file['vhdx-tables']).toBe('sound');
    expect((await inspected(bytes, forward(bytes))).file).toMatchObject({ 'vhdx-tables': null, 'qemu-opens': null });
  });
});

describe('requests', () => {
  it.each([
    ['a raw disk', new Uint8Array(2 ** 20), 3],
    ['a qcow2', qcow2Image(), 1],
    ['a VMDK', sparseImage(), 1],
    ['a VHDX', vhdxImage(SOUND), 4],
  ])('of %s are those of the verdict', async (_what, bytes, requests) => {
    expect((await probe(memorySource(bytes))).cost.requests).toBe(requests);
  });

  it('are those for the beginning, and for what a VMDK or VHDX has elsewhere', () => {
    const askedFor = (bytes: Uint8Array) =>
      readOver(bytes, inspect(bytes.length, null)).asked.map(([offset]) => offset);
    expect(askedFor(qcow2Image())).toEqual([0]);
    expect(askedFor(sparseImage())).toEqual([0, 512]);
    expect(askedFor(sparseImage({ header: { directory: AT_END } }))).toEqual([0, 512, 64_000, 64_000]);
    expect(askedFor(vhdxImage())).toEqual([0, 196_608, 2_097_152]);
  });
});
