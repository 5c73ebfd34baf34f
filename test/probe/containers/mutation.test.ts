import { array, assert, asyncProperty, boolean, constantFrom, nat, oneof, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SAFETY_CODES } from '../../../src/model/safety.ts';
import type { ContainerFormat } from '../../../src/probe/containers/format/opening.ts';
import { HEAD_LENGTH, WINDOW_LENGTH, fieldsOf } from '../../../src/probe/reading/fields.ts';
import { COW } from '../../../src/probe/containers/cow.ts';
import { LUKS } from '../../../src/probe/containers/luks.ts';
import { PARALLELS } from '../../../src/probe/containers/parallels.ts';
import { QCOW } from '../../../src/probe/containers/qcow.ts';
import { QCOW2 } from '../../../src/probe/containers/qcow2/qcow2.ts';
import { QED } from '../../../src/probe/containers/qed.ts';
import { VDI } from '../../../src/probe/containers/vdi.ts';
import { expandHead } from '../../../src/probe/expand/expand.ts';
import { Unreadable, type Ask, type Reading } from '../../../src/probe/reading/reading.ts';
import { cowImage, parallelsImage, patch, qcow2Image, qcowImage, qedImage, vdiImage } from './bytes.ts';
import { runs } from '../../support/effort.ts';

/**
 * Damaged and hostile headers. Whatever the bytes are: only `Unreadable` may be thrown, and only by reads; what is asked for is
 * bounded in number and in size; what comes back is as long as was asked for.
 */

type Range = readonly [start: number, end: number];

/** The ranges are those of the fields. */
const IMAGES: readonly (readonly [string, ContainerFormat, Buffer, readonly Range[]])[] = [
  ['qcow2, version 3', QCOW2, qcow2Image(3), [[0, 128]]],
  ['qcow2, version 2', QCOW2, qcow2Image(2), [[0, 80]]],
  ['qcow2, extended L2', QCOW2, extendedL2(), [[0, 112]]],
  ['qcow', QCOW, qcowImage(), [[0, 64]]],
  ['qed', QED, qedImage(), [[0, 72]]],
  [
    'vdi',
    VDI,
    vdiImage(),
    [
      [60, 92],
      [336, 456],
      [512, 528],
    ],
  ],
  [
    'cow',
    COW,
    cowImage('x86-64'),
    [
      [0, 16],
      [1032, 1064],
    ],
  ],
  ['parallels', PARALLELS, parallelsImage('WithouFreSpacExt'), [[0, 80]]],
  ['luks 1', LUKS, luks(1, 4096), [[0, 112]]],
  [
    'luks 2',
    LUKS,
    luks(2, 65_536),
    [
      [0, 24],
      [160, 176],
      [256, 264],
    ],
  ],
];

function extendedL2(): Buffer {
  const image = patch(qcow2Image(3)).be64(72, 16);
  return image.be64(65_536 * 3 + 8, 3).bytes;
}

function luks(version: 1 | 2, length: number): Buffer {
  const image = patch(length).text(0, 'LUKS\u00ba\u00be').u8(7, version);
  if (version === 1) return image.be32(104, 4).bytes;
  return image.be64(8, 16_384).text(16_384, 'SKUL\u00ba\u00be\0\u0002').bytes;
}

/** Asks beyond these would be a way to exhaust a reader: one read of the window for each of its sectors, and as many entries. */
const MOST_ASKS = 600;
const MOST_ASKED = 1024 * 1024;

async function answers<T>(reading: Reading<T>, bytes: Uint8Array): Promise<T> {
  let asks = 0;
  const answer = async (ask: Ask): Promise<Uint8Array> => {
    asks += 1;
    if (asks > MOST_ASKS) throw new Error('too many asks');
    if (ask.kind === 'expand') {
      if (ask.limit > MOST_ASKED) throw new Error(`an expansion to ${ask.limit} bytes`);
      return expandHead(ask.compression, ask.input, ask.limit);
    }
    if (!Number.isSafeInteger(ask.offset + ask.length)) throw new Error('a range beyond 2^53');
    if (ask.length > MOST_ASKED) throw new Error(`a read of ${ask.length} bytes`);
    return bytes.subarray(Math.min(ask.offset, bytes.length), Math.min(ask.offset + ask.length, bytes.length));
  };
  let step = reading.next();
  while (step.done !== true) {
    try {
      step = reading.next(await answer(step.value));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      step = reading.throw(error);
    }
  }
  return step.value;
}

async function holds(format: ContainerFormat, bytes: Uint8Array, sized: boolean): Promise<void> {
  const file = { head: fieldsOf(bytes.subarray(0, HEAD_LENGTH)), size: sized ? bytes.length : null };
  if (format.recognise(file) === null) return;
  const opened = await answers(format.open(file), bytes);
  expect(opened.safety.every((code) => SAFETY_CODES.includes(code))).toBe(true);
  expect(opened.safety).toEqual([...new Set(opened.safety)].sort());
  expect(opened.evidence.every(({ detail }) => /^[ -~]{1,160}$/.test(detail))).toBe(true);
  expect(opened.evidence.every(({ offset }) => Number.isSafeInteger(offset))).toBe(true);
  expect(opened.virtualSize === null || Number.isSafeInteger(opened.virtualSize)).toBe(true);
  if (opened.guest.kind === 'closed') return;
  for (const [offset, length] of [
    [0, WINDOW_LENGTH],
    [4096, 4096],
    [2 ** 40 + 7, 1000],
  ] as const) {
    try {
      const guest = await answers(opened.guest.read(offset, length), bytes);
      expect(guest.length).toBe(Math.min(length, Math.max(0, (opened.virtualSize ?? 0) - offset)));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
  }
}

/** What a 64-bit field may say: nothing, everything, the end of the file and what lies around, signs and powers. */
function extremes(size: number): readonly bigint[] {
  const end = BigInt(size);
  return [
    0n,
    1n,
    2n ** 64n - 1n,
    end,
    end - 1n,
    end + 1n,
    2n ** 63n,
    2n ** 62n,
    2n ** 53n,
    2n ** 53n - 1n,
    2n ** 32n,
    512n,
    65_536n,
  ];
}

describe.each(IMAGES)('%s', (_, format, sound, fields) => {
  const headerLength = Math.max(...fields.map(([, end]) => end));
  const offsets = fields.flatMap(([start, end]) =>
    Array.from({ length: (end - start) / 4 - 1 }, (_, index) => start + index * 4),
  );

  it('every field at its extremes', async () => {
    for (const offset of offsets) {
      for (const value of extremes(sound.length)) {
        await holds(format, patch(sound).be64(offset, value).bytes, true);
        await holds(format, patch(sound).le64(offset, value).bytes, false);
        const half = Number(value & 0xffff_ffffn);
        await holds(format, patch(sound).be32(offset, half).bytes, true);
        await holds(format, patch(sound).le32(offset, half).bytes, true);
      }
    }
  });

  it('cut short anywhere in the header, and at every sector', async () => {
    for (let length = 0; length <= headerLength; length += 1) await holds(format, sound.subarray(0, length), true);
    for (let length = 0; length <= sound.length; length += 4096) {
      await holds(format, sound.subarray(0, length), true);
      await holds(format, sound.subarray(0, length), false);
    }
  });

  it('bytes changed anywhere in header and tables', async () => {
    const tables = [0, 512, 1056, 4096, 8192, 12_288, 65_536 * 2, 65_536 * 3];
    const place = oneof(
      nat(headerLength),
      tuple(constantFrom(...tables), nat(64)).map(([start, offset]) => start + offset),
    );
    await assert(
      asyncProperty(
        array(tuple(place, nat(255)), { minLength: 1, maxLength: 16 }),
        boolean(),
        async (changes, sized) => {
          const bytes = Buffer.from(sound);
          for (const [offset, value] of changes) if (offset < bytes.length) bytes[offset] = value;
          await holds(format, bytes, sized);
        },
      ),
      { ...runs(500), seed: 20_111_202 },
    );
  });
});
