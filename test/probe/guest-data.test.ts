import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/probe/reading/checksums.ts';
import { probe } from '../../src/probe/probe.ts';
import { memorySource } from '../support/images/memory-source.ts';
import { cowdImage } from './containers/vmdk-image.ts';
import { run, sparse, workplace } from './contents/support/real-tools.ts';
import { be, bytesWith, le, patched, type Patch } from './contents/support/windows.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const directory = workplace();

/** A guest whose every eight bytes tell where they are, so that its blocks can be found again in a file. */
function numbered(size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  for (let offset = 0; offset < size; offset += 8) {
    bytes.write('at: ', offset, 'latin1');
    bytes.writeUInt32LE(offset, offset + 4);
  }
  return new Uint8Array(bytes);
}

const GUEST = numbered(MIB);

type Write = (guest: Uint8Array) => Uint8Array;

function converted(format: string, options = ''): Write {
  return (guest) => {
    const [from, to] = [join(directory, 'guest'), join(directory, 'file')];
    writeFileSync(from, guest);
    run('qemu-img', [
      'convert',
      '-f',
      'raw',
      '-O',
      format,
      ...(options === '' ? [] : ['-o', options]),
      from,
      sparse(to, 0),
    ]);
    return new Uint8Array(readFileSync(to));
  };
}

/** Grains of one sector in the order of the guest. */
const cowd: Write = (guest) =>
  new Uint8Array(cowdImage({ here: Array.from({ length: 256 }, (_, index) => index) }, Buffer.from(guest)));

const CONTAINERS: readonly (readonly [name: string, type: string, write: Write])[] = [
  ['qcow2 of 512 bytes', 'qcow2', converted('qcow2', 'cluster_size=512')],
  ['qcow2 of 4 KiB', 'qcow2', converted('qcow2', 'cluster_size=4k')],
  ['qcow2 of 8 KiB', 'qcow2', converted('qcow2', 'cluster_size=8k')],
  ['qcow2 of 64 KiB', 'qcow2', converted('qcow2')],
  ['qcow', 'qcow', converted('qcow')],
  ['QED', 'qed', converted('qed', 'cluster_size=4k')],
  ['VMDK', 'vmdk', converted('vmdk')],
  ['COWD', 'vmdk', cowd],
  ['VDI', 'vdi', converted('vdi')],
  ['VHD', 'vhd', converted('vpc', 'subformat=dynamic')],
  ['VHDX', 'vhdx', converted('vhdx')],
  ['Parallels', 'ploop', converted('parallels')],
];

function btrfs(): Uint8Array {
  const superblock = bytesWith(
    [
      [48, le(65_536n, 8)],
      [64, '_BHRfS_M'],
    ],
    4096,
  );
  return patched(superblock, [[0, le(crc32c(superblock.subarray(32)), 4)]]);
}

function ext4(): Uint8Array {
  const path = sparse(join(directory, 'ext4'), 16 * MIB);
  run('mke2fs', ['-q', '-F', '-t', 'ext4', path]);
  return new Uint8Array(readFileSync(path).subarray(1024, 2048));
}

const isoFields: readonly Patch[] = [
  [0, '\x01CD001\x01'],
  [80, [...le(1000, 4), ...be(1000, 4)]],
  [128, [...le(2048, 2), ...be(2048, 2)]],
  [158, [...le(500, 4), ...be(500, 4)]],
];

/** Structures with the place in a volume at which they stand. */
const STRUCTURES: readonly (readonly [name: string, at: number, bytes: Uint8Array])[] = [
  ['ext4', 1024, ext4()],
  ['swap', 4086, bytesWith([[0, 'SWAP-SPACE']], 10)],
  ['ISO 9660', 32_768, bytesWith(isoFields, 2048)],
  ['Btrfs', 65_536, btrfs()],
  [
    'Reiser4',
    65_536,
    bytesWith(
      [
        [0, 'ReIsEr4\0'],
        [18, le(4096, 2)],
      ],
      32,
    ),
  ],
];

/** Guest offset of what lies at [at, at + length) of the file; null where that is not guest data in one piece. */
function guestOffset(file: Uint8Array, at: number, length: number): number | null {
  const bytes = Buffer.from(file);
  const offsetOf = (place: number): number | null => {
    const word = place - (place % 8);
    return bytes.toString('latin1', word, word + 4) === 'at: ' ? bytes.readUInt32LE(word + 4) + (place % 8) : null;
  };
  const start = offsetOf(at);
  for (let offset = 8; offset < length; offset += 8) {
    if (offsetOf(at + offset) !== (start ?? 0) + offset) return null;
  }
  return start;
}

describe('a signature of a volume that lies in a block of the guest is guest data', () => {
  const reached: string[] = [];
  it.each(CONTAINERS)('%s', async (name, containerType, write) => {
    const plain = write(GUEST);
    for (const [structure, at, bytes] of STRUCTURES) {
      const offset = guestOffset(plain, at, bytes.length);
      if (offset === null) continue;
      const file = write(patched(GUEST, [[offset, bytes]]));
      expect(Buffer.from(file).subarray(at, at + bytes.length)).toEqual(Buffer.from(bytes));
      const verdict = await probe(memorySource(file));
      expect(verdict, structure).toMatchObject({ containerType, containerBasis: 'proven' });
      expect(verdict.safety, structure).not.toContain('POLYGLOT');
      reached.push(`${name}: ${structure}`);
    }
  });
  // Not listed: metadata stands there, as in front of the first MiB of VHDX and Parallels, or a table stands in
  // between.
  it('was tried wherever such a block can lie', () => {
    expect(reached).toEqual([
      'qcow2 of 512 bytes: swap',
      'qcow2 of 512 bytes: ISO 9660',
      'qcow2 of 512 bytes: Reiser4',
      'qcow2 of 4 KiB: ISO 9660',
      'qcow2 of 4 KiB: Btrfs',
      'qcow2 of 4 KiB: Reiser4',
      'qcow2 of 8 KiB: Btrfs',
      'qcow2 of 8 KiB: Reiser4',
      'qcow: ISO 9660',
      'qcow: Btrfs',
      'qcow: Reiser4',
      'QED: ISO 9660',
      'QED: Btrfs',
      'QED: Reiser4',
      'VMDK: Btrfs',
      'VMDK: Reiser4',
      'COWD: ISO 9660',
      'COWD: Btrfs',
      'COWD: Reiser4',
      'VDI: ext4',
      'VDI: swap',
      'VDI: ISO 9660',
      'VDI: Btrfs',
      'VDI: Reiser4',
      'VHD: swap',
      'VHD: ISO 9660',
      'VHD: Btrfs',
      'VHD: Reiser4',
    ]);
  });
});

describe('a volume with Btrfs in a sparse VMDK', () => {
  const guest = patched(new Uint8Array(MIB), [[65_536, btrfs()]]);
  const file = converted('vmdk')(guest);

  it('is a filesystem: its first grain lies at 64 KiB, where Btrfs has its superblock', async () => {
    expect(Buffer.from(file).subarray(65_536, 69_632)).toEqual(Buffer.from(btrfs()));
    expect(await probe(memorySource(file))).toMatchObject({ imageType: 'filesystem', containerType: 'vmdk' });
  });
  it('contends where no grain leads there', async () => {
    const table = Buffer.from(file).readUInt32LE(Buffer.from(file).readUInt32LE(56) * 512) * 512;
    const unmapped = patched(file, [[table + 4, [0, 0, 0, 0]]]);
    expect(await probe(memorySource(unmapped))).toMatchObject({ imageType: null, safety: ['POLYGLOT'] });
  });
  it('contends where two grains lead there', async () => {
    const table = Buffer.from(file).readUInt32LE(Buffer.from(file).readUInt32LE(56) * 512) * 512;
    const doubled = patched(file, [[table + 8, le(128, 4)]]);
    expect(await probe(memorySource(doubled))).toMatchObject({ imageType: null, safety: ['POLYGLOT'] });
  });
});
