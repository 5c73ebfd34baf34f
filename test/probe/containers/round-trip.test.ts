import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import type { SafetyCode } from '../../../src/model/safety.ts';
import type { ContainerFormat } from '../../../src/probe/containers/format/container.ts';
import { PARALLELS } from '../../../src/probe/containers/parallels.ts';
import { QCOW } from '../../../src/probe/containers/qcow.ts';
import { QCOW2 } from '../../../src/probe/containers/qcow2/qcow2.ts';
import { QED } from '../../../src/probe/containers/qed.ts';
import { VDI } from '../../../src/probe/containers/vdi.ts';
import { convert, GUEST_NAMES, GUESTS, qemuImg, qemuIo, temporary, windowOf, writeGuest } from './guests.ts';
import { openFile } from './image-file.ts';

/** QEMU's own images, read back: guest bytes must be those of the raw base, whatever the variant. */
interface Variant {
  readonly name: string;
  readonly format: ContainerFormat;
  /** Options of `qemu-img convert`. */
  readonly make: readonly string[];
  /** Requests that opening and reading the window of a guest with holes take. */
  readonly requests: number;
}

const qcow2 = (name: string, requests: number, ...options: readonly string[]): Variant => ({
  name: `qcow2, ${name}`,
  format: QCOW2,
  make: ['-O', 'qcow2', ...options],
  requests,
});

const VARIANTS: readonly Variant[] = [
  qcow2('version 3', 1),
  qcow2('version 2', 1, '-o', 'compat=0.10'),
  qcow2('deflate', 1, '-c'),
  qcow2('zstd', 1, '-c', '-o', 'compression_type=zstd'),
  qcow2('512-byte clusters', 1, '-o', 'cluster_size=512'),
  qcow2('4 KiB clusters, deflate', 1, '-c', '-o', 'cluster_size=4k'),
  qcow2('2 MiB clusters', 4, '-o', 'cluster_size=2M'),
  qcow2('2 MiB clusters, deflate', 4, '-c', '-o', 'cluster_size=2M'),
  qcow2('2 MiB clusters, zstd', 4, '-c', '-o', 'cluster_size=2M,compression_type=zstd'),
  qcow2('extended L2', 3, '-o', 'extended_l2=on,cluster_size=128k'),
  qcow2('extended L2, 16 KiB', 1, '-o', 'extended_l2=on,cluster_size=16k'),
  qcow2('extended L2, deflate', 1, '-c', '-o', 'extended_l2=on,cluster_size=64k'),
  qcow2('preallocated', 1, '-o', 'preallocation=metadata'),
  qcow2('extended L2, preallocated', 3, '-o', 'extended_l2=on,cluster_size=128k,preallocation=metadata'),
  qcow2('1-bit refcounts', 1, '-o', 'refcount_bits=1'),
  { name: 'qcow', format: QCOW, make: ['-O', 'qcow'], requests: 1 },
  { name: 'qcow, deflate', format: QCOW, make: ['-c', '-O', 'qcow'], requests: 1 },
  { name: 'qed', format: QED, make: ['-O', 'qed'], requests: 2 },
  {
    name: 'qed, 4 KiB clusters',
    format: QED,
    make: ['-O', 'qed', '-o', 'cluster_size=4k,table_size=2'],
    requests: 1,
  },
  { name: 'vdi', format: VDI, make: ['-O', 'vdi'], requests: 1 },
  { name: 'vdi, static', format: VDI, make: ['-O', 'vdi', '-o', 'static=on'], requests: 1 },
  { name: 'parallels', format: PARALLELS, make: ['-O', 'parallels'], requests: 2 },
  {
    name: 'parallels, 64 KiB clusters',
    format: PARALLELS,
    make: ['-O', 'parallels', '-o', 'cluster_size=64k'],
    requests: 1,
  },
];

let directory: string;
let made = 0;

/** A path that no image had before: QEMU does not write every format over another. */
function freshPath(): string {
  made += 1;
  return join(directory, `image-${made}`);
}

beforeAll(() => {
  directory = temporary();
  for (const guest of GUEST_NAMES) writeGuest(guest, directory);
});

/** Extended L2 entries are read, and Glance and Nova refuse them. */
function safetyOf(options: readonly string[]): readonly SafetyCode[] {
  return options.some((option) => option.includes('extended_l2')) ? ['FEATURE_REFUSED'] : [];
}

describe.each(VARIANTS)('$name', ({ format, make, requests }) => {
  it.each(GUEST_NAMES)('guest %s reads as its raw base', async (guest) => {
    const raw = join(directory, `${guest}.raw`);
    const image = freshPath();
    convert(raw, image, ...make);

    const opened = await openFile(format, image);

    const { containerType } = format;
    expect(opened.container).toMatchObject({ containerType, sectorSize: 512, safety: safetyOf(make) });
    expect(opened.container.guest).toMatchObject({ kind: 'mapped', tables: 'sound' });
    expect(opened.container.virtualSize).toBe(GUESTS[guest].size);
    expect(opened.guest).toBeInstanceOf(Uint8Array);
    expect(Buffer.compare(opened.guest as Uint8Array, windowOf(raw))).toBe(0);
    if (guest === 'holes') expect(opened.requests).toBe(requests);
    rmSync(image);
  });

  it('reads a piece that begins and ends within blocks', async () => {
    const raw = join(directory, 'holes.raw');
    const image = freshPath();
    convert(raw, image, ...make);

    const opened = await openFile(format, image, 21_001, 44_700);

    const expected = windowOf(raw).subarray(21_001, 21_001 + 44_700);
    expect(Buffer.compare(opened.guest as Uint8Array, expected)).toBe(0);
  });
});

/** Layouts that only use gives: clusters out of order, zeros written, overwritten, parts of clusters. */
const USED: readonly (readonly [string, ContainerFormat, string, readonly string[]])[] = [
  ['qcow2', QCOW2, 'qcow2', ['-o', 'cluster_size=4k']],
  ['qcow2, extended L2', QCOW2, 'qcow2', ['-o', 'extended_l2=on,cluster_size=128k']],
  ['qcow2, extended L2, 16 KiB', QCOW2, 'qcow2', ['-o', 'extended_l2=on,cluster_size=16k']],
  ['qcow2, version 2', QCOW2, 'qcow2', ['-o', 'compat=0.10,cluster_size=4k']],
  ['qcow', QCOW, 'qcow', []],
  ['qed', QED, 'qed', ['-o', 'cluster_size=4k,table_size=2']],
  ['parallels', PARALLELS, 'parallels', ['-o', 'cluster_size=64k']],
];

describe('images after use', () => {
  it.each(USED)('%s reads as QEMU reads it', async (_, format, driver, options) => {
    const image = freshPath();
    qemuImg('create', '-f', driver, ...options, image, '8M');
    qemuIo(
      driver,
      image,
      'write -P 0x11 64k 8k',
      'write -P 0x22 40k 12k',
      'write -P 0x33 0 5k',
      'write -P 0x44 16k 4k',
      'write -P 0x55 18k 512',
      'write -z 44k 4k',
      'write -P 0x66 28k 1k',
    );
    const raw = `${image}.raw`;
    qemuImg('convert', '-f', driver, '-O', 'raw', image, raw);

    const opened = await openFile(format, image);

    expect(opened.container.safety).toEqual(safetyOf(options));
    expect(Buffer.compare(opened.guest as Uint8Array, windowOf(raw))).toBe(0);
  });

  it('qcow2 with compressed clusters among others', async () => {
    const image = freshPath();
    qemuImg('create', '-f', 'qcow2', '-o', 'cluster_size=4k', image, '8M');
    qemuIo(
      'qcow2',
      image,
      'write -c -P 0x11 4k 4k',
      'write -P 0x22 8k 4k',
      'write -c -P 0x33 12k 4k',
      'write -z 8k 4k',
    );
    const raw = `${image}.raw`;
    qemuImg('convert', '-f', 'qcow2', '-O', 'raw', image, raw);

    const opened = await openFile(QCOW2, image);

    expect(Buffer.compare(opened.guest as Uint8Array, windowOf(raw))).toBe(0);
  });
});
