import { describe, expect, it } from 'vitest';

import { firstSectorOf } from '../../../src/probe/inspection/seen-bytes.ts';
import { vmdkFacts } from '../../../src/probe/inspection/vmdk-header.ts';
import { Unreadable, readUpTo, type Reading } from '../../../src/probe/reading/reading.ts';
import { patch } from '../containers/bytes.ts';
import { AT_END, descriptor, sparseImage, type SparseFields } from '../containers/vmdk-image.ts';
import { readOver } from '../reading-over.ts';

const factsOf = (bytes: Uint8Array, size: number | null = bytes.length, read = readUpTo) => {
  const header = firstSectorOf({ bytes, size: bytes.length });
  if (header === null) throw new Error('no header');
  return readOver(bytes, vmdkFacts(header, size, read)).value;
};

const withHeader = (header: SparseFields) => factsOf(sparseImage({ header }));
const withText = (text: string) => factsOf(sparseImage({ descriptor: text }));

const SOUND = {
  'vmdk-version': 1,
  'vmdk-descriptor-sector': 1,
  'vmdk-grain-directory': 'header',
  'vmdk-descriptor': 'sound',
  'vmdk-descriptor-all': 'sound',
  'vmdk-create-type': 'monolithicSparse',
};

describe('a sparse extent', () => {
  it('as Workstation writes it is sound', () => {
    expect(factsOf(sparseImage())).toEqual(SOUND);
  });

  it('has a version of 32 bits', () => {
    expect(withHeader({ version: 0x0100_0003 })['vmdk-version']).toBe(0x0100_0003);
  });

  it.each([
    [0n, 0],
    [2n, 2],
    [1_048_575n, 1_048_575],
    [1_048_576n, 1_048_576],
    [2n ** 63n + 1n, 1_048_576],
  ])('has a descriptor at sector %s: it is not read', (descriptorOffset, sector) => {
    expect(withHeader({ descriptorOffset })).toEqual({
      'vmdk-version': 1,
      'vmdk-descriptor-sector': sector,
      'vmdk-grain-directory': 'header',
    });
  });
});

describe('the descriptor', () => {
  it.each([
    ['a title', descriptor().replace('# Disk DescriptorFile\n', ''), 'sound'],
    ['blank lines', '\n \n\t\r\n\u001c\nRW 1 SPARSE "a"\n', 'sound'],
    ['Windows line ends', descriptor().replaceAll('\n', '\r\n'), 'sound'],
    ['a data base without a sign', 'ddb whatever / it is\nRW 1 SPARSE "a"', 'sound'],
    ['a setting with a blank behind the sign', 'key= a b\nRW 1 SPARSE "a"', 'sound'],
    ['a setting with a blank before the sign', 'key =a\nRW 1 SPARSE "a"', 'line'],
    ['a setting without a name', '=a\nRW 1 SPARSE "a"', 'sound'],
    ['a word', 'word\nRW 1 SPARSE "a"', 'line'],
    ['a control character', '\u0001\nRW 1 SPARSE "a"', 'line'],
    ['every access', 'rw 1 SPARSE "a"\nRDONLY 1 FLAT "b"\nNoAccess 1 ZERO', 'sound'],
    ['an access alone', 'RW', 'sound'],
    ['a longer access', 'RWX 1 SPARSE "a"', 'line'],
    ['a tab behind the access', 'RW\t1 SPARSE "a"', 'line'],
    ['a tab and a sign: a setting, so no extent', 'RW\t1="a"', 'no-extent'],
    ['a slash in an extent', 'RW 1 SPARSE "/a"', 'path'],
    ['a slash in an extent with a sign', 'RW 1 SPARSE "=/a"', 'path'],
    ['a slash before a strange line', 'RW 1 SPARSE "/a"\nword', 'line'],
    ['a backslash in an extent', 'RW 1 SPARSE "..\\a"', 'sound'],
    ['a slash in a setting', 'parentFileNameHint="/a"\nRW 1 SPARSE "a"', 'sound'],
    ['a slash in a comment', '# /\nRW 1 SPARSE "a"', 'sound'],
    ['no extent', '# Disk DescriptorFile\nversion=1', 'no-extent'],
    ['nothing', '', 'no-extent'],
    ['a high byte', 'RW 1 SPARSE "\u00e4"', 'not-text'],
  ])('with %s', (_what, text, fault) => {
    expect(withText(text)).toMatchObject({ 'vmdk-descriptor': fault, 'vmdk-descriptor-all': fault });
  });

  it.each([
    ['what would be a fault', 'RW 1 SPARSE "a"\n\0word', 'sound', 'line'],
    ['a path', 'RW 1 SPARSE "a"\n# c\0\nRW 1 SPARSE "/b"', 'sound', 'path'],
    ['the only extent', '# c\0\nRW 1 SPARSE "a"', 'no-extent', 'sound'],
    ['a high byte', 'RW 1 SPARSE "a"\0\u00e4', 'sound', 'not-text'],
  ])('ends at a NUL, or holds %s behind it', (_what, text, first, all) => {
    expect(withText(text)).toMatchObject({ 'vmdk-descriptor': first, 'vmdk-descriptor-all': all });
  });

  it.each([
    ['createType="monolithicSparse"', 'monolithicSparse'],
    ['createType="STREAMOPTIMIZED"', 'streamOptimized'],
    ['CREATETYPE="monolithicsparse"', 'monolithicSparse'],
    ['createType="monolithicFlat"', 'other'],
    ['createType=""', 'other'],
    // Without a closing quote the last character is lost, here the newline.
    ['createType="monolithicSparse', 'monolithicSparse'],
    ['createType="monolithicSpars', 'other'],
    ['createType=monolithicSparse', 'none'],
    ['', 'none'],
    ['\0createType="monolithicSparse"', 'none'],
    ['\u00e4createType="monolithicSparse"', 'none'],
    ['# createType="monolithicFlat"\ncreateType="monolithicSparse"', 'other'],
  ])('with %j has the type %s', (text, type) => {
    expect(withText(`${text}\n`)['vmdk-create-type']).toBe(type);
  });

  it('without an end of its type loses the last character of the text', () => {
    expect(
      factsOf(sparseImage({ header: { descriptorSize: 1n }, descriptor: 'createType="monolithicSparseX' })),
    ).toMatchObject({
      'vmdk-create-type': 'monolithicSparse',
    });
  });

  it('has the length of the header', () => {
    const text = `${'# c\n'.repeat(128)}word`;
    expect(factsOf(sparseImage({ header: { descriptorSize: 1n }, descriptor: text }))['vmdk-descriptor']).toBe(
      'no-extent',
    );
    expect(factsOf(sparseImage({ header: { descriptorSize: 2n }, descriptor: text }))['vmdk-descriptor']).toBe('line');
    const none = sparseImage({ header: { descriptorSize: 0n } });
    expect([none, none.subarray(0, 64)].map((bytes) => factsOf(bytes)['vmdk-descriptor'])).toEqual([
      'no-extent',
      'no-extent',
    ]);
  });

  it('is cut where the file ends before it does', () => {
    const cut = { 'vmdk-descriptor': 'cut', 'vmdk-descriptor-all': 'cut' };
    const image = sparseImage();
    expect(factsOf(image.subarray(0, 512 + 20 * 512))).toEqual(SOUND);
    const short = factsOf(image.subarray(0, 512 + 20 * 512 - 1));
    expect(short).toMatchObject(cut);
    expect(short).not.toHaveProperty('vmdk-create-type');
    expect(factsOf(image.subarray(0, 5000), null)).toMatchObject(cut);
  });

  it('has 1 MiB less a byte at most', () => {
    const long = patch(512 + 1024 * 1024).text(
      0,
      sparseImage({ header: { descriptorSize: 2n ** 40n } }).toString('latin1'),
    );
    expect(factsOf(long.bytes.subarray(0, -1))).toMatchObject({ 'vmdk-descriptor': 'sound' });
    expect(factsOf(long.bytes.subarray(0, -2))).toMatchObject({ 'vmdk-descriptor': 'cut' });
  });

  it('is not known where it cannot be read', () => {
    expect(factsOf(sparseImage(), 65_536, unread)).toMatchObject({ 'vmdk-descriptor': null, 'vmdk-create-type': null });
  });
});

/** No byte of the file can be read. */
// eslint-disable-next-line require-yield -- a request that fails
function* unread(): Reading<Uint8Array> {
  throw new Unreadable('no-random-access', 'forward only');
}

describe('the footer', () => {
  const front = sparseImage({ header: { directory: AT_END } });
  /** A footer marker, the footer and an end-of-stream marker. */
  const trailer = (change: (bytes: ReturnType<typeof patch>) => unknown = () => undefined) => {
    const bytes = patch(1536).le32(12, 3);
    front.copy(bytes.bytes, 512, 0, 512);
    bytes.le64(512 + 56, 26);
    change(bytes);
    return Buffer.concat([front, bytes.bytes]);
  };
  const footerOf = (bytes: Uint8Array) => factsOf(bytes)['vmdk-footer'];

  it('that repeats the header is sound', () => {
    expect(factsOf(trailer())).toEqual({ ...SOUND, 'vmdk-grain-directory': 'footer', 'vmdk-footer': 'sound' });
  });

  it.each([
    ['a number of sectors in its marker', 0, 1n],
    ['a capacity of its own', 512 + 12, 9n],
    ['another overhead', 512 + 64, 9n],
  ])('with %s is sound', (_what, at, value) => {
    expect(footerOf(trailer((bytes) => bytes.le64(at, value)))).toBe('sound');
  });

  it.each([
    ['a size in its marker', 8],
    ['another type of marker', 12],
    ['padding that is not zero', 16],
    ['padding that is not zero at its end', 511],
    ['another signature', 512],
    ['another version', 512 + 4],
    ['another place of the descriptor', 512 + 28],
    ['another length of the descriptor', 512 + 43],
    ['a value in the last marker', 1024],
    ['a size in the last marker', 1024 + 8],
    ['a type in the last marker', 1024 + 12],
    ['padding of the last marker', 1535],
  ])('with %s is faulty', (_what, at) => {
    expect(footerOf(trailer((bytes) => bytes.u8(at, 0x55)))).toBe('faulty');
  });

  it('that refers to a footer is faulty', () => {
    expect(footerOf(trailer((bytes) => bytes.le64(512 + 56, AT_END)))).toBe('faulty');
  });

  it('is cut in a file of less than 1,536 bytes', () => {
    expect(footerOf(front.subarray(0, 1535))).toBe('cut');
    expect(footerOf(front.subarray(0, 1536))).toBe('faulty');
  });

  it('is not known where the end cannot be read', () => {
    expect(factsOf(trailer(), 67_072, unread)['vmdk-footer']).toBeNull();
    expect(factsOf(trailer(), null)['vmdk-footer']).toBeNull();
  });
});
