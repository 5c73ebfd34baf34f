import { closeSync, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import type { ContainerFormat } from '../../../src/probe/containers/format/container.ts';
import { WINDOW_LENGTH } from '../../../src/probe/reading/file-head.ts';
import { VHD } from '../../../src/probe/containers/vhd/vhd.ts';
import { VHDX } from '../../../src/probe/containers/vhdx/vhdx.ts';
import { VMDK } from '../../../src/probe/containers/vmdk/vmdk.ts';
import { perform } from '../../../src/probe/perform/perform.ts';
import type { SafetyCode } from '../../../src/model/safety.ts';
import { convert, GUEST_NAMES, GUESTS, qemuImg, qemuIo, temporary, windowOf, writeGuest } from './guests.ts';
import { fileSource, openFile } from './image-file.ts';
import { fixedByEnd } from './vhd-image.ts';

/** QEMU's own images, read back: guest bytes must be those of the raw base, whatever the variant. */
interface Variant {
  readonly name: string;
  readonly format: ContainerFormat;
  readonly make: readonly string[];
  /** Requests that opening and reading the window of a guest with holes take. */
  readonly requests: number;
  /** Part of the file name that QEMU gives the extent instead of the descriptor. */
  readonly extent?: string;
  readonly safety?: readonly SafetyCode[];
}

const variant = (format: ContainerFormat, driver: string, requests: number, options = ''): Variant => ({
  name: `${driver} ${options}`,
  format,
  make: ['-O', driver, ...(options === '' ? [] : ['-o', options])],
  requests,
});

const VARIANTS: readonly Variant[] = [
  variant(VHD, 'vpc', 2),
  variant(VHD, 'vpc', 2, 'force_size=on'),
  variant(VHDX, 'vhdx', 4),
  variant(VHDX, 'vhdx', 4, 'subformat=fixed'),
  variant(VHDX, 'vhdx', 4, 'block_size=1M'),
  variant(VHDX, 'vhdx', 4, 'block_size=2M'),
  variant(VHDX, 'vhdx', 4, 'block_size=256M'),
  variant(VMDK, 'vmdk', 1),
  variant(VMDK, 'vmdk', 1, 'zeroed_grain=on'),
  variant(VMDK, 'vmdk', 1, 'compat6=on'),
  variant(VMDK, 'vmdk', 1, 'subformat=streamOptimized'),
  {
    ...variant(VMDK, 'vmdk', 1, 'subformat=twoGbMaxExtentSparse'),
    extent: '-s001',
    safety: ['SUBTYPE_REFUSED'],
  },
];

let directory: string;
let made = 0;

function freshPath(extension = '.img'): string {
  made += 1;
  return join(directory, `image-${made}${extension}`);
}

/** The window of the raw base, with the zeros that a format rounds a disk up with. */
function expectedWindow(raw: string, virtualSize: number | null): Buffer {
  const window = Buffer.alloc(Math.min(WINDOW_LENGTH, virtualSize ?? 0));
  windowOf(raw).copy(window);
  return window;
}

beforeAll(() => {
  directory = temporary();
  for (const guest of GUEST_NAMES) writeGuest(guest, directory);
});

describe.each(VARIANTS)('$name', ({ format, make, requests, extent, safety = [] }) => {
  const makeImage = (raw: string): string => {
    const image = freshPath();
    convert(raw, image, ...make);
    return extent === undefined ? image : image.replace('.img', `${extent}.img`);
  };

  it.each(GUEST_NAMES)('guest %s reads as its raw base', async (guest) => {
    const raw = join(directory, `${guest}.raw`);
    const image = makeImage(raw);

    const opened = await openFile(format, image);

    expect(opened.container).toMatchObject({ containerType: format.containerType, sectorSize: 512, safety });
    expect(opened.container.guest).toMatchObject({ kind: 'mapped', tables: 'sound' });
    const { virtualSize } = opened.container;
    if (format !== VHD || make.includes('force_size=on')) expect(virtualSize).toBe(GUESTS[guest].size);
    else expect(virtualSize).toBeGreaterThanOrEqual(GUESTS[guest].size);
    expect(opened.guest).toBeInstanceOf(Uint8Array);
    expect(Buffer.compare(opened.guest as Uint8Array, expectedWindow(raw, virtualSize))).toBe(0);
    if (guest === 'holes') expect(opened.requests).toBe(requests);
    rmSync(image);
  });

  it('reads a piece that begins and ends within blocks', async () => {
    const raw = join(directory, 'holes.raw');

    const opened = await openFile(format, makeImage(raw), 21_001, 44_700);

    const expected = windowOf(raw).subarray(21_001, 21_001 + 44_700);
    expect(Buffer.compare(opened.guest as Uint8Array, expected)).toBe(0);
  });
});

describe('vpc subformat=fixed', () => {
  it.each(GUEST_NAMES)('guest %s is known by its footer and reads as its raw base', async (guest) => {
    for (const options of ['subformat=fixed', 'subformat=fixed,force_size=on']) {
      const raw = join(directory, `${guest}.raw`);
      const image = freshPath();
      convert(raw, image, '-O', 'vpc', '-o', options);
      const { footer, size } = lastBytes(image, 512);

      const container = fixedByEnd(footer, size)?.opened;

      expect(fixedByEnd(footer, size)?.sign).toMatchObject({ offset: size - 512 });
      expect(container).toMatchObject({ containerType: 'vhd', virtualSize: size - 512, safety: [] });
      if (container?.guest.kind !== 'mapped') throw new Error('closed');
      const source = fileSource(image);
      const window = await perform(container.guest.read(0, WINDOW_LENGTH), source);
      await source.close();
      expect(Buffer.compare(window, expectedWindow(raw, container.virtualSize))).toBe(0);
      rmSync(image);
    }
  });
});

function lastBytes(path: string, length: number): { readonly footer: Buffer; readonly size: number } {
  const descriptor = openSync(path, 'r');
  const { size } = fstatSync(descriptor);
  const footer = Buffer.alloc(length);
  readSync(descriptor, footer, 0, length, size - length);
  closeSync(descriptor);
  return { footer, size };
}

describe('images after use', () => {
  it.each([
    ['vpc', VHD, []],
    ['vhdx', VHDX, ['-o', 'block_size=1M']],
    ['vmdk', VMDK, []],
    ['vmdk', VMDK, ['-o', 'zeroed_grain=on']],
  ] as const)('%s reads as QEMU reads it', async (driver, format, options) => {
    const image = freshPath();
    qemuImg('create', '-f', driver, ...options, image, '8M');
    qemuIo(
      driver,
      image,
      'write -P 0x11 3M 8k',
      'write -P 0x22 64k 4k',
      'write -P 0x33 0 5k',
      'write -z 64k 2k',
      'write -P 0x44 18k 512',
    );
    const raw = `${image}.raw`;
    qemuImg('convert', '-f', driver, '-O', 'raw', image, raw);

    const opened = await openFile(format, image);

    expect(opened.container.safety).toEqual([]);
    expect(Buffer.compare(opened.guest as Uint8Array, windowOf(raw))).toBe(0);
  });

  it('vmdk with its first grain zeroed', async () => {
    const image = freshPath();
    qemuImg('create', '-f', 'vmdk', '-o', 'zeroed_grain=on', image, '8M');
    qemuIo('vmdk', image, 'write -P 0x11 0 128k', 'write -z 0 64k');

    const opened = await openFile(VMDK, image);

    expect(
      Buffer.compare(opened.guest as Uint8Array, Buffer.concat([Buffer.alloc(65_536), Buffer.alloc(4096, 0x11)])),
    ).toBe(0);
  });
});

describe('descriptors of QEMU', () => {
  it.each(['monolithicFlat', 'twoGbMaxExtentSparse', 'twoGbMaxExtentFlat'])(
    '%s has its data elsewhere',
    async (subformat) => {
      const image = freshPath('.vmdk');
      convert(join(directory, 'holes.raw'), image, '-O', 'vmdk', '-o', `subformat=${subformat}`);

      const { container } = await openFile(VMDK, image);

      expect(container).toMatchObject({ containerType: 'vmdk', virtualSize: GUESTS.holes.size });
      expect(container.guest).toEqual({ kind: 'closed', why: 'its data lies in other files' });
      expect(container.safety).toEqual(expect.arrayContaining(['EXTERNAL_EXTENTS', 'SUBTYPE_REFUSED']));
    },
  );
});
