import { deflateSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import type { SafetyCode } from '../../../../src/model/safety.ts';
import { VMDK } from '../../../../src/probe/containers/vmdk/vmdk.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { DEFAULT_BUDGET, perform } from '../../../../src/probe/perform/perform.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { memorySource } from '../../../support/images/memory-source.ts';
import { noise } from '../guests.ts';
import { openAndRead, openBytes, type Opened } from '../image-file.ts';
import {
  AT_END,
  cowdImage,
  descriptor,
  grainMarker,
  metadataMarker,
  SECTOR,
  seSparseEntry,
  seSparseImage,
  sparseImage,
  streamImage,
  type DescriptorLines,
  type SparseFields,
} from '../vmdk-image.ts';

const GRAIN = 65_536;
/** Two grains, of which half is text that compresses. */
const DATA = Buffer.concat([noise(30_000, 31), Buffer.alloc(70_000, 'text '), noise(2 * GRAIN - 100_000, 32)]);
const WINDOW = DATA.subarray(0, 69_632);
const sound = { grains: [128, 256], data: DATA };

function guestIs(guest: Opened['guest'], expected: Uint8Array): void {
  expect(guest).toBeInstanceOf(Uint8Array);
  expect(Buffer.compare(guest as Uint8Array, expected)).toBe(0);
}

describe('hosted sparse VMDK', () => {
  it.each([1, 2, 3])('of version %i in the layout of Workstation is read', async (version) => {
    const opened = await openBytes(VMDK, sparseImage({ ...sound, header: { version } }));

    expect(opened.container).toMatchObject({ virtualSize: 2048 * SECTOR, sectorSize: 512, safety: [] });
    expect(opened.container.guest).toMatchObject({ kind: 'mapped', tables: 'sound' });
    guestIs(opened.guest, WINDOW);
    expect(opened.requests).toBe(1);
  });

  it('takes grains that are not there for zeros, and zeroed ones where the header allows them', async () => {
    const zeroed = await openBytes(VMDK, sparseImage({ ...sound, header: { flags: 7 }, grains: [1, 256] }));
    const forbidden = await openBytes(VMDK, sparseImage({ ...sound, grains: [1, 256] }));
    const hole = await openBytes(VMDK, sparseImage({ ...sound, grains: [0, 256] }));
    const expected = Buffer.concat([Buffer.alloc(GRAIN), DATA.subarray(GRAIN, GRAIN + 4096)]);

    guestIs(zeroed.guest, expected);
    guestIs(hole.guest, expected);
    expect(forbidden.container.safety).toEqual(['DATA_OUT_OF_BOUNDS']);
    expect(forbidden.guest).toBeInstanceOf(Unreadable);
  });

  it.each([0n, 2n ** 40n])('uses the redundant directory where the other is at sector %d', async (directory) => {
    const opened = await openBytes(VMDK, sparseImage({ ...sound, header: { directory } }));
    const neither = await openBytes(VMDK, sparseImage({ ...sound, header: { directory, redundant: 2n ** 63n } }));
    const without = await openBytes(VMDK, sparseImage({ ...sound, header: { directory, flags: 1 } }));

    expect(opened.container.safety).toEqual(['TABLE_OUT_OF_BOUNDS']);
    guestIs(opened.guest, WINDOW);
    for (const { container } of [neither, without]) {
      expect(container).toMatchObject({ safety: ['TABLE_OUT_OF_BOUNDS'], guest: { kind: 'closed' } });
    }
  });

  it('does not follow a directory that begins where the file ends', async () => {
    const { container } = await openBytes(VMDK, sparseImage({ header: { directory: 128n, flags: 1 } }));

    expect(container).toMatchObject({ safety: ['TABLE_OUT_OF_BOUNDS'], guest: { kind: 'closed' } });
  });

  it('crosses from one grain table to the next', async () => {
    // Two grains of 16 sectors a table, so the window needs five tables.
    const image = sparseImage({
      header: { grain: 16n, entriesPerTable: 2, capacity: 160n },
      data: DATA,
      descriptor: descriptor(),
    });
    for (const [table, sector] of [40, 41, 42, 43, 44].entries()) {
      image.writeUInt32LE(sector, 26 * SECTOR + table * 4);
      image.writeUInt32LE(128 + table * 32, sector * SECTOR);
      image.writeUInt32LE(144 + table * 32, sector * SECTOR + 4);
    }

    const opened = await openBytes(VMDK, image);

    expect(opened.container.safety).toEqual([]);
    guestIs(opened.guest, WINDOW);
  });

  it('is stale after an unclean shutdown', async () => {
    const opened = await openBytes(VMDK, sparseImage({ ...sound, header: { unclean: 1 } }));

    expect(opened.container).toMatchObject({ safety: ['DIRTY'], guest: { kind: 'mapped', tables: 'stale' } });
    guestIs(opened.guest, WINDOW);
  });

  it('never reads zeros past the end of the file', async () => {
    const cut = sparseImage(sound).subarray(0, 128 * SECTOR + 40_000);

    const opened = await openBytes(VMDK, cut);
    const before = await openBytes(VMDK, cut, 0, 39_000);
    const outside = await openBytes(VMDK, sparseImage({ grains: [0x00ffffff] }));

    expect(opened.container.safety).toEqual(['DATA_OUT_OF_BOUNDS']);
    expect(opened.guest).toBeInstanceOf(Unreadable);
    guestIs(before.guest, DATA.subarray(0, 39_000));
    expect(outside.guest).toBeInstanceOf(Unreadable);
  });

  it('loses the grains of a table past the end of the file', async () => {
    const image = sparseImage(sound);
    image.writeUInt32LE(0x00ffffff, 26 * SECTOR);

    const opened = await openBytes(VMDK, image);

    expect(opened.container.safety).toEqual(['TABLE_OUT_OF_BOUNDS']);
    expect(opened.guest).toBeInstanceOf(Unreadable);
  });

  it('of a split disk has no descriptor, and is refused by Glance', async () => {
    const none = { descriptorOffset: 0n, descriptorSize: 0n };

    const opened = await openBytes(VMDK, sparseImage({ ...sound, header: none, descriptor: '' }));

    expect(opened.container.safety).toEqual(['SUBTYPE_REFUSED']);
    guestIs(opened.guest, WINDOW);
  });

  it('with deflated grains without markers is read', async () => {
    const [first, second] = [deflateSync(DATA.subarray(0, GRAIN)), deflateSync(DATA.subarray(GRAIN))];
    const between = Math.ceil(first.length / SECTOR) * SECTOR;
    const data = Buffer.concat([first, Buffer.alloc(between - first.length), second]);
    const header = { flags: 0x10003, algorithm: 1, version: 3 };

    const opened = await openBytes(VMDK, sparseImage({ header, grains: [128, 128 + between / SECTOR], data }));

    const short = await openBytes(
      VMDK,
      sparseImage({ header, grains: [128], data: deflateSync(DATA.subarray(0, 1000)) }),
    );

    expect(opened.container.safety).toEqual([]);
    guestIs(opened.guest, WINDOW);
    expect(short.guest).toBeInstanceOf(Unreadable);
  });
});

describe('stream-optimized VMDK with its directory at the end', () => {
  const grains = [
    [0, DATA.subarray(0, GRAIN)],
    [128, DATA.subarray(GRAIN)],
  ] as const;
  const apart = [
    [0, DATA.subarray(0, GRAIN)],
    [1920, DATA.subarray(GRAIN)],
  ] as const;

  it('is read by its footer', async () => {
    const opened = await openBytes(VMDK, streamImage({ grains }));

    expect(opened.container).toMatchObject({ virtualSize: 2048 * SECTOR, safety: [] });
    guestIs(opened.guest, WINDOW);
  });

  it('is read forward where the size of the file is not known', async () => {
    for (const [image, expected] of [
      [streamImage({ grains }), WINDOW],
      [streamImage({ grains: apart }), Buffer.concat([DATA.subarray(0, GRAIN), Buffer.alloc(4096)])],
      [streamImage({ grains: [] }), Buffer.alloc(69_632)],
      [
        streamImage({ grains: [[128, DATA.subarray(GRAIN)]] }),
        Buffer.concat([Buffer.alloc(GRAIN), DATA.subarray(GRAIN, GRAIN + 4096)]),
      ],
    ] as const) {
      const source = { ...memorySource(image), size: () => null };
      const opened = await perform(openAndRead(VMDK, null, 0, 69_632), source);
      expect(opened.container.safety).toEqual([]);
      guestIs(opened.guest, expected);
    }
  });

  it('is read forward, piece by piece, where the end is out of reach', async () => {
    const image = streamImage({ grains });
    const memory = memorySource(image);
    const forward = {
      ...memory,
      read: (offset: number, length: number) =>
        offset > image.length - 2048
          ? Promise.reject(new Unreadable('no-random-access', 'too far'))
          : memory.read(offset, length),
    };
    const reading = (function* () {
      const head = fieldsOf(image.subarray(0, 4096));
      const { guest } = yield* VMDK.open({ head, size: image.length });
      if (guest.kind === 'closed') throw new Error(guest.why);
      const first = yield* guest.read(0, 4096);
      return [first, yield* guest.read(GRAIN, 4096), yield* guest.read(4096, 4096)] as const;
    })();

    const [first, second, third] = await perform(reading, { ...forward, size: () => null });

    guestIs(first, DATA.subarray(0, 4096));
    guestIs(second, DATA.subarray(GRAIN, GRAIN + 4096));
    guestIs(third, DATA.subarray(4096, 8192));
  });

  it('without its footer is read forward, and called cut short', async () => {
    const opened = await openBytes(VMDK, streamImage({ grains, footer: null }));
    const cut = streamImage({ grains }).subarray(0, 128 * SECTOR + 1000);

    expect(opened.container.safety).toEqual(['TRUNCATED']);
    guestIs(opened.guest, WINDOW);
    expect((await openBytes(VMDK, cut)).guest).toBeInstanceOf(Unreadable);
  });

  it.each<readonly [string, SparseFields]>([
    ['capacity', { capacity: 4096n }],
    ['version', { version: 1 }],
    ['size of the descriptor', { descriptorSize: 19n }],
    ['flags', { flags: 0x30003 }],
  ])('says when the footer has another %s', async (_, footer) => {
    const opened = await openBytes(VMDK, streamImage({ grains, footer }));

    expect(opened.container.safety).toEqual(['HEADERS_DISAGREE']);
    guestIs(opened.guest, WINDOW);
  });

  it('looks at the descriptor of the footer, too', async () => {
    const opened = await openBytes(VMDK, streamImage({ grains, footer: { descriptorOffset: 2n } }));

    expect(opened.container.safety).toEqual(['HEADERS_DISAGREE', 'SMUGGLED_DESCRIPTOR', 'SUBTYPE_REFUSED']);
    guestIs(opened.guest, WINDOW);
  });

  it('does not go round in circles where the footer refers to a footer', async () => {
    const opened = await openBytes(VMDK, streamImage({ grains, footer: { directory: AT_END } }));

    expect(opened.container.safety).toEqual(['MALFORMED_HEADER']);
    guestIs(opened.guest, WINDOW);
  });

  it('without markers has no way to its grains', async () => {
    const header = { flags: 0x10001 };

    const { container } = await openBytes(VMDK, streamImage({ grains, header, footer: null }));

    expect(container).toMatchObject({ safety: ['MALFORMED_HEADER', 'TRUNCATED'], guest: { kind: 'closed' } });
  });

  it.each<readonly [string, SafetyCode, (image: Buffer) => void]>([
    ['is that of another grain', 'DATA_OUT_OF_BOUNDS', (image) => image.writeBigUInt64LE(7n, 128 * SECTOR)],
    ['has an absurd length', 'DECOMPRESSION_BOMB', (image) => image.writeUInt32LE(0xffffffff, 128 * SECTOR + 8)],
    ['has no length', 'DECOMPRESSION_BOMB', (image) => image.writeUInt32LE(0, 128 * SECTOR + 8)],
    ['goes past the end', 'DATA_OUT_OF_BOUNDS', (image) => image.writeUInt32LE(130_000, 128 * SECTOR + 8)],
  ])('loses a grain whose marker %s', async (_, code, change) => {
    const image = streamImage({ grains: [[0, DATA.subarray(0, GRAIN)]] });
    change(image);

    const opened = await openBytes(VMDK, image);

    expect(opened.container.safety).toEqual([code]);
    expect(opened.guest).toBeInstanceOf(Unreadable);
  });

  it('loses a grain that is no deflate stream or too short', async () => {
    const damaged = streamImage({ grains });
    damaged.fill(0xee, 128 * SECTOR + 12, 128 * SECTOR + 400);
    const short = streamImage({ grains: [[0, DATA.subarray(0, 1000)]] });

    expect((await openBytes(VMDK, damaged)).guest).toBeInstanceOf(Unreadable);
    expect((await openBytes(VMDK, short)).guest).toBeInstanceOf(Unreadable);
  });

  it('is not taken by a marker of another kind for a footer’s', async () => {
    const image = streamImage({ grains });
    image.writeUInt32LE(2, image.length - 3 * SECTOR + 12);

    const opened = await openBytes(VMDK, image);

    expect(opened.container.safety).toEqual(['TRUNCATED']);
    guestIs(opened.guest, WINDOW);
  });

  it('does not pass over markers for ever', async () => {
    const front = streamImage({ grains: [] }).subarray(0, 128 * SECTOR);
    const markers = Array.from({ length: 5000 }, () => metadataMarker(0, 1));
    const image = Buffer.concat([front, ...markers, grainMarker(0, DATA.subarray(0, GRAIN))]);
    const source = { ...memorySource(image), size: () => null };

    const opened = await perform(openAndRead(VMDK, null, 0, 69_632), source, {
      ...DEFAULT_BUDGET,
      requests: 10_000,
      bytes: 2 ** 32,
      expanded: 2 ** 32,
    });

    expect(opened.guest).toMatchObject({ reason: 'budget' });
  });

  it('passes over metadata between grains', async () => {
    const image = streamImage({ grains: [] }).subarray(0, 128 * SECTOR);
    const parts = [
      image,
      grainMarker(0, DATA.subarray(0, GRAIN)),
      metadataMarker(4, 1),
      Buffer.alloc(4 * SECTOR),
      grainMarker(128, DATA.subarray(GRAIN)),
      metadataMarker(0, 0),
    ];
    const source = { ...memorySource(Buffer.concat(parts)), size: () => null };

    guestIs((await perform(openAndRead(VMDK, null, 0, 69_632), source)).guest, WINDOW);
  });

  it('does not read a grain that comes twice', async () => {
    const twice = streamImage({ grains: [...grains.slice(0, 1), ...grains], footer: null });

    expect((await openBytes(VMDK, twice)).guest).toBeInstanceOf(Unreadable);
  });

  it('does not follow markers that are out of order or lead nowhere', async () => {
    const order = streamImage({
      grains: [
        [1920, DATA.subarray(GRAIN)],
        [0, DATA.subarray(0, GRAIN)],
      ],
      footer: null,
    });
    const far = streamImage({ grains, footer: null });
    far.writeBigUInt64LE(2n ** 60n, 128 * SECTOR);
    far.writeUInt32LE(0, 128 * SECTOR + 8);

    // The first grain is one that comes behind the window, so nothing is looked for behind it.
    guestIs((await openBytes(VMDK, order)).guest, Buffer.alloc(69_632));
    expect((await openBytes(VMDK, order, 1920 * SECTOR, 2 * GRAIN)).guest).toBeInstanceOf(Uint8Array);
    expect((await openBytes(VMDK, far)).guest).toBeInstanceOf(Unreadable);
  });
});

describe('descriptor inside a VMDK', () => {
  const withLines = (lines: DescriptorLines) => sparseImage({ ...sound, descriptor: descriptor(lines) });

  it.each<readonly [string, readonly SafetyCode[], DescriptorLines]>([
    ['of monolithicSparse', [], {}],
    ['of streamOptimized', [], { createType: 'streamOptimized' }],
    ['in capitals', [], { createType: 'MONOLITHICSPARSE' }],
    ['of monolithicFlat', ['SUBTYPE_REFUSED'], { createType: 'monolithicFlat' }],
    ['of two types', ['SUBTYPE_REFUSED'], { more: ['createType="vmfs"'] }],
    ['with a flat extent', ['EXTERNAL_EXTENTS'], { extents: ['RW 2048 FLAT "disk-flat.vmdk" 0'] }],
    ['with two extents', ['EXTERNAL_EXTENTS'], { extents: ['RW 1024 SPARSE "a.vmdk"', 'RW 1024 SPARSE "b.vmdk"'] }],
    ['with an absolute path', ['EXTERNAL_EXTENTS'], { extents: ['RW 2048 SPARSE "/etc/passwd"'] }],
    ['with a path of Windows', ['EXTERNAL_EXTENTS'], { extents: ['RW 2048 SPARSE "C:\\disk.vmdk"'] }],
    ['with two dots', ['EXTERNAL_EXTENTS'], { extents: ['rdonly 2048 sparse ".."'] }],
    ['with an address', ['EXTERNAL_EXTENTS', 'REMOTE_NAME'], { extents: ['RW 2048 SPARSE "nbd://host.example/x"'] }],
    ['with a json: name', ['REMOTE_NAME'], { extents: ['RW 2048 SPARSE "json:{}"'] }],
    ['without extents', ['MALFORMED_HEADER'], { extents: [] }],
    ['with a file for changes', ['EXTERNAL_EXTENTS'], { more: ['changeTrackPath="disk-ctk.vmdk"'] }],
    ['with lines of no kind', ['MALFORMED_HEADER'], { more: ['include other.vmdk'] }],
  ])('%s', async (_, safety, lines) => {
    const opened = await openBytes(VMDK, withLines(lines));

    expect(opened.container.safety).toEqual(safety);
    guestIs(opened.guest, WINDOW);
  });

  it.each<readonly [string, readonly SafetyCode[], DescriptorLines]>([
    ['by its content id', ['PARENT_NEEDED'], { parentCid: '12345678' }],
    ['by name', ['BACKING_FILE', 'PARENT_NEEDED'], { more: ['parentFileNameHint="base.vmdk"'] }],
    ['in a comment, where QEMU finds it', ['BACKING_FILE', 'PARENT_NEEDED'], { more: ['# parentFileNameHint="x"'] }],
    [
      'by address',
      ['BACKING_FILE', 'PARENT_NEEDED', 'REMOTE_NAME'],
      { more: ['parentFileNameHint="json:{\\"driver\\":\\"nbd\\"}"'] },
    ],
  ])('with a parent %s: grains that are not here are the parent’s', async (_, safety, lines) => {
    const here = await openBytes(VMDK, withLines(lines));
    const half = await openBytes(VMDK, sparseImage({ ...sound, grains: [128], descriptor: descriptor(lines) }));
    const none = await openBytes(VMDK, sparseImage({ descriptor: descriptor(lines) }));

    expect(here.container.safety).toEqual(safety);
    guestIs(here.guest, WINDOW);
    expect(half.guest).toBeInstanceOf(Unreadable);
    expect(none.container.guest).toEqual({ kind: 'closed', why: 'needs a parent file' });
  });

  it('is not shown to anybody', async () => {
    const secret = 'secret-tenant-name';
    const { container } = await openBytes(
      VMDK,
      withLines({ extents: [`RW 1 FLAT "/${secret}" 0`], more: [`parentFileNameHint="${secret}"`, secret] }),
    );

    expect(JSON.stringify(container)).not.toContain(secret);
  });

  it.each<readonly [string, SafetyCode, SparseFields, string]>([
    ['in another sector', 'SMUGGLED_DESCRIPTOR', { descriptorOffset: 40n }, ''],
    ['of 1 MiB', 'OVERSIZED_TABLE', { descriptorSize: 2048n }, descriptor()],
    ['of 2^64 sectors', 'OVERSIZED_TABLE', { descriptorSize: AT_END }, descriptor()],
    ['of no length', 'MALFORMED_HEADER', { descriptorSize: 0n }, descriptor()],
    ['past the end', 'TABLE_OUT_OF_BOUNDS', { descriptorOffset: 2n ** 40n }, ''],
    ['beyond any file', 'MALFORMED_HEADER', { descriptorOffset: 2n ** 63n }, ''],
  ])('%s', async (_, code, header, text) => {
    const opened = await openBytes(VMDK, sparseImage({ ...sound, header, descriptor: text }));

    expect(opened.container.safety).toContain(code);
    guestIs(opened.guest, WINDOW);
  });

  it.each([0n, 40n])(
    'at sector %d does not hide the parent that QEMU finds behind the header',
    async (descriptorOffset) => {
      const text = descriptor({ more: ['parentFileNameHint="/etc/passwd"'] });

      const { container } = await openBytes(
        VMDK,
        sparseImage({ ...sound, header: { descriptorOffset }, descriptor: text }),
      );

      expect(container.safety).toEqual(
        expect.arrayContaining(['SMUGGLED_DESCRIPTOR', 'BACKING_FILE', 'PARENT_NEEDED']),
      );
    },
  );

  it('behind a capacity of zero is followed by QEMU, so the guest is closed', async () => {
    const text = descriptor({ createType: 'monolithicFlat', extents: ['RW 1 FLAT "/etc/passwd" 0'] });

    const { container } = await openBytes(VMDK, sparseImage({ ...sound, header: { capacity: 0n }, descriptor: text }));

    expect(container.safety).toEqual(['EXTERNAL_EXTENTS', 'SMUGGLED_DESCRIPTOR', 'SUBTYPE_REFUSED']);
    expect(container.guest).toEqual({ kind: 'closed', why: 'its data lies in other files' });
  });
});

describe('descriptor alone', () => {
  const flat = descriptor({ createType: 'monolithicFlat', extents: ['RW 131072 FLAT "/etc/passwd" 0'] });
  const untitled = flat.split('\n').slice(1).join('\n');

  it.each([
    ['with its title', flat],
    ['in capitals', flat.toUpperCase()],
    ['with line ends of Windows', flat.replaceAll('\n', '\r\n')],
    ['behind blank lines and comments', `\n \n# something\r\n\t\n# else\n${flat}`],
    ['behind comments, without its title', `# something\n\n${untitled}`],
    ['behind a byte order mark', `\u00ef\u00bb\u00bf${flat}`],
    ['behind settings that QEMU passes over when it is told the format', `CID=1\n${untitled}`],
    ['of a version and an extent', '# a\r\n\r\nVersion = 2\r\nRW 131072 FLAT "/etc/passwd" 0\r\n'],
    ['behind a long comment', `#${'x'.repeat(60_000)}\n${flat}`],
  ])('%s', async (_, text) => {
    const { container } = await openBytes(VMDK, Buffer.from(text, 'latin1'));

    expect(container).toMatchObject({ virtualSize: 131_072 * 512, containerType: 'vmdk' });
    expect(container.safety).toEqual(['EXTERNAL_EXTENTS', 'SUBTYPE_REFUSED']);
    expect(container.guest).toEqual({ kind: 'closed', why: 'its data lies in other files' });
    expect(JSON.stringify(container)).not.toContain('passwd');
  });

  it('padded with NULs is smuggled', async () => {
    const { container } = await openBytes(VMDK, Buffer.concat([Buffer.from(flat), Buffer.alloc(4096)]));

    expect(container.safety).toEqual(['EXTERNAL_EXTENTS', 'SMUGGLED_DESCRIPTOR', 'SUBTYPE_REFUSED']);
  });

  it('of a size beyond any disk has none', async () => {
    const extents = Array.from({ length: 20 }, () => 'RW 999999999999999999 FLAT "a" 0');

    expect((await openBytes(VMDK, Buffer.from(descriptor({ extents })))).container.virtualSize).toBeNull();
  });

  it.each([
    ['a script', '#!/bin/sh\necho version=1\n'],
    ['a list of settings', 'name=value\nversion=1\n'],
    ['a text about descriptors', 'The line createType="vmfs" names the type.\n'],
    ['comments', '# a\n# b\n'],
    ['nothing', ''],
    ['zeros', '\0'.repeat(4096)],
    ['a descriptor behind a NUL', `\0${flat}`],
  ])('is not seen in %s', (_, text) => {
    const head = fieldsOf(Buffer.from(text, 'latin1'));

    expect(VMDK.recognise({ head, size: head.length })).toBeNull();
  });
});

describe('COWD', () => {
  const all = Array.from({ length: 140 }, (_, sector) => sector);

  it('is read where all that is wanted is here', async () => {
    const opened = await openBytes(VMDK, cowdImage({ here: all }, DATA));

    expect(opened.container).toMatchObject({
      virtualSize: 4096 * SECTOR,
      safety: ['PARENT_NEEDED', 'SUBTYPE_REFUSED'],
      guest: { kind: 'mapped', tables: 'sound' },
    });
    guestIs(opened.guest, WINDOW);
  });

  it('never takes a grain that is not here for zeros', async () => {
    const some = await openBytes(VMDK, cowdImage({ here: [0, 2] }, DATA), 0, 1536);
    const none = await openBytes(VMDK, cowdImage({ here: [1, 2], parent: 'base.vmdk', flags: 2 }, DATA));

    expect(some.guest).toBeInstanceOf(Unreadable);
    expect(none.container.guest).toEqual({ kind: 'closed', why: 'needs a parent file' });
  });

  it.each([{ unclean: 1 }, { flags: 7 }])('is stale with %j', async (fields) => {
    const { container } = await openBytes(VMDK, cowdImage({ here: all, ...fields }, DATA));

    expect(container).toMatchObject({ guest: { kind: 'mapped', tables: 'stale' } });
    expect(container.safety).toContain('DIRTY');
  });

  it.each([
    ['MALFORMED_HEADER', { version: 2 }],
    ['MALFORMED_HEADER', { capacity: 0 }],
    ['MALFORMED_HEADER', { grain: 0 }],
    ['MALFORMED_HEADER', { grain: 0xffffffff }],
    ['MALFORMED_HEADER', { tables: 0 }],
    ['MALFORMED_HEADER', { capacity: 0xffffffff }],
    ['TABLE_OUT_OF_BOUNDS', { directory: 0 }],
    ['TABLE_OUT_OF_BOUNDS', { directory: 0xffffffff }],
  ] as const)('has %s with %j', async (code, fields) => {
    const { container } = await openBytes(VMDK, cowdImage({ here: all, ...fields }, DATA));

    expect(container.safety).toContain(code);
    expect(container.guest.kind).toBe('closed');
  });
});

describe('seSparse', () => {
  const entries = Array.from({ length: 17 }, (_, grain) => seSparseEntry(grain));

  it('is read where all that is wanted is here', async () => {
    const opened = await openBytes(VMDK, seSparseImage({ entries }, DATA));

    expect(opened.container).toMatchObject({
      virtualSize: 2048 * SECTOR,
      safety: ['PARENT_NEEDED', 'SUBTYPE_REFUSED'],
      guest: { kind: 'mapped', tables: 'sound' },
    });
    guestIs(opened.guest, WINDOW);
  });

  it('knows unmapped and zeroed grains, and numbers of more than twelve bits', async () => {
    const far = Buffer.concat([Buffer.alloc(4097 * 4096), DATA.subarray(0, 4096)]);
    const image = seSparseImage({ entries: [seSparseEntry(4097), 1n << 60n, 2n << 60n] }, far);

    const opened = await openBytes(VMDK, image, 0, 3 * 4096);

    guestIs(opened.guest, Buffer.concat([DATA.subarray(0, 4096), Buffer.alloc(8192)]));
  });

  it('never takes a grain that is not here for zeros', async () => {
    const none = await openBytes(VMDK, seSparseImage({ entries: [] }, DATA));
    const noTable = await openBytes(VMDK, seSparseImage({ entries, directory: 0n }, DATA));

    for (const { container } of [none, noTable]) {
      expect(container.guest).toEqual({ kind: 'closed', why: 'needs a parent file' });
    }
  });

  it('is stale while its journal waits', async () => {
    const { container } = await openBytes(VMDK, seSparseImage({ entries, replay: 1n }, DATA));

    expect(container).toMatchObject({ guest: { kind: 'mapped', tables: 'stale' } });
    expect(container.safety).toContain('DIRTY');
  });

  it.each<readonly [string, SafetyCode, Record<number, bigint>]>([
    ['another version', 'MALFORMED_HEADER', { 8: 1n }],
    ['another grain', 'MALFORMED_HEADER', { 24: 16n }],
    ['another table', 'MALFORMED_HEADER', { 32: 32n }],
    ['flags', 'MALFORMED_HEADER', { 40: 1n }],
    ['a reserved field', 'MALFORMED_HEADER', { 72: 1n }],
    ['padding', 'MALFORMED_HEADER', { 504: 1n }],
    ['no capacity', 'MALFORMED_HEADER', { 16: 0n }],
    ['an absurd capacity', 'MALFORMED_HEADER', { 16: AT_END }],
    ['a directory too short', 'MALFORMED_HEADER', { 16: 2n ** 40n }],
    ['a directory past the end', 'TABLE_OUT_OF_BOUNDS', { 128: 2n ** 40n }],
    ['a directory over the header', 'TABLE_OUT_OF_BOUNDS', { 128: 0n }],
    ['no volatile header', 'MALFORMED_HEADER', { 80: 3n }],
    ['a volatile header past the end', 'TRUNCATED', { 80: 2n ** 30n }],
  ])('with %s is refused', async (_, code, fields) => {
    const { container } = await openBytes(VMDK, seSparseImage({ entries, fields }, DATA));

    expect(container.safety).toContain(code);
    expect(container.guest.kind).toBe('closed');
  });

  it.each<readonly [string, SafetyCode, bigint, readonly bigint[]]>([
    ['an entry without its tag', 'MALFORMED_HEADER', 1n, entries],
    ['a table past the end', 'TABLE_OUT_OF_BOUNDS', 0x1000_0000_ffff_ffffn, entries],
    ['a state of 4', 'MALFORMED_HEADER', 0x1000_0000_0000_0000n, [4n << 60n]],
    ['a grain past the end', 'DATA_OUT_OF_BOUNDS', 0x1000_0000_0000_0000n, [AT_END & ~(12n << 60n)]],
  ])('loses grains behind %s', async (_, code, directory, list) => {
    const opened = await openBytes(VMDK, seSparseImage({ entries: list, directory }, DATA));

    expect(opened.container.safety).toContain(code);
    expect(opened.guest).toBeInstanceOf(Unreadable);
  });
});

describe('hostile VMDK header', () => {
  it.each<readonly [string, SafetyCode, SparseFields]>([
    ['version 0', 'MALFORMED_HEADER', { version: 0 }],
    ['version 4', 'MALFORMED_HEADER', { version: 4 }],
    ['no capacity and no descriptor', 'MALFORMED_HEADER', { capacity: 0n, descriptorOffset: 0n }],
    ['an absurd capacity', 'MALFORMED_HEADER', { capacity: AT_END }],
    ['a directory of absurd size', 'OVERSIZED_TABLE', { capacity: 2n ** 43n, grain: 16n, entriesPerTable: 1 }],
    ['grains of 8 sectors', 'MALFORMED_HEADER', { grain: 8n }],
    ['grains of 24 sectors', 'MALFORMED_HEADER', { grain: 24n }],
    ['grains of 2 GiB', 'MALFORMED_HEADER', { grain: 0x400000n }],
    ['grains of 2^64 sectors', 'MALFORMED_HEADER', { grain: AT_END }],
    ['tables of none', 'MALFORMED_HEADER', { entriesPerTable: 0 }],
    ['tables of 513', 'MALFORMED_HEADER', { entriesPerTable: 513 }],
    ['line ends of text mode', 'MALFORMED_HEADER', { newlines: '\n \n\n' }],
    ['an unknown compression', 'MALFORMED_HEADER', { algorithm: 2, flags: 0x10003 }],
    ['a flag without an algorithm', 'MALFORMED_HEADER', { flags: 0x10003 }],
    ['an algorithm without a flag', 'MALFORMED_HEADER', { algorithm: 1 }],
    ['a first grain past the end', 'TRUNCATED', { overhead: 2n ** 30n }],
    ['a first grain beyond any file', 'MALFORMED_HEADER', { overhead: AT_END }],
  ])('with %s is closed', async (_, code, header) => {
    const { container } = await openBytes(VMDK, sparseImage({ ...sound, header }));

    expect(container.safety).toContain(code);
    expect(container.guest.kind).toBe('closed');
  });

  it('may have any bytes for line ends where it does not ask for the test', async () => {
    const opened = await openBytes(VMDK, sparseImage({ ...sound, header: { flags: 2, newlines: '\0\0\0\0' } }));

    expect(opened.container.safety).toEqual([]);
    guestIs(opened.guest, WINDOW);
  });

  it('cut short is closed', async () => {
    const { container } = await openBytes(VMDK, sparseImage().subarray(0, 60));

    expect(container).toMatchObject({ safety: ['TRUNCATED'], guest: { kind: 'closed' } });
  });
});
