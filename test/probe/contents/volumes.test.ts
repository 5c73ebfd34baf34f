import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recogniseContent } from '../../../src/probe/contents/recognise.ts';
import { run, sparse, workplace } from './support/real-tools.ts';
import { be, bytesWith, fileWindow, le, type Patch, patched, verdictOf, windowOf } from './support/windows.ts';

const MIB = 1024 * 1024;
const directory = workplace();
const blank = (size: number): string => sparse(join(directory, 'image'), size);

describe('swap of mkswap', () => {
  it.each([4096, 8192, 16_384, 32_768, 65_536])('pages of %d bytes', (page) => {
    const path = blank(2 * MIB);
    run('mkswap', ['-p', `${page}`, path]);
    expect(verdictOf(fileWindow(path))).toBe('other certain Linux swap');
    expect(recogniseContent(fileWindow(path))).toHaveProperty('evidence.0.offset', page - 10);
  });
  it.each([
    [
      'of the other byte order',
      [
        [1024, be(1, 4)],
        [1028, be(5, 4)],
        [4086, 'SWAPSPACE2'],
      ],
      'other certain Linux swap',
    ],
    ['of version 0', [[4086, 'SWAP-SPACE']], 'other likely Linux swap'],
    ['with a suspended system', [[4086, 'S1SUSPEND']], 'other likely Linux swap'],
    [
      'without a last page',
      [
        [1024, le(1, 4)],
        [4086, 'SWAPSPACE2'],
      ],
      'unknown',
    ],
    [
      'of another version',
      [
        [1024, le(2, 4)],
        [1028, le(5, 4)],
        [4086, 'SWAPSPACE2'],
      ],
      'unknown',
    ],
  ] as const)('%s', (_, patches, line) => expect(verdictOf(windowOf(bytesWith(patches)))).toBe(line));
});

describe('LUKS of cryptsetup', () => {
  it.each([
    ['luks1', ['--pbkdf-force-iterations', '1000'], 'encrypted LUKS1'],
    ['luks2', ['--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000'], 'encrypted LUKS2'],
  ])('%s', (type, args, line) => {
    const path = blank(20 * MIB);
    run('cryptsetup', ['luksFormat', '-q', '--type', type, ...args, path, '-'], { input: 'password' });
    expect(verdictOf(fileWindow(path))).toBe(line);
    expect(recogniseContent(fileWindow(path))).toMatchObject({ safety: ['ENCRYPTED_CONTENT'] });
  });
  it('of a version to come is unknown', () => {
    expect(verdictOf(windowOf(bytesWith([[0, [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe, 0, 3]]])))).toBe('unknown');
  });
});

/** A label as pvcreate of LVM2 2.03.16 writes it; pvcreate itself needs a block device. */
const LVM_LABEL: readonly Patch[] = [
  [512, 'LABELONE'],
  [520, [1]],
  [528, [0xa0, 0x39, 0x28, 0xa1, 0x20]],
  [536, 'LVM2 0016LMglZ2K7xlJvmvdqkNSleRhAyQTi2rk'],
  [579, [0x04]],
  [586, [0x10]],
  [617, [0x10]],
  [625, [0xf0, 0x0f]],
  [648, [0x02]],
];

describe('LVM2', () => {
  it('a physical volume', () => {
    expect(verdictOf(windowOf(bytesWith(LVM_LABEL)))).toBe('other certain LVM2 physical volume');
  });
  it.each([
    ['a wrong checksum', [600, [1]] as Patch],
    ['the number of another sector', [520, [2]] as Patch],
    ['another type', [543, '2'] as Patch],
  ])('with %s is none', (_, patch) => {
    expect(verdictOf(windowOf(bytesWith([...LVM_LABEL, patch])))).toBe('unknown');
  });
});

/** MD metadata of version 1 for `devices` members, at its sector and signed. */
function md(at: number, sector: number, devices: number): Uint8Array {
  const bytes = bytesWith([
    [at, le(0xa92b4efc, 4)],
    [at + 4, le(1, 4)],
    [at + 72, le(1, 4)],
    [at + 144, le(BigInt(sector), 8)],
    [at + 220, le(devices, 4)],
    [at + 256 + 2 * (devices - 1), le(0xfffe, 2)],
  ]);
  const block = Buffer.from(bytes.slice(at, at + 256 + 2 * devices));
  let sum = 0n;
  for (let offset = 0; offset + 4 <= block.length; offset += 4) sum += BigInt(block.readUInt32LE(offset));
  if (block.length % 4 === 2) sum += BigInt(block.readUInt16LE(block.length - 2));
  return patched(bytes, [[at + 216, le((sum & 0xffff_ffffn) + (sum >> 32n), 4)]]);
}

describe('MD RAID, written as drivers/md/md.c sums it', () => {
  it.each([
    ['1.1', 0, 0, 128],
    ['1.2', 4096, 8, 128],
    ['1.2 with an odd number of devices', 4096, 8, 3],
  ])('%s', (_, at, sector, devices) => {
    expect(verdictOf(windowOf(md(at, sector, devices)))).toBe('other certain MD RAID member');
  });
  it('at a place that is not its own, or changed, is none', () => {
    expect(verdictOf(windowOf(md(4096, 16, 128)))).toBe('unknown');
    expect(verdictOf(windowOf(patched(md(4096, 8, 128), [[4096 + 32, [7]]])))).toBe('unknown');
  });
  it('with more devices than the window holds is likely', () => {
    expect(verdictOf(windowOf(md(4096, 8, 128).slice(0, 4400)))).toBe('other likely MD RAID member');
    expect(verdictOf(windowOf(patched(md(4096, 8, 128), [[4096 + 220, le(0xffff_ffff, 4)]])))).toBe(
      'other likely MD RAID member',
    );
  });
});

describe('other members and targets', () => {
  it.each(['-B', '-C'])('bcache %s', (kind) => {
    const path = blank(64 * MIB);
    run('make-bcache', [kind, path]);
    expect(verdictOf(fileWindow(path))).toBe('other likely bcache member');
  });
  it('dm-verity', () => {
    const [data, hashes] = [blank(MIB), join(directory, 'hashes')];
    run('veritysetup', ['format', data, hashes]);
    expect(verdictOf(fileWindow(hashes))).toBe('other certain dm-verity hash tree');
  });
  it.each([
    ['likely VDO volume', 'dmvdo001', []],
    ['certain dm-integrity volume', 'integrt\0', [5]],
  ])('%s, written by hand', (name, magic, version) => {
    expect(
      verdictOf(
        windowOf(
          bytesWith([
            [0, magic],
            [8, version],
          ]),
        ),
      ),
    ).toBe(`other ${name}`);
  });
  it.each(['verity\0\0', 'integrt\0'])('%j without a version is none', (magic) => {
    expect(verdictOf(windowOf(bytesWith([[0, magic]])))).toBe('unknown');
  });
});
