import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/model/verdict.ts';
import { DEFAULT_BUDGET, type Budget } from '../../src/probe/reading/budget.ts';
import { probe } from '../../src/probe/probe.ts';
import { Unreadable } from '../../src/probe/reading/reading.ts';
import { SourceFailure, type ByteSource } from '../../src/probe/reading/source.ts';
import { makeGuests, openWorkshop, type ImageWorkshop } from '../support/images/image-workshop.ts';
import { memorySource } from '../support/images/memory-source.ts';
import { objection } from './fuzz/case.ts';

let shop: ImageWorkshop;

beforeAll(() => {
  shop = openWorkshop();
  makeGuests(shop);
});

afterAll(() => shop.close());

function converted(guest: string, format: string, options?: string): Uint8Array {
  const extra = options === undefined ? [] : ['-o', options];
  shop.run('qemu-img', 'convert', '-f', 'raw', '-O', format, ...extra, guest, 'converted');
  return shop.bytes('converted');
}

const TYPES = { mbr: 'disk', gpt: 'disk', ext4: 'filesystem', iso: 'iso9660' } as const;

const GUESTS = Object.keys(TYPES) as readonly (keyof typeof TYPES)[];

function budgetOf(part: Partial<Budget>): Budget {
  return { ...DEFAULT_BUDGET, ...part };
}

async function why(bytes: Uint8Array): Promise<string> {
  return whyOf(await probe(memorySource(bytes)));
}

function whyOf(verdict: Verdict): string {
  return verdict.imageType === null ? verdict.why : verdict.imageType;
}

/** A source that gives up behind `reach`, as a stream without ranges does. */
function forwardSource(bytes: Uint8Array, reach: number): ByteSource {
  const inner = memorySource(bytes);
  return {
    ...inner,
    read: (offset, length) =>
      offset + length > reach
        ? Promise.reject(new Unreadable('no-random-access', 'too far ahead'))
        : inner.read(offset, length),
  };
}

describe('content through each container', () => {
  test.each([
    ['qcow2', 'qcow2'],
    ['qcow', 'qcow'],
    ['qed', 'qed'],
    ['vdi', 'vdi'],
    ['vpc', 'vhd'],
    ['vpc', 'vhd', 'subformat=fixed,force_size=on'],
    ['vhdx', 'vhdx'],
    ['vmdk', 'vmdk'],
    ['vmdk', 'vmdk', 'subformat=streamOptimized'],
    ['parallels', 'ploop'],
  ])('%s is %s %s', async (format, containerType, options?: string) => {
    for (const guest of GUESTS) {
      const verdict = await probe(memorySource(converted(guest, format, options)));
      expect(verdict).toMatchObject({
        imageType: TYPES[guest],
        containerType,
        containerBasis: 'proven',
        envelope: null,
      });
      expect(verdict.safety).toEqual([]);
      expect(objection(verdict)).toBeNull();
    }
  });

  test.each(GUESTS)('raw %s', async (guest) => {
    const verdict = await probe(memorySource(shop.bytes(guest)));
    expect(verdict).toMatchObject({ imageType: TYPES[guest], containerType: 'raw', containerBasis: 'assumed' });
    expect(verdict.cost.requests).toBeLessThanOrEqual(2);
  });

  test('guest offsets are called so', async () => {
    const { evidence } = await probe(memorySource(converted('mbr', 'qcow2')));
    expect(evidence.find(({ offset }) => offset === 446)?.detail).toMatch(/^guest: MBR/u);
    expect(evidence[0]).toMatchObject({ offset: 0 });
  });
});

describe('nothing to be said', () => {
  test('an empty file', async () => {
    expect(await probe(memorySource(new Uint8Array(0)))).toMatchObject({
      imageType: null,
      containerType: null,
      why: 'empty',
    });
  });

  test('blank and unknown bytes', async () => {
    expect(await why(new Uint8Array(1 << 20))).toBe('blank');
    expect(await why(new Uint8Array(100_001).fill(7))).toBe('not recognised');
    expect(await why(Uint8Array.of(7))).toBe('not recognised');
  });

  test('a blank guest in a container', async () => {
    shop.blank('zeros', 8 << 20);
    const verdict = await probe(memorySource(converted('zeros', 'qcow2')));
    expect(verdict).toMatchObject({ imageType: null, containerType: 'qcow2', why: 'blank' });
  });

  test('a header that breaks its format names the container and no type', async () => {
    const bytes = converted('mbr', 'qcow2');
    bytes[23] = 60;
    const verdict = await probe(memorySource(bytes));
    expect(verdict).toMatchObject({ imageType: null, containerType: 'qcow2', containerBasis: 'proven' });
    expect(verdict.safety).toContain('MALFORMED_HEADER');
  });
});

describe('polyglots', () => {
  test('a container header over a disc: both are named, none is chosen', async () => {
    const bytes = shop.bytes('iso');
    bytes.set(converted('mbr', 'qcow2').subarray(0, 112));
    const verdict = await probe(memorySource(bytes));
    expect(verdict).toMatchObject({ imageType: null, containerType: null, safety: ['POLYGLOT'] });
    const details = verdict.evidence.map(({ detail }) => detail).join('; ');
    expect(details).toMatch(/qcow2/u);
    expect(details).toMatch(/9660|CD001/u);
  });

  test('two containers in one file', async () => {
    const bytes = converted('mbr', 'qcow2');
    // The signature of VDI lies behind the fields of a version 2 header.
    const vdi = converted('mbr', 'vdi');
    const both = vdi.slice();
    both.set(bytes.subarray(0, 64));
    expect(await probe(memorySource(both))).toMatchObject({ containerType: null, safety: ['POLYGLOT'] });
  });

  test('compressed data or an archive at the place of a container', async () => {
    const vdi = converted('mbr', 'vdi');
    vdi.set([0x1f, 0x8b, 8, 0]);
    expect(await probe(memorySource(vdi))).toMatchObject({ containerType: null, safety: ['POLYGLOT'] });
  });

  test('compressed data before a partition table that holds', async () => {
    const gpt = shop.bytes('gpt');
    gpt.set([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]);
    expect(await probe(memorySource(gpt))).toMatchObject({
      imageType: null,
      containerType: null,
      safety: ['POLYGLOT'],
    });
  });

  test('two readings of the content keep the container', async () => {
    const both = shop.bytes('ext4');
    both.set(shop.bytes('mbr').subarray(446, 512), 446);
    expect(await probe(memorySource(both))).toMatchObject({ imageType: null, containerType: 'raw' });
  });
});

describe('guest data that cannot be read', () => {
  test('past the end of the file: what is there is used, and not held for certain', async () => {
    const bytes = converted('gpt', 'qcow2', 'cluster_size=4k');
    const whole = await probe(memorySource(bytes));
    expect(whole).toMatchObject({ imageType: 'disk', confidence: 'certain' });
    // The table of level 2 leads to the clusters; the second is sent out of the file.
    const view = new DataView(bytes.buffer);
    const l1 = Number(view.getBigUint64(40));
    const l2 = Number(view.getBigUint64(l1) & 0x00ff_ffff_ffff_fe00n);
    view.setBigUint64(l2 + 8, 0x8000_0000_4000_0000n);
    const verdict = await probe(memorySource(bytes));
    expect(verdict).toMatchObject({ imageType: 'disk', containerType: 'qcow2', confidence: 'likely' });
    expect(verdict.safety).toContain('DATA_OUT_OF_BOUNDS');
  });

  test('a stream that ends too early', async () => {
    const bytes = converted('iso', 'qcow2', 'cluster_size=4k');
    const view = new DataView(bytes.buffer);
    const l2 = Number(view.getBigUint64(Number(view.getBigUint64(40))) & 0x00ff_ffff_ffff_fe00n);
    // The descriptors of a disc begin at 32,768, in its ninth cluster.
    const first = Number(view.getBigUint64(l2 + 8 * 8) & 0x00ff_ffff_ffff_fe00n);
    const source = { ...memorySource(bytes.subarray(0, first + 4096)), size: () => null };
    const verdict = await probe(source);
    expect(verdict).toMatchObject({ containerType: 'qcow2' });
    expect(verdict.safety).toContain('DATA_OUT_OF_BOUNDS');
  });

  test('from the first block on: no type, and why', async () => {
    const bytes = converted('gpt', 'qcow2', 'cluster_size=4k');
    const view = new DataView(bytes.buffer);
    const l1 = Number(view.getBigUint64(40));
    const l2 = Number(view.getBigUint64(l1) & 0x00ff_ffff_ffff_fe00n);
    view.setBigUint64(l2, 0x8000_0000_4000_0000n);
    const verdict = await probe(memorySource(bytes));
    expect(verdict).toMatchObject({ imageType: null, containerType: 'qcow2' });
    expect(verdict.safety).toContain('DATA_OUT_OF_BOUNDS');
  });
});

describe('sources with limits', () => {
  test('read forward only: a raw image is typed, and the unread end is mentioned', async () => {
    const verdict = await probe(forwardSource(shop.bytes('mbr'), 1 << 20));
    expect(verdict).toMatchObject({ imageType: 'disk', containerType: 'raw', containerBasis: 'assumed' });
    expect(verdict.evidence.at(-1)?.detail).toMatch(/fixed VHD cannot be told/u);
    expect([verdict.reach, verdict.confidence]).toEqual(['cut', 'likely']);
  });

  test('read forward only: what is too far ahead is undetermined, not guessed', async () => {
    const bytes = converted('mbr', 'vhdx', 'block_size=1M');
    const verdict = await probe(forwardSource(bytes, 700_000));
    expect(verdict).toMatchObject({ imageType: null, containerType: 'vhdx' });
    expect(whyOf(verdict)).toMatch(/random access|ahead/u);
  });

  test('of unknown size', async () => {
    const source = { ...memorySource(shop.bytes('iso')), size: () => null };
    expect(await probe(source)).toMatchObject({ imageType: 'iso9660', containerType: 'raw' });
  });

  test('that fail', async () => {
    const source = { ...memorySource(new Uint8Array(9)), read: () => Promise.reject(new SourceFailure('gone')) };
    await expect(probe(source)).rejects.toThrow(SourceFailure);
  });

  test('a budget of one request answers what it can', async () => {
    const verdict = await probe(memorySource(converted('mbr', 'vhdx')), budgetOf({ requests: 1 }));
    expect(verdict).toMatchObject({ imageType: null, containerType: 'vhdx' });
    expect(verdict.cost.requests).toBe(1);
  });

  test('no budget at all', async () => {
    const verdict = await probe(memorySource(shop.bytes('mbr')), budgetOf({ requests: 0 }));
    expect(verdict).toMatchObject({ imageType: null, containerType: null, cost: { requests: 0, bytes: 0 } });
  });
});
