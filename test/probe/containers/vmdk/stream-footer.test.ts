import { describe, expect, it } from 'vitest';
import type { SafetyCode } from '../../../../src/model/safety.ts';
import { VMDK } from '../../../../src/probe/containers/vmdk/vmdk.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { perform } from '../../../../src/probe/perform/perform.ts';
import { DEFAULT_BUDGET } from '../../../../src/probe/reading/budget.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { memorySource } from '../../../support/images/memory-source.ts';
import { openAndRead, openBytes, guestIs } from '../image-file.ts';
import {
  AT_END,
  grainMarker,
  metadataMarker,
  SECTOR,
  streamImage,
  type SparseFields,
  GRAIN,
  DATA,
  WINDOW,
} from '../vmdk-image.ts';

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
