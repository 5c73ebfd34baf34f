import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ContainerFormat } from '../../src/probe/containers/format/opening.ts';
import { recogniseForeign } from '../../src/probe/containers/foreign.ts';
import { VHD } from '../../src/probe/containers/vhd/vhd.ts';
import { VHDX } from '../../src/probe/containers/vhdx/vhdx.ts';
import { VMDK } from '../../src/probe/containers/vmdk/vmdk.ts';
import { SAFETY_CODES } from '../../src/model/safety.ts';
import { fieldsOf } from '../../src/probe/reading/fields.ts';
import { expandHead } from '../../src/probe/expand/expand.ts';
import { Unreadable, type Ask, type Reading } from '../../src/probe/reading/reading.ts';
import { noise } from './containers/bytes.ts';
import { fixedByEnd, block, footer, seal as sealVhd, vhdImage } from './containers/vhd-image.ts';
import { entry, GUID, header, items, metadata, seal as sealVhdx, vhdxImage } from './containers/vhdx-image.ts';
import {
  cowdImage,
  descriptor,
  seSparseEntry,
  seSparseImage,
  sparseImage,
  streamImage,
} from './containers/vmdk-image.ts';

/**
 * Damaged files, the same in every run: whatever is wrong, an image is opened or refused with known codes, nothing but `Unreadable` is
 * thrown by reads, and the work is bounded.
 */

const DATA = noise(200_000, 51);
const MIB = 1024 * 1024;
const bitmap = Buffer.alloc(MIB, 0xff);

/** [image, offsets where its structures lie: what random offsets in data would miss]. */
const IMAGES: readonly (readonly [string, ContainerFormat, Buffer, readonly (readonly [number, number])[]])[] = [
  ['VHD', VHD, vhdImage({ table: [4, 5], blocks: block(bitmap.subarray(0, 512), DATA) }), [[0, 2048]]],
  [
    'differencing VHD',
    VHD,
    vhdImage({ footer: { type: 4 }, table: [4, 5], blocks: block(bitmap.subarray(0, 512), DATA) }),
    [[0, 2560]],
  ],
  [
    'VHDX',
    VHDX,
    vhdxImage({ entries: { 0: entry(4, 6) }, blocks: DATA }),
    [
      [65_536, 128],
      [131_072, 128],
      [196_608, 96],
      [2 * MIB, 128],
      [2 * MIB + 65_536, 160],
      [3 * MIB, 16],
    ],
  ],
  [
    'differencing VHDX',
    VHDX,
    vhdxImage({
      headers: [header(), header({ logGuid: 3, sequence: 9n })],
      metadata: metadata([...items({ flags: 2 }), { guid: GUID.parentLocator, value: Buffer.alloc(20) }]),
      entries: { 0: entry(4, 7), 4096: entry(5, 6) },
      blocks: Buffer.concat([DATA, Buffer.alloc(MIB - DATA.length), bitmap]),
    }),
    [
      [131_072, 128],
      [2 * MIB, 160],
      [2 * MIB + 65_536, 160],
      [3 * MIB, 16],
      [3 * MIB + 4096 * 8, 8],
    ],
  ],
  [
    'sparse VMDK',
    VMDK,
    sparseImage({ grains: [128, 256], data: DATA }),
    [
      [0, 128],
      [512, 512],
      [21 * 512, 16],
      [26 * 512, 16],
      [27 * 512, 16],
    ],
  ],
  [
    'stream-optimized VMDK',
    VMDK,
    streamImage({
      grains: [
        [0, DATA.subarray(0, 65_536)],
        [128, DATA.subarray(65_536, 131_072)],
      ],
    }),
    [
      [0, 128],
      [512, 512],
      [65_536, 64],
    ],
  ],
  [
    'stream-optimized VMDK without footer',
    VMDK,
    streamImage({
      grains: [
        [0, Buffer.alloc(65_536)],
        [128, DATA.subarray(65_536, 131_072)],
      ],
      footer: null,
    }),
    [
      [0, 128],
      [65_536, 1024],
    ],
  ],
  [
    'VMDK without markers',
    VMDK,
    sparseImage({
      header: { flags: 0x10003, algorithm: 1, version: 3 },
      grains: [128],
      data: deflateSync(DATA.subarray(0, 65_536)),
    }),
    [
      [0, 128],
      [27 * 512, 16],
      [65_536, 64],
    ],
  ],
  ['VMDK descriptor', VMDK, Buffer.from(descriptor({ createType: 'vmfs' })), [[0, 300]]],
  [
    'COWD',
    VMDK,
    cowdImage({ here: Array.from({ length: 140 }, (_, sector) => sector) }, DATA),
    [
      [0, 64],
      [1640, 16],
      [2048, 64],
      [2560, 128],
    ],
  ],
  [
    'seSparse',
    VMDK,
    seSparseImage({ entries: Array.from({ length: 17 }, (_, grain) => seSparseEntry(grain)) }, DATA),
    [
      [0, 512],
      [512, 64],
      [1024, 16],
      [4096, 64],
    ],
  ],
];

const EXTREMES: readonly bigint[] = [
  0n,
  1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 62n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** What any reading may ask for at once, and how often, for one window: far less than the budget of a probe. */
const MOST_ASKED = 1_100_000;
const MOST_ASKS = 12_000;

function insist(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Runs a reading over bytes and holds it to its bounds. */
async function run<T>(reading: Reading<T>, bytes: Buffer): Promise<T> {
  let step = reading.next();
  for (let asks = 0; step.done !== true; asks += 1) {
    insist(asks < MOST_ASKS, 'asked too often');
    let answer: Uint8Array;
    try {
      answer = await answerTo(step.value, bytes);
    } catch (error) {
      step = reading.throw(error);
      continue;
    }
    step = reading.next(answer);
  }
  return step.value;
}

async function answerTo(ask: Ask, bytes: Buffer): Promise<Uint8Array> {
  if (ask.kind === 'expand') {
    insist(ask.limit <= MOST_ASKED, `${ask.limit} bytes to expand`);
    return expandHead(ask.compression, ask.input, ask.limit);
  }
  insist(Number.isSafeInteger(ask.offset) && ask.offset >= 0, `a read at ${ask.offset}`);
  insist(ask.length <= MOST_ASKED, `a read of ${ask.length}`);
  return bytes.subarray(Math.min(ask.offset, bytes.length), Math.min(ask.offset + ask.length, bytes.length));
}

/** Makes the checksums right again, so that what lies behind them is reached. */
function reseal(bytes: Buffer): void {
  if (bytes.subarray(0, 8).equals(Buffer.from('conectix')) && bytes.length > 2048) {
    sealVhd(bytes.subarray(0, 512), 64);
    sealVhd(bytes.subarray(512, 1536), 36);
    bytes.copy(bytes, bytes.length - 512, 0, 512);
  } else if (bytes.subarray(0, 8).equals(Buffer.from('vhdxfile'))) {
    for (const offset of [65_536, 131_072]) sealVhdx(bytes.subarray(offset, offset + 4096));
    for (const offset of [196_608, 262_144]) sealVhdx(bytes.subarray(offset, offset + 65_536));
  }
}

/** A copy to change, put back as it was by `restore`: copying megabytes for every change takes too long. */
function workingCopy(image: Buffer, places: readonly (readonly [number, number])[]) {
  const bytes = Buffer.from(image);
  return {
    bytes,
    restore: () => {
      for (const [start, length] of [...places, [0, 2048], [65_536, 262_144], [image.length - 512, 512]] as const) {
        if (start >= 0 && start < image.length) bytes.set(image.subarray(start, start + length + 8), start);
      }
    },
  };
}

type Outcome = 'not recognised' | 'closed' | 'read' | 'unreadable';

async function probe(format: ContainerFormat, bytes: Buffer, size: number | null): Promise<Outcome> {
  const head = fieldsOf(bytes.subarray(0, 524_288));
  recogniseForeign({ head, size }, bytes.subarray(-1024));
  if (format.recognise({ head, size }) === null) return 'not recognised';
  const container = await run(format.open({ head, size }), bytes);
  for (const code of container.safety) insist(SAFETY_CODES.includes(code), code);
  insist(container.evidence.length <= 24, 'too much evidence');
  insist(container.virtualSize === null || Number.isSafeInteger(container.virtualSize), 'an absurd size');
  if (container.guest.kind === 'closed') return 'closed';
  try {
    const window = await run(container.guest.read(0, 69_632), bytes);
    insist(window.length === Math.min(69_632, container.virtualSize ?? 0), `${window.length} bytes of the guest`);
    return 'read';
  } catch (error) {
    if (error instanceof Unreadable) return 'unreadable';
    throw error;
  }
}

/** Numbers in [0, limit), the same in every run. */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % limit;
  };
}

describe.each(IMAGES)('%s', (_, format, image, places) => {
  it('is opened as it is', async () => {
    expect(await probe(format, image, image.length)).toBe(image.length < 1000 ? 'closed' : 'read');
  });

  it('with bytes changed', async () => {
    const next = dice(7);
    const { bytes, restore } = workingCopy(image, places);
    for (let round = 0; round < 400; round += 1) {
      const count = 1 + next(4);
      for (let change = 0; change < count; change += 1) {
        const [start, length] = places[next(places.length)] ?? [0, 1];
        bytes[start + next(length)] = next(256);
      }
      if (round % 4 !== 0) reseal(bytes);
      await probe(format, bytes, round % 3 === 0 ? null : bytes.length);
      restore();
    }
    expect(bytes.equals(image)).toBe(true);
  });

  it('cut short', async () => {
    for (const [start, length] of places) {
      for (const cut of [start, start + 1, start + length - 1, start + length, start + 4096]) {
        const short = image.subarray(0, cut);
        await probe(format, short, short.length);
        await probe(format, short, null);
      }
    }
  });

  it('with extreme fields', async () => {
    const { bytes, restore } = workingCopy(image, places);
    for (const [start, length] of places) {
      for (let offset = start; offset + 8 <= Math.min(start + length, start + 128, image.length); offset += 4) {
        for (const value of EXTREMES) {
          if (format === VHD) bytes.writeBigUInt64BE(value, offset);
          else bytes.writeBigUInt64LE(value, offset);
          reseal(bytes);
          await probe(format, bytes, bytes.length);
          restore();
        }
      }
    }
    expect(bytes.equals(image)).toBe(true);
  }, 60_000);
});

it('fixed VHD: a footer changed anywhere is none', () => {
  const sound = footer({ type: 2, dataOffset: 2n ** 64n - 1n, currentSize: 4096n });
  expect(fixedByEnd(sound, 4608)).not.toBeNull();
  for (let offset = 0; offset < 512; offset += 1) {
    const changed = Buffer.from(sound);
    changed[offset] = (changed[offset] ?? 0) ^ 0x41;
    expect(fixedByEnd(changed, 4608)).toBeNull();
    expect(fixedByEnd(changed.subarray(0, offset), 4608)).toBeNull();
  }
});
