import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/model/verdict.ts';
import { probe } from '../../src/probe/probe.ts';
import { makeGuests, openWorkshop, type ImageWorkshop } from '../support/images/image-workshop.ts';
import { memorySource } from '../support/images/memory-source.ts';
import { noise } from './containers/bytes.ts';
import { footer, MIB, seal } from './containers/vhd-image.ts';

let shop: ImageWorkshop;

beforeAll(() => {
  shop = openWorkshop();
  makeGuests(shop);
  shop.run('qemu-img', 'convert', '-O', 'vpc', '-o', 'subformat=fixed,force_size=on', '-f', 'raw', 'gpt', 'fixed.vhd');
  shop.run('qemu-img', 'convert', '-O', 'vpc', '-o', 'force_size=on', '-f', 'raw', 'gpt', 'dynamic.vhd');
  // Its stream is longer than what is read of it.
  const start = shop.bytes('gpt').subarray(0, MIB);
  const long = Buffer.concat([start, noise(2 * MIB, 5)]);
  shop.write('long', long);
  shop.write('long.vhd', Buffer.concat([long, fixedFooter(long.length)]));
});

afterAll(() => shop.close());

function fixedFooter(size: number): Buffer {
  return footer({ type: 2, dataOffset: 2n ** 64n - 1n, currentSize: BigInt(size) });
}

/** Fields that are compared. */
function wordsOf({ imageType, containerType, envelope, confidence, reach }: Verdict): string {
  return [imageType ?? '-', containerType ?? '-', envelope ?? '-', confidence, reach].join('/');
}

async function judged(bytes: Uint8Array): Promise<string> {
  return wordsOf(await probe(memorySource(bytes)));
}

const COMPRESSORS: readonly (readonly [name: string, tool: string, ...options: string[]])[] = [
  ['gzip', 'gzip'],
  ['bzip2', 'bzip2'],
  ['xz', 'xz'],
  ['lzma', 'xz', '--format=lzma'],
  ['lzip', 'lzip'],
  ['zstd', 'zstd', '-q'],
  ['pzstd', 'pzstd', '-q'],
  ['lz4 frame', 'lz4', '-q'],
  ['lz4 legacy', 'lz4', '-q', '-l'],
  ['compress', 'compress', '-f'],
];

function trailer(): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.write('koly', 'latin1');
  bytes.writeUInt32BE(4, 4);
  bytes.writeUInt32BE(512, 8);
  return bytes;
}

describe.each(COMPRESSORS)('%s', (_name, tool, ...options) => {
  const packed = (file: string): Uint8Array => {
    shop.pipe('packed', tool, ...options, '-c', shop.path(file));
    return shop.bytes('packed');
  };

  test('a fixed VHD that was read to its end is one', async () => {
    expect(await judged(packed('fixed.vhd'))).toBe('disk/vhd/compressed/likely/whole');
  });

  test('a raw disk that was read to its end is one, for certain', async () => {
    expect(await judged(packed('gpt'))).toBe('disk/raw/compressed/certain/whole');
  });

  test('where the end was not seen, a raw disk is likely, and may be a fixed VHD', async () => {
    for (const file of ['long', 'long.vhd']) {
      expect(await judged(packed(file))).toBe('disk/raw/compressed/likely/cut');
    }
  });

  test('a stream that breaks off has no end', async () => {
    const whole = packed('gpt');
    // The shortest of them, LZMA of zeros, is a few hundred bytes long. What is cut off here is less than the last
    // block.
    const verdict = await probe(memorySource(whole.subarray(0, whole.length - 3)));
    // Nothing marks the end of `compress` data: a code less is as good an end.
    if (tool !== 'compress') expect(verdict.reach).toBe('cut');
  });
});

describe('members of archives', () => {
  test.each([
    ['tar', '-cf', 'disk/vhd/ova/certain/whole'],
    ['tar.gz', '-czf', 'disk/vhd/tgz/likely/whole'],
  ])('a fixed VHD in %s is read at its end', async (_name, option, expected) => {
    shop.write('vm.ovf', '<?xml version="1.0"?><Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"/>');
    shop.run('tar', option, 'archive', 'vm.ovf', 'fixed.vhd', 'content');
    expect(await judged(shop.bytes('archive'))).toBe(expected);
  });

  test('where the end of the member was not seen, that is said', async () => {
    shop.run('tar', '-czf', 'archive', 'long.vhd');
    expect(await judged(shop.bytes('archive'))).toBe('disk/raw/tgz/likely/cut');
  });
});

describe('VHD', () => {
  test('a footer of another size is a VHD all the same', async () => {
    const disk = shop.bytes('mbr');
    const verdict = await probe(memorySource(Buffer.concat([disk, fixedFooter(disk.length - 2 * MIB)])));
    expect(wordsOf(verdict)).toBe('disk/vhd/-/likely/whole');
    expect(verdict).toMatchObject({ containerBasis: 'proven', safety: ['SIZE_MISMATCH'] });
  });

  test('behind a guest of uneven size the footer is found', async () => {
    const disk = shop.bytes('mbr').subarray(0, 3 * MIB + 100);
    expect(await judged(Buffer.concat([disk, fixedFooter(disk.length)]))).toBe('disk/vhd/-/likely/whole');
  });

  test.each(['vpc ', 'win ', 'vbox', 'qemu', 'qem2', 'CTXS', 'tap\0', 'd2v ', 'wa\0\0'])(
    'a fixed disk made by %j',
    async (creator) => {
      const disk = shop.bytes('mbr');
      const fields = { type: 2, dataOffset: 2n ** 64n - 1n, currentSize: BigInt(disk.length), creator } as const;
      expect(await judged(Buffer.concat([disk, footer(fields)]))).toBe('disk/vhd/-/likely/whole');
      expect(await judged(Buffer.concat([disk, footer(fields).subarray(0, 511)]))).toBe('disk/vhd/-/likely/whole');
    },
  );

  test('a dynamic disk whose copy of the footer is gone goes by the last one', async () => {
    const image = Buffer.from(shop.bytes('dynamic.vhd'));
    image.fill(0, 0, 512);
    const verdict = await probe(memorySource(image));
    expect(wordsOf(verdict)).toBe('disk/vhd/-/certain/whole');
    expect(verdict.safety).toEqual(['MALFORMED_HEADER']);
    expect(await judged(gzipSync(image))).toBe('disk/vhd/compressed/likely/whole');
  });

  test('a disk that begins like one and ends like a dynamic VHD is both', async () => {
    const image = Buffer.from(shop.bytes('dynamic.vhd'));
    image.set(shop.bytes('mbr').subarray(0, 512));
    expect(await probe(memorySource(image))).toMatchObject({ imageType: null, safety: ['POLYGLOT'] });
  });

  test('of a dynamic disk nothing is left but the footer', async () => {
    const image = Buffer.concat([Buffer.alloc(MIB), seal(footer({ type: 3 }), 64)]);
    const verdict = await probe(memorySource(image));
    expect(wordsOf(verdict)).toBe('-/vhd/-/undetermined/whole');
    expect(verdict.safety).toEqual(['MALFORMED_HEADER']);
  });
});

describe('UDIF', () => {
  const sector = (): Uint8Array => shop.bytes('gpt').subarray(0, 8192);
  const udif = (first: Uint8Array, length: number): Buffer =>
    Buffer.concat([first, noise(length, 3), Buffer.from('<plist/>'), trailer()]);

  test.each([
    ['zlib', (): Uint8Array => deflateSync(sector())],
    ['noise', (): Uint8Array => noise(100, 4)],
    ['bzip2', (): Uint8Array => (shop.pipe('packed', 'bzip2', '-c', 'sector'), shop.bytes('packed'))],
    ['xz', (): Uint8Array => (shop.pipe('packed', 'xz', '-c', 'sector'), shop.bytes('packed'))],
    ['lzfse', (): Uint8Array => Buffer.from('bvxn\0\0\0\0')],
  ])('a first piece of %s', async (_name, first) => {
    for (const length of [3000, 3001, 2 * MIB + 7]) {
      const verdict = await probe(memorySource(udif(first(), length)));
      expect(wordsOf(verdict)).toBe('other/raw/-/likely/whole');
      expect(verdict.cost.requests).toBeLessThanOrEqual(2);
    }
    expect(await judged(gzipSync(udif(first(), 3000)))).toBe('other/raw/compressed/likely/whole');
    expect(await judged(gzipSync(udif(first(), 3001)))).toBe('other/raw/compressed/likely/whole');
  });

  test('a disk that is there as it is stays one', async () => {
    const disk = shop.bytes('mbr').subarray(0, 2 * MIB);
    expect(await judged(Buffer.concat([disk, Buffer.from('<plist/>'), trailer()]))).toBe('disk/raw/-/likely/whole');
  });
});

describe('requests', () => {
  test.each([
    ['gzip', 1],
    ['zstd', 1],
    ['lz4', 1],
    // Apple packs disks with these two as well.
    ['xz', 2],
    ['bzip2', 3],
  ])('the end of an image that %s packed costs no more than %i in all', async (tool, most) => {
    shop.pipe('packed', tool, '-c', shop.path('long'));
    const bytes = Buffer.concat([shop.bytes('packed'), Buffer.alloc(1)]);
    const uneven = bytes.length % 512 === 0 ? bytes.subarray(1) : bytes;
    expect((await probe(memorySource(uneven))).cost.requests).toBeLessThanOrEqual(most);
  });
});

describe('data without a magic of their own', () => {
  const words = (): Uint8Array => Buffer.from('Jan 22 07:52:33 host client: no new content.\n'.repeat(50));

  test('a zlib stream that is the whole file is compressed data', async () => {
    expect(await judged(deflateSync(words()))).toMatch(/^-\/raw\/compressed\/undetermined/u);
    expect(await judged(deflateSync(shop.bytes('gpt')))).toBe('disk/raw/compressed/certain/whole');
    expect(await judged(deflateSync(shop.bytes('long')))).toBe('disk/raw/compressed/likely/cut');
  });

  test.each([
    ['zlib with something behind it', (): Uint8Array => Buffer.concat([deflateSync(words()), Buffer.alloc(9, 1)])],
    [
      'zlib with a wrong checksum',
      (): Uint8Array => Buffer.concat([deflateSync(words()).subarray(0, -1), Buffer.of(0)]),
    ],
    ['noise behind the mark of zlib', (): Uint8Array => Buffer.concat([Buffer.of(0x78, 0x9c), noise(5000, 6)])],
    [
      'noise behind the mark of compress',
      (): Uint8Array => Buffer.concat([Buffer.of(0x1f, 0x9d, 0x90), noise(5000, 6)]),
    ],
    ['raw deflate', (): Uint8Array => deflateRawSync(words())],
  ])('%s is not recognised', async (_name, bytes) => {
    expect(await judged(bytes())).toMatch(/^-\/raw\/-\/undetermined/u);
  });
});

describe('empty first streams', () => {
  test.each([
    ['xz', '-c'],
    ['bzip2', '-c'],
    ['lzip', '-c'],
    ['gzip', '-c'],
    ['zstd', '-q', '-c'],
    ['lz4', '-q', '-c'],
    ['lz4', '-q', '-l', '-c'],
  ])('%s %s: what follows is judged, dangers and all', async (tool, ...options) => {
    shop.run('qemu-img', 'create', '-q', '-f', 'qcow2', '-u', '-b', '/etc/passwd', '-F', 'raw', 'evil', '4M');
    shop.write('nothing', '');
    shop.pipe('empty', tool, ...options, shop.path('nothing'));
    shop.pipe('packed', tool, ...options, shop.path('evil'));
    const verdict = await probe(memorySource(Buffer.concat([shop.bytes('empty'), shop.bytes('packed')])));
    expect(verdict).toMatchObject({ containerType: 'qcow2', envelope: 'compressed' });
    expect(verdict.safety).toContain('BACKING_FILE');
  });
});
