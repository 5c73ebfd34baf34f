import { describe, expect, it } from 'vitest';

import { UNSEEN_LAYER } from '../../../src/model/inspection.ts';
import { layerFacts } from '../../../src/probe/inspection/layer-facts.ts';
import { seenAt } from '../../../src/probe/inspection/seen-bytes.ts';
import { patch } from '../containers/bytes.ts';

/** Facts of a file that was read as a whole. */
const factsOf = (bytes: Uint8Array) => layerFacts({ bytes, size: bytes.length });

describe('a place', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);

  it.each([
    ['that was read', { bytes, size: 9 }, 1, 3, [2, 3, 4]],
    ['that was read in part', { bytes, size: 9 }, 2, 3, null],
    ['behind what was read', { bytes, size: 9 }, 5, 2, null],
    ['over the end of the file has zeros', { bytes, size: 4 }, 2, 4, [3, 4, 0, 0]],
    ['behind the end of the file is zeros', { bytes, size: 4 }, 6, 2, [0, 0]],
    ['behind a file of unknown size', { bytes, size: null }, 3, 2, null],
  ] as const)('%s', (_what, seen, start, length, expected) => {
    const found = seenAt(seen, start, length);
    expect(found === null ? null : [...found.bytes]).toEqual(expected);
  });
});

describe('the size', () => {
  it.each([
    [0, 0],
    [104, 104],
    [65_535, 65_535],
    [65_536, 65_536],
    [65_537, 65_536],
  ])('of %i bytes is %i', (size, fact) => {
    expect(factsOf(new Uint8Array(size)).size).toBe(fact);
  });

  it('that is unknown is known once 65,536 bytes were read', () => {
    const sizeFor = (length: number) => layerFacts({ bytes: new Uint8Array(length), size: null }).size;
    expect([sizeFor(65_535), sizeFor(65_536)]).toEqual([null, 65_536]);
  });
});

describe('a layer whose first sector was not seen', () => {
  it('has no facts but its size', () => {
    expect(layerFacts({ bytes: new Uint8Array(511), size: 4096 })).toEqual({ ...UNSEEN_LAYER, size: 4096 });
  });
});

describe('zeros', () => {
  it('are raw, and nothing else applies', () => {
    expect(factsOf(new Uint8Array(40_000))).toEqual({
      size: 40_000,
      signature: 'none',
      'vdi-signature': false,
      'iso-signature': 'none',
      'boot-signature': false,
      'fat-boot-sector': false,
      text: 'none',
      'qemu-format': 'raw',
    });
  });
});

describe('the signature', () => {
  it.each([
    ['QFI\u00fb', 'qcow2'],
    ['QED\0', 'qed'],
    ['conectix', 'vhd'],
    ['vhdxfile', 'vhdx'],
    ['KDMV', 'vmdk'],
    ['LUKS\u00ba\u00be', 'luks'],
    ['QFI\u00fa', 'none'],
    ['QED\u0001', 'none'],
    ['conectiy', 'none'],
    ['vhdxfilf', 'none'],
    ['COWD', 'none'],
    ['LUKS\u00ba\u00bf', 'none'],
    ['(\u00b5/\u00fd', 'zstd'],
  ])('%j at byte 0: %s', (text, signature) => {
    expect(factsOf(patch(512).text(0, text).bytes).signature).toBe(signature);
    expect(factsOf(patch(512).text(1, text).bytes).signature).toBe('none');
  });

  it('of VDI is at byte 64', () => {
    expect(factsOf(patch(512).le32(64, 0xbeda_107f).bytes)['vdi-signature']).toBe(true);
    expect(factsOf(patch(512).le32(60, 0xbeda_107f).bytes)['vdi-signature']).toBe(false);
    expect(factsOf(patch(512).le32(64, 0xbeda_107e).bytes)['vdi-signature']).toBe(false);
  });

  it.each(['CD001', 'NSR02', 'NSR03'] as const)('of discs is %s at byte 32,769', (text) => {
    expect(factsOf(patch(34_816).text(32_769, text).bytes)['iso-signature']).toBe(text);
    expect(factsOf(patch(34_816).text(34_817 - 2048 - 1, text).bytes)['iso-signature']).toBe('none');
    expect(factsOf(patch(34_816).text(0, text).bytes)['iso-signature']).toBe('none');
  });

  it.each(['BEA01', 'CD002', 'NSR01', 'cd001'])('%s at byte 32,769 is none', (text) => {
    expect(factsOf(patch(34_816).text(32_769, text).bytes)['iso-signature']).toBe('none');
  });

  it('of discs is not seen where less was read, and not there where the file ends', () => {
    const bytes = patch(32_773).text(32_769, 'CD00').bytes;
    expect(layerFacts({ bytes, size: 100_000 })['iso-signature']).toBeNull();
    expect(layerFacts({ bytes, size: 32_773 })['iso-signature']).toBe('none');
    const whole = patch(32_774).text(32_769, 'CD001').bytes;
    expect(layerFacts({ bytes: whole, size: 100_000 })['iso-signature']).toBe('CD001');
  });
});

describe('a header of qcow2', () => {
  const header = () => patch(104).text(0, 'QFI\u00fb').be32(4, 3);
  const SOUND = {
    'qcow2-version': 3,
    'qcow2-backing-file': false,
    'qcow2-data-file-bit': false,
    'qcow2-feature-bits': 'none',
    'qcow2-encryption': 'none',
  };

  it('of 104 bytes is seen as a whole', () => {
    expect(factsOf(header().bytes)).toMatchObject({ ...SOUND, size: 104, signature: 'qcow2' });
  });

  it.each([
    ['version 1', header().be32(4, 1), { 'qcow2-version': 1 }],
    ['a version of four bytes', header().be32(4, 0x0300_0000), { 'qcow2-version': 0x0300_0000 }],
    ['the last bit of the backing file', header().be64(8, 1), { 'qcow2-backing-file': true }],
    ['the first bit of the backing file', header().be64(8, 1n << 63n), { 'qcow2-backing-file': true }],
    ['a length of its name alone', header().be32(16, 9), {}],
    ['dirty', header().be64(72, 1), { 'qcow2-feature-bits': 'known' }],
    ['corrupt', header().be64(72, 2), { 'qcow2-feature-bits': 'known' }],
    ['data file', header().be64(72, 4), { 'qcow2-feature-bits': 'known', 'qcow2-data-file-bit': true }],
    ['compression type', header().be64(72, 8), { 'qcow2-feature-bits': 'known' }],
    ['extended L2', header().be64(72, 16), { 'qcow2-feature-bits': 'above-3' }],
    ['bit 8', header().be64(72, 256), { 'qcow2-feature-bits': 'above-3' }],
    ['bit 63', header().be64(72, 1n << 63n), { 'qcow2-feature-bits': 'above-3' }],
    [
      'the bit of a data file in version 2',
      header().be32(4, 2).be32(76, 0x14),
      { 'qcow2-version': 2, 'qcow2-data-file-bit': true, 'qcow2-feature-bits': 'above-3' },
    ],
    ['bit 2 of another byte', header().be64(72, 4 << 8), { 'qcow2-feature-bits': 'above-3' }],
    ['AES', header().be32(32, 1), { 'qcow2-encryption': 'aes' }],
    ['LUKS', header().be32(32, 2), { 'qcow2-encryption': 'luks' }],
    ['another encryption', header().be32(32, 3), { 'qcow2-encryption': 'other' }],
  ] as const)('with %s', (_what, { bytes }, changed) => {
    expect(factsOf(bytes)).toMatchObject({ ...SOUND, ...changed });
  });

  it('has no facts without its signature', () => {
    expect(factsOf(header().text(0, 'QFI\u00fa').bytes)).not.toHaveProperty('qcow2-version');
  });
});

it('the version of LUKS is in bytes 6 and 7', () => {
  const luks = (version: number) =>
    factsOf(
      patch(592)
        .text(0, 'LUKS\u00ba\u00be')
        .u8(6, version >> 8)
        .u8(7, version & 255).bytes,
    );
  expect(luks(1)['luks-version']).toBe(1);
  expect(luks(0x0102)['luks-version']).toBe(0x0102);
  expect(factsOf(new Uint8Array(592))).not.toHaveProperty('luks-version');
});
