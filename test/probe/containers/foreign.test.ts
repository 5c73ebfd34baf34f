import { describe, expect, it } from 'vitest';

import { CONTAINER_FORMATS } from '../../../src/probe/containers/containers.ts';
import { recogniseForeign } from '../../../src/probe/containers/foreign.ts';
import { fieldsOf } from '../../../src/probe/reading/fields.ts';
import { noise } from './bytes.ts';

type Piece = readonly [offset: number, bytes: string | readonly number[]];

function file(pieces: readonly Piece[], length = 8192): Buffer {
  const bytes = Buffer.alloc(length);
  for (const [offset, piece] of pieces) {
    bytes.set(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece, offset);
  }
  return bytes;
}

const SYNC = [0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0];
const ANDROID = [0x3a, 0xff, 0x26, 0xed, 1, 0, 0, 0, 28, 0, 12, 0, 0, 16, 0, 0];

/** Magic and structure of each, as its own program writes them. */
const FOREIGN: readonly (readonly [detail: string, pieces: readonly Piece[]])[] = [
  [
    'Bochs redo log disk',
    [
      [0, 'Bochs Virtual HD Image\0'],
      [32, 'Redolog\0'],
      [48, 'Growing\0'],
      [64, [0, 0, 2, 0]],
    ],
  ],
  [
    'cloop compressed disk',
    [[0, '#!/bin/sh\n#V2.0 Format\nmodprobe cloop file=$0 && mount -r -t iso9660 /dev/cloop $1\n']],
  ],
  ['EWF forensic image', [[0, 'EVF\x09\x0d\x0a\xff\0\x01']]],
  ['EWF forensic image, version 2', [[0, 'EVF2\x0d\x0a\x81\0']]],
  ['EWF logical evidence', [[0, 'LVF\x09\x0d\x0a\xff\0']]],
  ['EWF logical evidence, version 2', [[0, 'LEF2\x0d\x0a\x81\0']]],
  ['AFF forensic image', [[0, 'AFF10\x0d\x0a\0']]],
  ['Apple sparse disk image (ASIF)', [[0, 'shdw\0\0\0\x01\0\0\x02\0']]],
  ['Apple sparse disk image', [[0, 'sprs\0\0\0\x03\0\0\x08\0']]],
  ['Apple encrypted disk image', [[0, 'encrcdsa\0\0\0\x02']]],
  ['QEMU machine state', [[0, 'QEVM\0\0\0\x03']]],
  ['libvirt saved machine', [[0, 'LibvirtQemudSave\x02\0\0\0']]],
  ['libvirt saved machine, not finished', [[0, 'LibvirtQemudPart']]],
  ['Xen saved machine', [[0, 'LinuxGuestRecord']]],
  ['VirtualBox saved machine', [[0, '\x7fVirtualBox SavedState V2.0\n']]],
  ['partclone image', [[0, 'partclone-image\0']]],
  ['ntfsclone image', [[0, '\0ntfsclone-image']]],
  ['Partimage image', [[0, 'PaRtImAgE-VoLuMe']]],
  ['Windows imaging file (WIM)', [[0, 'MSWIM\0\0\0']]],
  ['MAME hard disk (CHD)', [[0, 'MComprHD']]],
  ['Android sparse image', [[0, ANDROID]]],
  ['Btrfs send stream', [[0, 'btrfs-stream\0']]],
  [
    'raw CD sectors',
    [
      [0, SYNC],
      [12, [0, 2, 0, 1]],
      [2352, SYNC],
    ],
  ],
];

describe('recogniseForeign', () => {
  it.each(FOREIGN)('names %s by its head', (detail, pieces) => {
    const bytes = file(pieces);

    expect(recogniseForeign({ head: fieldsOf(bytes), size: bytes.length }, null)).toEqual({
      evidence: { offset: 0, detail },
      detail,
    });
  });

  it.each(FOREIGN)('leaves %s alone with any other byte in its magic', (_, pieces) => {
    const bytes = file(pieces);
    const [[, magic]] = pieces as readonly [Piece];
    for (let offset = 0; offset < Math.min(4, magic.length); offset += 1) {
      const changed = Buffer.from(bytes);
      changed[offset] = (changed[offset] ?? 0) ^ 0x20;
      expect(recogniseForeign({ head: fieldsOf(changed), size: changed.length }, null)).toBeNull();
    }
  });

  it.each(FOREIGN)('does not trip over %s cut short', (_, pieces) => {
    const bytes = file(pieces);
    for (let length = 0; length < 100; length += 1) {
      const head = fieldsOf(bytes.subarray(0, length));
      expect(() => recogniseForeign({ head, size: length }, bytes.subarray(0, length))).not.toThrow();
    }
  });

  it.each(FOREIGN)('names %s, which no container takes for itself', (_, pieces) => {
    const bytes = file(pieces);
    for (const format of CONTAINER_FORMATS) {
      expect(format.recognise({ head: fieldsOf(bytes), size: bytes.length })).toBeNull();
    }
  });

  it.each<readonly [string, readonly Piece[]]>([
    [
      'a Bochs disk of another version',
      [
        [0, 'Bochs Virtual HD Image\0'],
        [32, 'Redolog\0'],
        [64, [9, 0, 0, 0]],
      ],
    ],
    ['a word that begins as ASIF', [[0, 'shdwords and more of them']]],
    ['a word that begins as a sparse image', [[0, 'sprsound']]],
    ['QEVM and no version', [[0, 'QEVMabcd']]],
    [
      'one CD sector',
      [
        [0, SYNC],
        [15, [1]],
      ],
    ],
    [
      'CD sectors of mode 0',
      [
        [0, SYNC],
        [2352, SYNC],
      ],
    ],
    ['an Android sparse image of version 2', [[0, [...ANDROID.slice(0, 4), 2, ...ANDROID.slice(5)]]]],
  ])('does not name %s', (_, pieces) => {
    const bytes = file(pieces);

    expect(recogniseForeign({ head: fieldsOf(bytes), size: bytes.length }, bytes)).toBeNull();
  });

  it('does not name noise or zeros', () => {
    for (const bytes of [noise(8192, 41), Buffer.alloc(8192)]) {
      expect(recogniseForeign({ head: fieldsOf(bytes), size: bytes.length }, bytes)).toBeNull();
    }
  });

  const KOLY: Piece[1] = 'koly\0\0\0\x04\0\0\x02\0';
  const head = fieldsOf(noise(8192, 42));

  it.each([
    [512, 512],
    [511, 512],
    [1024, 1024],
    [600, 1024],
  ])('finds the trailer of a UDIF image %i bytes before the end in a tail of %i', (before, length) => {
    const tail = file([[Math.max(0, length - before), KOLY]], length);
    const at = 1_000_000 - length + Math.max(0, length - before);

    expect(recogniseForeign({ head, size: 1_000_000 }, tail)).toEqual({
      evidence: { offset: at, detail: 'Apple disk image (UDIF)' },
      detail: 'Apple disk image (UDIF)',
    });
  });

  it('skips the word where no trailer follows it, and searches on', () => {
    const tail = file(
      [
        [100, 'koly and more'],
        [400, KOLY],
      ],
      1024,
    );

    expect(recogniseForeign({ head, size: 5000 }, tail)?.evidence.offset).toBe(5000 - 1024 + 400);
    expect(recogniseForeign({ head, size: 5000 }, file([[100, 'koly and more']], 1024))).toBeNull();
    expect(recogniseForeign({ head, size: 5000 }, file([[508, 'koly']], 512))).toBeNull();
    const longer = file([[100, 'koly\0\0\0\x04\0\0\x04\0']], 1024);
    expect(recogniseForeign({ head, size: 5000 }, longer)).toBeNull();
    expect(recogniseForeign({ head, size: null }, null)).toBeNull();
  });
});
