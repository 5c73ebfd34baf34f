import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SafetyCode } from '../../src/model/safety.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { probe } from '../../src/probe/probe.ts';
import { makeGuests, openWorkshop, type ImageWorkshop } from '../support/images/image-workshop.ts';
import { memorySource } from '../support/images/memory-source.ts';

let shop: ImageWorkshop;
beforeAll(() => {
  shop = openWorkshop();
  makeGuests(shop);
  shop.run('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', 'mbr', 'qcow2');
  shop.run('qemu-img', 'convert', '-f', 'raw', '-O', 'vmdk', '-o', 'subformat=streamOptimized', 'gpt', 'vmdk');
  shop.run('qemu-img', 'convert', '-f', 'raw', '-O', 'vpc', '-o', 'force_size=on', 'mbr', '0.vhd');
  shop.run('qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', 'mbr', 'evil');
  shop.write('vm.ovf', '<?xml version="1.0"?><ovf:Envelope xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"/>');
  shop.write('noise', noise(60_000));
  shop.write('less', noise(20_000));
  shop.write('text', 'a line of text\n'.repeat(4000));
  shop.write('picture', Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), noise(60_000)]));
});
afterAll(() => shop.close());

/** Bytes that no format begins with, the same each time. */
function noise(length: number): Uint8Array {
  let state = 7;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

/** `type/container/envelope confidence`, and safety codes. */
function told({ imageType, containerType, envelope, confidence, safety }: Verdict): string {
  return [`${imageType ?? '-'}/${containerType ?? '-'}/${envelope ?? '-'}`, confidence, ...safety].join(' ');
}

async function judged(bytes: Uint8Array): Promise<string> {
  return told(await probe(memorySource(bytes)));
}

function tar(options: readonly string[], ...members: readonly string[]): Uint8Array {
  shop.run('tar', ...options, '-cf', 'tar', ...members);
  return shop.bytes('tar');
}

describe('nothing found is not proof', () => {
  test.each([
    [['noise'], '-/raw/tgz undetermined'],
    [['content', 'noise'], '-/raw/tgz undetermined'],
    [['content', 'less', 'text', 'picture'], 'other/raw/tgz likely'],
    [['text', 'mbr'], 'disk/raw/tgz likely'],
    [['noise', 'mbr'], 'disk/raw/tgz weak'],
  ])('tar.gz of %s', async (members, expected) => {
    expect(await judged(gzipSync(tar([], ...members)))).toBe(expected);
  });

  test('blank and encrypted members may be disks', async () => {
    shop.blank('zeros', 100_000);
    expect(await judged(gzipSync(tar([], 'zeros')))).toBe('-/raw/tgz undetermined');
  });

  test('a disk behind what was expanded is not denied', async () => {
    shop.write('long', 'a line of text\n'.repeat(200_000));
    expect(await judged(gzipSync(tar([], 'long', 'mbr')))).toBe('-/raw/tgz undetermined');
  });

  test('a tree of files that was not read to its end is weakly one', async () => {
    shop.directory('tree');
    for (let index = 0; index < 300; index += 1) shop.write(`tree/file${index}`, `${index}\n`.repeat(2000));
    expect(await judged(gzipSync(tar([], 'tree')))).toBe('other/raw/tgz weak');
    expect(await judged(tar([], 'tree'))).toBe('other/raw/- likely');
  });

  test('an archive that is cut, or goes on with something else, is still one', async () => {
    const bytes = tar(['--format=ustar'], 'noise', 'content');
    expect(await judged(bytes.subarray(0, 512))).toBe('other/raw/- likely TRUNCATED');
    expect(await judged(bytes.subarray(0, 20_000))).toBe('other/raw/- likely TRUNCATED');
    bytes.fill(1, 512 + 60_416, 512 + 60_416 + 512);
    expect(await judged(bytes)).toBe('other/raw/- likely');
  });

  test('a package without its end is likely at the most', async () => {
    const bytes = tar([], 'vm.ovf', 'vmdk');
    expect(await judged(bytes)).toBe('disk/vmdk/ova certain');
    const end = 1024 + 512 + Math.ceil(shop.bytes('vmdk').length / 512) * 512;
    bytes.fill(1, end, end + 512);
    expect(await judged(bytes)).toBe('disk/vmdk/ova likely');
  });

  test('a declaration may call an archive of files an image of docker, and not one with a disk', async () => {
    expect(await probe(memorySource(tar([], 'content')))).toMatchObject({ alsoWrappedAs: ['docker'] });
    expect(await probe(memorySource(gzipSync(tar([], 'content'))))).toMatchObject({ alsoWrappedAs: ['docker'] });
    expect(await probe(memorySource(tar([], 'mbr')))).not.toHaveProperty('alsoWrappedAs');
  });
});

describe('names and places', () => {
  test('the descriptor may be the last of all', async () => {
    for (let index = 1; index <= 5; index += 1) shop.run('cp', 'vmdk', `vm-disk${index}.vmdk`);
    const disks = [1, 2, 3, 4, 5].map((index) => `vm-disk${index}.vmdk`);
    expect(await judged(tar([], ...disks, 'vm.ovf'))).toBe('disk/vmdk/ova certain');
  });

  test('a descriptor deep in a tree makes no package of it', async () => {
    shop.directory('source/test');
    for (const name of ['a.c', 'b.c', 'c.c', 'd.c']) shop.write(`source/${name}`, 'text\n');
    shop.run('cp', 'vm.ovf', 'source/test/vm.ovf');
    expect(await judged(tar([], '--sort=name', 'source'))).toBe('other/raw/- likely');
  });

  test("XenServer's tarball begins with the member ./", async () => {
    shop.directory('xen');
    shop.run('cp', '0.vhd', 'xen/0.vhd');
    expect(await judged(gzipSync(tar(['-C', 'xen'], '.')))).toBe('disk/vhd/xenserver-tgz likely');
  });
});

describe('sparse members', () => {
  test.each([
    ['--format=oldgnu'],
    ['--format=gnu'],
    ['--format=posix', '--sparse-version=0.0'],
    ['--format=posix', '--sparse-version=0.1'],
    ['--format=posix', '--sparse-version=1.0'],
  ])('%s %s', async (...options) => {
    shop.blank('disk.raw', 64 << 20);
    shop.run('dd', 'if=mbr', 'of=disk.raw', 'bs=512', 'count=1', 'conv=notrunc');
    // More pieces than fit into the header and into one block behind it.
    for (let index = 1; index <= 30; index += 1)
      shop.run('dd', 'if=text', 'of=disk.raw', 'bs=512', 'count=1', `seek=${index * 256}`, 'conv=notrunc');
    const bytes = tar(['-S', ...options], 'disk.raw', 'content');
    expect(bytes.length).toBeLessThan(1 << 20);
    expect(await judged(gzipSync(bytes))).toBe('disk/raw/tgz likely');
  });

  test('what is not stored is zeros, and what is stored lies where the map says', async () => {
    shop.blank('sparse', 4 << 20);
    shop.run('dd', 'if=ext4', 'of=sparse', 'bs=4096', 'conv=notrunc,sparse');
    expect(await judged(gzipSync(tar(['-S', '--format=gnu'], 'sparse')))).toBe('filesystem/raw/tgz likely');
  });

  test('a piece lies behind all the pieces before it', async () => {
    shop.run('cp', 'iso', 'disc');
    shop.run('dd', 'if=text', 'of=disc', 'bs=4096', 'count=3', 'conv=notrunc');
    shop.run('cp', '--sparse=always', 'disc', 'disc.iso');
    for (const format of ['--format=oldgnu', '--format=posix'])
      expect(await judged(gzipSync(tar(['-S', format], 'disc.iso')))).toMatch(/^iso9660\/raw\/tgz /u);
  });

  test('a map that breaks its rules leaves the member unknown', async () => {
    shop.blank('holes', 1 << 20);
    shop.run('dd', 'if=mbr', 'of=holes', 'bs=512', 'count=1', 'conv=notrunc');
    const bytes = Buffer.from(tar(['-S', '--format=oldgnu'], 'holes'));
    bytes.write('77777777777', 386, 'latin1');
    bytes.fill(0x20, 148, 156);
    const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    expect(await judged(gzipSync(bytes))).toBe('-/raw/tgz undetermined');
  });
});

describe('dangers of members', () => {
  test('those of every member that is opened', async () => {
    const unsafe = 'BACKING_FILE';
    expect(await judged(tar([], 'content', 'evil'))).toContain(unsafe);
    expect(await judged(tar([], 'vm.ovf', 'vmdk', 'evil'))).toBe(`disk/vmdk/ova certain ${unsafe}`);
    expect(await judged(gzipSync(tar([], 'qcow2', 'evil')))).toBe(`disk/qcow2/tgz likely ${unsafe}`);
    expect(await judged(zipOf(['qcow2', 'evil'], 8))).toBe(`disk/qcow2/compressed likely ${unsafe}`);
  });

  test('compressed texts are none', async () => {
    shop.write('text.gz', gzipSync(shop.bytes('text')));
    expect(await judged(gzipSync(tar([], 'text.gz')))).toBe('other/raw/tgz weak');
  });

  const absolute = ['-P', '--transform=s|^content$|/etc/passwd|'];
  const above = ['-P', '--transform=s|^content$|a/../../passwd|'];
  test.each([
    ['an absolute name', absolute, 'content', 'UNSAFE_MEMBER'],
    ['a name with ..', above, 'content', 'UNSAFE_MEMBER'],
    ['a link that stands for a disk', [], 'links/disk.raw', 'UNSAFE_MEMBER'],
    ['a link to an absolute name', [], 'links/absolute', 'LINK_OUTSIDE'],
    ['a link above the archive', [], 'links/above', 'LINK_OUTSIDE'],
    ['a link within the archive', [], 'links/within', null],
  ] as const)('%s', async (_what, options, member, code) => {
    shop.directory('links');
    for (const [name, target] of [
      ['disk.raw', '/etc/shadow'],
      ['absolute', '/usr/bin'],
      ['above', '../../etc/passwd'],
      ['within', '../content'],
    ] as const) {
      shop.run('ln', '-sfn', target, `links/${name}`);
    }
    const { safety } = await probe(memorySource(tar(options, member)));
    expect(safety).toEqual(code === null ? [] : ([code] satisfies readonly SafetyCode[]));
  });

  test('a link beside a disk, and one that a later member is written through', async () => {
    shop.directory('through');
    shop.directory('real/x');
    shop.run('ln', '-sfn', '/etc', 'through/x');
    shop.write('real/x/passwd', 'x');
    expect(await judged(gzipSync(tar([], 'through', 'mbr')))).toBe('disk/raw/tgz likely UNSAFE_MEMBER');
    shop.run('tar', '-cf', 'two.tar', '-C', 'through', 'x', '-C', '../real', 'x/passwd');
    expect(await judged(shop.bytes('two.tar'))).toBe('other/raw/- likely UNSAFE_MEMBER');
  });
});

describe('zip', () => {
  test.each([
    [0, 'disk/raw/compressed'],
    [8, 'disk/raw/compressed'],
    [9, '-/raw/compressed'],
  ] as const)('method %i', async (method, expected) => {
    expect(await judged(zipOf(['mbr'], method))).toMatch(new RegExp(`^${expected} `, 'u'));
  });

  test.each(['store', 'deflate', 'bzip2'])('zip -Z %s, with a directory before the disk', async (method) => {
    shop.directory('dir');
    shop.run('cp', 'mbr', 'dir/disk.img');
    shop.run('rm', '-f', 'made.zip');
    shop.run('zip', '-q', '-r', '-Z', method, 'made.zip', 'dir');
    expect(await judged(shop.bytes('made.zip'))).toMatch(/^disk\/raw\/compressed /u);
  });

  test('sizes behind the data, as a pipe writes them', async () => {
    shop.pipe('piped.zip', 'sh', '-c', 'cat mbr | zip -q -fd - -');
    expect(await judged(shop.bytes('piped.zip'))).toMatch(/^disk\/raw\/compressed /u);
  });

  test('the high byte of the version tells where it was made', async () => {
    const bytes = zipOf(['mbr'], 8);
    bytes[5] = 3;
    expect(await judged(bytes)).toMatch(/^disk\/raw\/compressed /u);
  });

  test('every member counts', async () => {
    expect(await judged(zipOf(['content', 'text'], 8))).toBe('other/raw/compressed likely');
    expect(await judged(zipOf(['content', 'mbr'], 8))).toBe('disk/raw/compressed likely');
    expect(await judged(zipOf(['content', 'mbr', 'noise'], 8))).toBe('disk/raw/compressed weak');
    expect(await judged(zipOf(['content', 'noise'], 8))).toBe('-/raw/compressed undetermined');
    const encrypted = zipOf(['content', 'mbr'], 8, 1);
    expect(await judged(encrypted)).toBe('-/raw/compressed undetermined ENCRYPTED_CONTENT');
  });
});

describe('OVF descriptors', () => {
  const text = (namespace: string): string =>
    `<?xml version="1.0"?>\n<ovf:Envelope ovf:version="0.9" xmlns:ovf="${namespace}"></ovf:Envelope>`;
  test.each(['http://schemas.dmtf.org/ovf/envelope/2', 'http://www.vmware.com/schema/ovf/1/envelope'])(
    '%s',
    async (namespace) => {
      expect(await judged(Buffer.from(text(namespace)))).toBe('other/raw/ovf likely');
      expect(await judged(Buffer.from(`\ufeff${text(namespace)}`, 'utf16le'))).toBe('other/raw/ovf likely');
    },
  );

  test('an envelope of another kind is none', async () => {
    expect(await judged(Buffer.from(text('http://schemas.xmlsoap.org/soap/envelope/')))).toBe('-/raw/- undetermined');
  });
});

/** Local headers and a central directory; the flags are those of every member. */
function zipOf(names: readonly string[], method: number, flags = 0): Uint8Array {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const name of names) {
    const plain = shop.bytes(name);
    const data = method === 0 ? plain : deflateRawSync(plain);
    const local = Buffer.alloc(30 + name.length);
    local.write('PK\x03\x04', 'latin1');
    const central = Buffer.alloc(46 + name.length);
    central.write('PK\x01\x02', 'latin1');
    for (const [header, shift] of [
      [local, 0],
      [central, 2],
    ] as const) {
      header.writeUInt16LE(20, 4 + shift);
      header.writeUInt16LE(flags, 6 + shift);
      header.writeUInt16LE(method, 8 + shift);
      header.writeUInt32LE(data.length, 18 + shift);
      header.writeUInt32LE(plain.length, 22 + shift);
      header.writeUInt16LE(name.length, 26 + shift);
    }
    local.write(name, 30, 'latin1');
    central.writeUInt32LE(at, 42);
    central.write(name, 46, 'latin1');
    locals.push(local, Buffer.from(data));
    directory.push(central);
    at += local.length + data.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(names.length, 8);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...locals, listed, end]));
}
