import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Verdict } from '../../../src/model/verdict.ts';
import { probe } from '../../../src/probe/probe.ts';
import { makeGuests, openWorkshop, type ImageWorkshop } from '../../support/images/image-workshop.ts';
import { memorySource } from '../../support/images/memory-source.ts';

let shop: ImageWorkshop;
beforeAll(() => {
  shop = openWorkshop();
  makeGuests(shop);
  shop.write('names', 'content\n');
  shop.pipe('cpio', 'sh', '-c', 'cpio -o -H newc < names 2>/dev/null');
  shop.run('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', 'mbr', 'qcow2');
  shop.run('qemu-img', 'convert', '-f', 'raw', '-O', 'vmdk', '-o', 'subformat=streamOptimized', 'mbr', 'vmdk');
  shop.run('qemu-img', 'convert', '-f', 'raw', '-O', 'vpc', '-o', 'force_size=on', 'mbr', '0.vhd');
  shop.write('vm.ovf', '<?xml version="1.0"?><ovf:Envelope xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"/>');
  shop.write('vm.mf', 'SHA256(vm.ovf)= 00\n');
});
afterAll(() => shop.close());

async function judged(bytes: Uint8Array): Promise<string> {
  return wordsOf(await probe(memorySource(bytes)));
}

/** `type/container/envelope`, and why where there is no type. */
function wordsOf(verdict: Verdict): string {
  const words = `${verdict.imageType ?? '-'}/${verdict.containerType ?? '-'}/${verdict.envelope ?? '-'}`;
  return verdict.imageType === null ? `${words} ${verdict.why}` : words;
}

const COMPRESSORS: readonly (readonly [name: string, tool: string, ...options: string[]])[] = [
  ['gzip', 'gzip'],
  ['bzip2', 'bzip2'],
  ['xz', 'xz', '--check=crc32'],
  ['lzma', 'xz', '--format=lzma'],
  ['zstd', 'zstd', '-q'],
  ['lz4 frame', 'lz4', '-q'],
  ['lz4 legacy', 'lz4', '-q', '-l'],
];

describe.each(COMPRESSORS)('%s', (_name, tool, ...options) => {
  const packed = (file: string): Uint8Array => {
    shop.pipe('packed', tool, ...options, '-c', shop.path(file));
    return shop.bytes('packed');
  };

  test.each([
    ['cpio', 'ramdisk/raw/-'],
    ['mbr', 'disk/raw/compressed'],
    ['gpt', 'disk/raw/compressed'],
    ['ext4', 'filesystem/raw/compressed'],
    ['iso', 'iso9660/raw/compressed'],
    ['qcow2', 'disk/qcow2/compressed'],
    ['content', '-/raw/compressed not recognised'],
  ])('%s inside', async (file, expected) => {
    expect(await judged(packed(file))).toBe(expected);
  });

  test('a kernel inside needs no unwrapping', async () => {
    shop.write('Image', arm64Image());
    expect(await judged(packed('Image'))).toBe('kernel/raw/-');
  });

  test('blank inside', async () => {
    shop.blank('zeros', 200_000);
    expect(await judged(packed('zeros'))).toBe('-/raw/compressed blank');
  });

  test('a filesystem may be read as an initial ramdisk of the old kind', async () => {
    const verdict = await probe(memorySource(packed('ext4')));
    expect(verdict).toMatchObject({ imageType: 'filesystem', alsoReadAs: ['ramdisk'] });
  });
});

describe('compressed, and more', () => {
  test('twice is unwrapped, three times is not', async () => {
    const once = gzipSync(shop.bytes('mbr'));
    expect(await judged(gzipSync(once))).toBe('disk/raw/compressed');
    const verdict = await probe(memorySource(gzipSync(gzipSync(once))));
    expect(wordsOf(verdict)).toBe('-/raw/compressed wrapped more than twice');
    expect(verdict.safety).toEqual(['NESTED_TOO_DEEP']);
  });

  test('a kernel that was compressed twice has to be unwrapped once', async () => {
    expect(await judged(gzipSync(gzipSync(arm64Image())))).toBe('kernel/raw/compressed');
  });

  test('blocks behind what is expanded are out of reach, not lost', async () => {
    shop.run('qemu-img', 'convert', '-f', 'raw', '-O', 'vhdx', '-o', 'block_size=1M', 'mbr', 'vhdx');
    const verdict = await probe(memorySource(gzipSync(shop.bytes('vhdx'))));
    expect(wordsOf(verdict)).toMatch(/^-\/vhdx\/compressed .*(?:random access|read as far as)/u);
    expect(verdict.safety).toEqual([]);
  });

  test('a cut stream still says what it begins with', async () => {
    expect(await judged(gzipSync(shop.bytes('gpt')).subarray(0, 20_000))).toBe('disk/raw/compressed');
  });

  test('lzop is known by name only', async () => {
    shop.pipe('lzo', 'lzop', '-c', shop.path('cpio'));
    expect(await judged(shop.bytes('lzo'))).toBe('-/raw/compressed no decoder for lzop data');
  });

  test('what looks compressed and is not is no guess', async () => {
    const bytes = new Uint8Array(4000).fill(0xff);
    bytes.set([0x1f, 0x8b, 8, 0]);
    expect(await judged(bytes)).toMatch(/^-\/raw\/compressed compressed data that cannot be expanded/u);
  });

  test('a polyglot inside stays one', async () => {
    const bytes = shop.bytes('iso');
    bytes.set(shop.bytes('qcow2').subarray(0, 112));
    const verdict = await probe(memorySource(gzipSync(bytes)));
    expect(verdict).toMatchObject({ imageType: null, containerType: null, safety: ['POLYGLOT'] });
  });

  test('the plaintext is expanded within the budget', async () => {
    const verdict = await probe(memorySource(gzipSync(new Uint8Array(200 << 20))));
    expect(wordsOf(verdict)).toBe('-/raw/compressed blank');
  });
});

describe('archives', () => {
  const tar = (name: string, options: readonly string[], ...members: readonly string[]): Uint8Array => {
    shop.run('tar', ...options, '-cf', name, ...members);
    return shop.bytes(name);
  };

  test.each([
    ['ustar', 'vmdk', 'disk/vmdk/ova'],
    ['gnu', 'qcow2', 'disk/qcow2/ova'],
    ['v7', 'mbr', 'disk/raw/ova'],
    ['pax', '0.vhd', 'disk/vhd/ova'],
  ])('a package in %s format with %s', async (format, disk, expected) => {
    expect(await judged(tar('ova', [`--format=${format}`], 'vm.ovf', 'vm.mf', disk))).toBe(expected);
  });

  test('a package whose disk is compressed', async () => {
    shop.write('disk.gz', gzipSync(shop.bytes('mbr')));
    expect(await judged(tar('ova', [], 'vm.ovf', 'disk.gz'))).toBe('disk/raw/ova');
  });

  test('a package whose descriptor comes later', async () => {
    expect(await judged(tar('ova', [], 'vm.mf', 'vmdk', 'vm.ovf'))).toBe('disk/vmdk/ova');
  });

  test('a package without a disk is an archive', async () => {
    expect(await judged(tar('ova', [], 'vm.ovf', 'vm.mf'))).toBe('other/raw/ova');
  });

  test('a descriptor alone', async () => {
    expect(await judged(shop.bytes('vm.ovf'))).toBe('other/raw/ovf');
  });

  test('names longer than a header, by GNU and by POSIX', async () => {
    const long = `${'a'.repeat(90)}/${'b'.repeat(120)}`;
    shop.directory(long);
    shop.run('cp', 'vm.ovf', `${long}/vm.ovf`);
    for (const format of ['gnu', 'posix']) {
      expect(await judged(tar('ova', [`--format=${format}`], `${long}/vm.ovf`, 'vmdk'))).toBe('disk/vmdk/ova');
    }
  });

  test('docker save, an OCI layout, and what kaniko and crane write', async () => {
    const layer = '0123456789abcdef'.repeat(4);
    for (const name of [layer, 'blobs/sha256']) shop.directory(name);
    for (const name of [`${layer}/layer.tar`, 'repositories', 'index.json', `blobs/sha256/${layer}`])
      shop.write(name, '{}');
    shop.write('manifest.json', JSON.stringify([{ Config: 'c.json', RepoTags: null, Layers: [`${layer}/layer.tar`] }]));
    shop.write('oci-layout', '{"imageLayoutVersion":"1.0.0"}');
    shop.write(`sha256:${layer}`, '{}');
    shop.write(`${layer}.tar.gz`, gzipSync('layer'));
    expect(await judged(tar('docker', [], layer, 'manifest.json', 'repositories'))).toBe('other/raw/docker');
    expect(await judged(gzipSync(shop.bytes('docker')))).toBe('other/raw/docker');
    expect(await judged(tar('docker', [], 'blobs', 'index.json', 'oci-layout'))).toBe('other/raw/docker');
    const crane = tar('docker', ['--format=pax'], `./sha256:${layer}`, `./${layer}.tar.gz`, './content');
    expect(await judged(crane)).toBe('other/raw/docker');
  });

  test.each([
    ['{}'],
    ['[{"Config":"c"}]'],
    ['[{"Layers":[]}]'],
    ['[{"Layers":[1]}]'],
    ['not JSON'],
    ['['.repeat(200_000)],
  ])('a manifest without layers is none: %.20s', async (text) => {
    shop.write('manifest.json', text);
    expect(await judged(tar('t', [], 'manifest.json', 'content'))).toBe('other/raw/-');
  });

  test('directories of a root file system prove nothing', async () => {
    for (const name of ['root/bin', 'root/etc', 'root/usr', 'root/lib', 'root/opt', 'root/var']) shop.directory(name);
    expect(await judged(tar('t', ['-C', 'root'], '.'))).toBe('other/raw/-');
    expect(await probe(memorySource(gzipSync(shop.bytes('t'))))).toMatchObject({
      imageType: 'other',
      confidence: 'likely',
      envelope: 'tgz',
    });
  });

  test('tar.gz: a chain of VHD files, a disk, a package, just files', async () => {
    expect(await judged(gzipSync(tar('t', [], '0.vhd')))).toBe('disk/vhd/xenserver-tgz');
    expect(await judged(gzipSync(tar('t', [], 'mbr')))).toBe('disk/raw/tgz');
    expect(await judged(gzipSync(tar('t', [], 'content', 'qcow2')))).toBe('disk/qcow2/tgz');
    expect(await judged(gzipSync(tar('t', [], 'vm.ovf', 'vmdk')))).toBe('disk/vmdk/tgz');
    expect(await judged(gzipSync(tar('t', [], 'content', 'names')))).toBe('other/raw/tgz');
  });

  test('a plain archive is an archive, whatever lies in it', async () => {
    expect(await judged(tar('t', [], 'mbr'))).toBe('other/raw/-');
    expect(await judged(tar('t', [], 'content'))).toBe('other/raw/-');
  });

  test('a header with a wrong checksum is no archive', async () => {
    const bytes = tar('t', [], 'content');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    expect(await judged(bytes)).toBe('-/raw/- not recognised');
  });

  test('names that lead elsewhere are not followed, shown or feared', async () => {
    shop.directory('deep');
    shop.write('evil.ovf', 'x');
    const bytes = tar('t', ['-P', '--transform=s|evil.ovf|/etc/../etc/passwd.ovf|'], 'evil.ovf', 'vmdk');
    const verdict = await probe(memorySource(bytes));
    expect(wordsOf(verdict)).toBe('disk/vmdk/ova');
    expect(JSON.stringify(verdict)).not.toMatch(/passwd/u);
  });

  test('zip, deflated and stored', async () => {
    expect(await judged(zipOf(shop.bytes('mbr'), 8))).toBe('disk/raw/compressed');
    expect(await judged(zipOf(shop.bytes('qcow2'), 0))).toBe('disk/qcow2/compressed');
    expect(await judged(zipOf(shop.bytes('cpio'), 8))).toBe('ramdisk/raw/compressed');
    expect(await judged(zipOf(shop.bytes('content'), 8))).toBe('-/raw/compressed not recognised');
    const encrypted = zipOf(shop.bytes('mbr'), 8);
    encrypted[6] = 1;
    expect(await judged(encrypted)).toBe('-/raw/compressed encrypted');
  });
});

function arm64Image(): Uint8Array {
  const bytes = Buffer.alloc(100_000, 1);
  bytes.fill(0, 0, 64);
  bytes.writeUInt32LE(0x14000000, 4);
  bytes.writeBigUInt64LE(100_000n, 16);
  bytes.writeBigUInt64LE(0x0an, 24);
  bytes.write('ARMd', 56, 'latin1');
  return bytes;
}

function zipOf(plain: Uint8Array, method: 0 | 8): Uint8Array {
  const data = method === 0 ? plain : deflateRawSync(plain);
  const header = Buffer.alloc(34);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt32LE(plain.length, 22);
  header.writeUInt16LE(4, 26);
  header.write('disk', 30, 'latin1');
  return Buffer.concat([header, data]);
}
