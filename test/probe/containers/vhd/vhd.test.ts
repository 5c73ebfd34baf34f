import { describe, expect, it } from 'vitest';
import { VHD } from '../../../../src/probe/containers/vhd/vhd.ts';
import { perform } from '../../../../src/probe/perform/perform.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { memorySource } from '../../../support/images/memory-source.ts';
import { noise } from '../bytes.ts';
import { openBytes, openAndRead } from '../image-file.ts';
import { block, footer, MIB, seal, vhdImage, fixedByEnd, dynamicHeader } from '../vhd-image.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';

const DATA = noise(2 * MIB, 11);

const ALL_HERE = Buffer.alloc(512, 0xff);

const WINDOW = DATA.subarray(0, 69_632);

/** A dynamic disk of 4 MiB whose first block is there. */
const sound = { table: [4], blocks: block(ALL_HERE, DATA) };

describe('dynamic VHD', () => {
  it('reads its blocks and takes the others for zeros', async () => {
    const image = vhdImage(sound);

    const opened = await openBytes(VHD, image);
    const behind = await openBytes(VHD, image, 2 * MIB - 1024, 4096);

    expect(opened.container).toMatchObject({ virtualSize: 4 * MIB, safety: [], sectorSize: 512 });
    expect(Buffer.compare(opened.guest as Uint8Array, WINDOW)).toBe(0);
    const expected = Buffer.concat([DATA.subarray(2 * MIB - 1024), Buffer.alloc(3072)]);
    expect(Buffer.compare(behind.guest as Uint8Array, expected)).toBe(0);
  });

  it('reads blocks of 512 KiB, as Virtual Server wrote them', async () => {
    const image = vhdImage({
      header: { blockSize: MIB / 2, entries: 8 },
      table: [0xffffffff, 4],
      blocks: block(ALL_HERE.subarray(0, 128), DATA.subarray(0, MIB / 2)),
    });

    const opened = await openBytes(VHD, image, MIB / 2 - 512, 1024);

    expect(opened.container.safety).toEqual([]);
    expect(Buffer.compare(opened.guest as Uint8Array, Buffer.concat([Buffer.alloc(512), DATA.subarray(0, 512)]))).toBe(
      0,
    );
  });

  it.each([
    // A geometry of 120 x 4 x 17 sectors is less than the 4 MiB of the current size.
    ['vpc ', 120 * 4 * 17 * 512],
    ['qemu', 120 * 4 * 17 * 512],
    ['win ', 4 * MIB],
    ['qem2', 4 * MIB],
    ['d2v ', 4 * MIB],
    ['tap\0', 4 * MIB],
    ['CTXS', 4 * MIB],
    ['wa\0\0', 4 * MIB],
    ['vbox', 4 * MIB],
  ])('made by %j, the disk has %i bytes', async (creator, virtualSize) => {
    const opened = await openBytes(VHD, vhdImage({ ...sound, footer: { creator } }));

    expect(opened.container).toMatchObject({ virtualSize, safety: [] });
  });

  it('goes by the current size where the geometry is at its largest', async () => {
    const image = vhdImage({ ...sound, footer: { creator: 'vpc ', geometry: [65_535, 16, 255] } });

    expect((await openBytes(VHD, image)).container.virtualSize).toBe(4 * MIB);
  });

  it('takes the checksum of a disk that XenServer hid without summing again', async () => {
    const hidden = await openBytes(VHD, vhdImage({ ...sound, footer: { creator: 'tap\0', hidden: 1 } }));
    const other = await openBytes(VHD, vhdImage({ ...sound, footer: { creator: 'win ', hidden: 1 } }));

    expect(hidden.container).toMatchObject({ safety: [], guest: { kind: 'mapped' } });
    expect(other.container).toMatchObject({ safety: ['MALFORMED_HEADER'], guest: { kind: 'closed' } });
  });

  it('reads a file without its last footer, and says so', async () => {
    const opened = await openBytes(VHD, vhdImage({ ...sound, endFooter: null }));

    expect(opened.container.safety).toEqual(['TRUNCATED']);
    expect(Buffer.compare(opened.guest as Uint8Array, WINDOW)).toBe(0);
  });

  it('takes a footer of 511 bytes at the end', async () => {
    const opened = await openBytes(VHD, vhdImage({ ...sound, endFooter: footer().subarray(0, 511) }));

    expect(opened.container.safety).toEqual([]);
  });

  it.each([
    ['another size', footer({ currentSize: 2n ** 21n })],
    ['another disk', seal(Buffer.from(footer()).fill(0xcd, 68, 84), 64)],
    ['a wrong checksum', Buffer.from(footer()).fill(1, 500, 501)],
  ])('says when the last footer has %s', async (_, endFooter) => {
    const opened = await openBytes(VHD, vhdImage({ ...sound, endFooter }));

    expect(opened.container).toMatchObject({ safety: ['HEADERS_DISAGREE'], virtualSize: 4 * MIB });
    expect(Buffer.compare(opened.guest as Uint8Array, WINDOW)).toBe(0);
  });

  it('lets time and saved state differ between the footers', async () => {
    const later = Buffer.from(footer());
    later.writeUInt32BE(77, 24);
    later.writeUInt8(1, 84);

    expect((await openBytes(VHD, vhdImage({ ...sound, endFooter: seal(later, 64) }))).container.safety).toEqual([]);
  });

  it('goes by the last footer where the copy is damaged', async () => {
    const image = vhdImage(sound);
    image.writeUInt8(9, 24);

    const opened = await openBytes(VHD, image);

    expect(opened.container.safety).toEqual(['HEADERS_DISAGREE', 'MALFORMED_HEADER']);
    expect(Buffer.compare(opened.guest as Uint8Array, WINDOW)).toBe(0);
  });

  it('opens without the end where the size is not known', async () => {
    const source = memorySource(vhdImage({ ...sound, endFooter: null }));

    const opened = await perform(openAndRead(VHD, null, 0, 69_632), { ...source, size: () => null });

    expect(opened.container.safety).toEqual([]);
    expect(Buffer.compare(opened.guest as Uint8Array, WINDOW)).toBe(0);
  });

  it('never reads zeros past the end of the file', async () => {
    const image = vhdImage({ ...sound, endFooter: null });
    const cut = image.subarray(0, 2048 + 512 + 65_536);

    const opened = await openBytes(VHD, cut);
    const before = await openBytes(VHD, cut, 0, 65_536);
    const outside = await openBytes(VHD, vhdImage({ table: [0x00ffffff] }));

    expect(opened.container.safety).toEqual(['DATA_OUT_OF_BOUNDS', 'TRUNCATED']);
    expect(opened.guest).toBeInstanceOf(Unreadable);
    expect(Buffer.compare(before.guest as Uint8Array, DATA.subarray(0, 65_536))).toBe(0);
    expect(outside.container.safety).toEqual(['DATA_OUT_OF_BOUNDS']);
    expect(outside.guest).toBeInstanceOf(Unreadable);
  });
});

describe('differencing VHD', () => {
  const differencing = (bitmap: Buffer) => vhdImage({ footer: { type: 4 }, table: [4], blocks: block(bitmap, DATA) });

  it('is read where all that is wanted is here', async () => {
    const opened = await openBytes(VHD, differencing(Buffer.alloc(17, 0xff)));

    expect(opened.container.safety).toEqual(['PARENT_NEEDED']);
    expect(Buffer.compare(opened.guest as Uint8Array, WINDOW)).toBe(0);
  });

  it('reads sectors that the bitmap, most significant bit first, says are here, and no others', async () => {
    const image = differencing(Buffer.from([0b1110_0001]));

    const here = await openBytes(VHD, image, 0, 1536);
    const seventh = await openBytes(VHD, image, 3584, 512);
    const missing = await openBytes(VHD, image, 0, 2048);

    expect(Buffer.compare(here.guest as Uint8Array, DATA.subarray(0, 1536))).toBe(0);
    expect(Buffer.compare(seventh.guest as Uint8Array, DATA.subarray(3584, 4096))).toBe(0);
    expect(missing.guest).toBeInstanceOf(Unreadable);
  });

  it.each([
    ['its first sector', differencing(Buffer.from([0b0111_1111]))],
    ['its first block', vhdImage({ footer: { type: 4 }, table: [0xffffffff] })],
  ])('is closed where %s is the parent’s', async (_, image) => {
    const { container } = await openBytes(VHD, image);

    expect(container).toMatchObject({ safety: ['PARENT_NEEDED'], virtualSize: 4 * MIB });
    expect(container.guest).toEqual({ kind: 'closed', why: 'needs a parent file' });
  });
});

describe('hostile VHD', () => {
  it.each([
    ['a wrong checksum', ['MALFORMED_HEADER'], Buffer.from(vhdImage({ ...sound, endFooter: null })).fill(9, 90, 91)],
    ['a fixed disk by its type', ['MALFORMED_HEADER'], vhdImage({ ...sound, footer: { type: 2 } })],
    ['a type of 7', ['MALFORMED_HEADER'], vhdImage({ ...sound, footer: { type: 7 } })],
    ['version 2', ['MALFORMED_HEADER'], vhdImage({ ...sound, footer: { version: 0x0002_0000 } })],
    ['a size of 2^63', ['MALFORMED_HEADER'], vhdImage({ ...sound, footer: { currentSize: 2n ** 63n } })],
    ['more guest than blocks', ['MALFORMED_HEADER'], vhdImage({ ...sound, footer: { currentSize: 2n ** 40n } })],
    ['blocks of no power of two', ['MALFORMED_HEADER'], vhdImage({ ...sound, header: { blockSize: 3 * MIB } })],
    ['blocks of nothing', ['MALFORMED_HEADER'], vhdImage({ ...sound, header: { blockSize: 0 } })],
    ['an absurd table', ['OVERSIZED_TABLE'], vhdImage({ ...sound, header: { entries: 0xffffffff } })],
    ['a table past the end', ['TABLE_OUT_OF_BOUNDS'], vhdImage({ ...sound, header: { tableOffset: 2n ** 62n } })],
    ['a table at -1', ['TABLE_OUT_OF_BOUNDS'], vhdImage({ ...sound, header: { tableOffset: 2n ** 64n - 1n } })],
    ['a table over the footer', ['TABLE_OUT_OF_BOUNDS'], vhdImage({ ...sound, header: { tableOffset: 0n } })],
    ['a table over its header', ['TABLE_OUT_OF_BOUNDS'], vhdImage({ ...sound, header: { tableOffset: 1024n } })],
    ['a header past the end', ['TABLE_OUT_OF_BOUNDS'], vhdImage({ ...sound, footer: { dataOffset: 2n ** 40n } })],
    ['a header over the footer', ['TABLE_OUT_OF_BOUNDS'], vhdImage({ ...sound, footer: { dataOffset: 0n } })],
    ['no header', ['MALFORMED_HEADER'], vhdImage({ ...sound, footer: { dataOffset: 2048n } })],
    ['a header at -1', ['MALFORMED_HEADER'], vhdImage({ ...sound, footer: { dataOffset: 2n ** 64n - 1n } })],
    ['nothing but a cookie', ['TRUNCATED'], Buffer.from('conectix')],
  ])('with %s is closed', async (_, safety, image) => {
    const { container } = await openBytes(VHD, image);

    expect(container.safety).toEqual(expect.arrayContaining(safety));
    expect(container.guest.kind).toBe('closed');
  });

  it('with a wrong checksum of the dynamic disk header is closed', async () => {
    const image = vhdImage(sound);
    image.writeUInt8(1, 512 + 900);

    const { container } = await openBytes(VHD, image);

    expect(container).toMatchObject({ safety: ['MALFORMED_HEADER'], guest: { kind: 'closed' } });
  });

  it('with a block over its footer loses that block', async () => {
    const opened = await openBytes(VHD, vhdImage({ ...sound, table: [0] }));

    expect(opened.container.safety).toEqual(['DATA_OUT_OF_BOUNDS']);
    expect(opened.guest).toBeInstanceOf(Unreadable);
  });
});

const END_DATA = noise(2 * MIB, 11);

const END_WINDOW = END_DATA.subarray(0, 69_632);

describe('fixed VHD', () => {
  const fixed = { type: 2, dataOffset: 2n ** 64n - 1n, currentSize: BigInt(2 * MIB) } as const;
  const size = 2 * MIB + 512;

  it('is known by its footer', async () => {
    const container = fixedByEnd(footer(fixed), size)?.opened;

    expect(fixedByEnd(footer(fixed), size)?.sign).toMatchObject({ offset: 2 * MIB });
    expect(container).toMatchObject({ containerType: 'vhd', virtualSize: 2 * MIB, safety: [] });
    if (container?.guest.kind !== 'mapped') throw new Error('closed');
    const source = memorySource(Buffer.concat([END_DATA, footer(fixed)]));
    expect(Buffer.compare(await perform(container.guest.read(0, 69_632), source), END_WINDOW)).toBe(0);
    expect((await perform(container.guest.read(2 * MIB - 100, 4096), source)).length).toBe(100);
  });

  it('may have a footer of 511 bytes, given alone or in the last 512', () => {
    const short = footer(fixed).subarray(0, 511);

    expect(fixedByEnd(short, size - 1)?.sign).toMatchObject({ offset: 2 * MIB });
    expect(fixedByEnd(Buffer.concat([Buffer.of(7), short]), size - 1)?.sign).toMatchObject({ offset: 2 * MIB });
  });

  it('may say that it has no header in 32 bits, as the specification prints it', () => {
    expect(fixedByEnd(footer({ ...fixed, dataOffset: 0xffff_ffffn }), size)).not.toBeNull();
  });

  it.each([
    ['a file that has grown', fixed, size + 2 * MIB, 2 * MIB],
    ['a file that was cut', fixed, MIB + 512, MIB],
    ['a size beyond every file', { ...fixed, currentSize: 2n ** 64n - 1n }, size, 2 * MIB],
    ['no size', { ...fixed, currentSize: 0n }, size, 2 * MIB],
  ])('is known by a footer with %s, which is noted', (_, fields, fileSize, virtualSize) => {
    expect(fixedByEnd(footer(fields), fileSize)?.opened).toMatchObject({ virtualSize, safety: ['SIZE_MISMATCH'] });
  });

  it('is known by its type, whatever the footer says of a header', () => {
    expect(fixedByEnd(footer({ ...fixed, dataOffset: 512n }), size)?.opened).toMatchObject({ safety: [] });
  });

  it.each([
    ['with a wrong checksum', Buffer.from(footer(fixed)).fill(3, 100, 101), size],
    ['of a dynamic disk', footer({ ...fixed, type: 3 }), size],
    ['of version 2', footer({ ...fixed, version: 0x0002_0000 }), size],
    ['without guest', footer({ ...fixed, currentSize: 0n }), 512],
    ['cut short', footer(fixed).subarray(0, 400), size],
    ['of zeros', Buffer.alloc(512), size],
    ['not read', Buffer.alloc(0), size],
  ])('is not known by a footer %s', (_, bytes, fileSize) => {
    expect(fixedByEnd(bytes, fileSize)).toBeNull();
  });

  it('is not recognised by its head', () => {
    expect(VHD.recognise({ head: fieldsOf(END_DATA), size })).toBeNull();
    expect(VHD.recognise({ head: fieldsOf(dynamicHeader()), size })).toBeNull();
  });
});
