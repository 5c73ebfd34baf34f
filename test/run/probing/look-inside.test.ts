import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { mbrDisk } from '../../../scripts/fixtures/payloads/disks.ts';
import type { ImagePayload } from '../../../src/glance/locations.ts';
import type { ImageEvidence } from '../../../src/model/image.ts';
import type { Verdict } from '../../../src/model/verdict.ts';
import type { KnownVerdict } from '../../../src/probe/cache/verdict-cache.ts';
import { DIGESTED_BYTES } from '../../../src/probe/cache/digested-source.ts';
import { probe } from '../../../src/probe/probe.ts';
import { type ByteSource, SourceFailure } from '../../../src/probe/reading/source.ts';
import {
  type ContentReader,
  type ContentReaderParts,
  createContentReader,
  type OpenImage,
} from '../../../src/run/probing/content-reader.ts';
import type { LookInside } from '../../../src/run/context/context.ts';
import type { ProbeMode } from '../../../src/run/context/run-inputs.ts';
import { createLookInside } from '../../../src/run/probing/look-inside.ts';
import { decide, evidence } from '../../rules/evidence-builder.ts';
import { memorySource } from '../../support/images/memory-source.ts';

const DISK = mbrDisk(1);
const HASH = { algorithm: 'sha512', value: createHash('sha512').update(DISK).digest('hex') };

describe('looking inside', () => {
  it('keeps the order, adds content where it looked, and leaves every other image the very object it was', async () => {
    const page = [image(1), image(2, 'qcow2'), image(3)];
    const looked = await inside({ open: opening(() => memorySource(DISK)) })(page);
    expect(looked?.map(({ image: { id } }) => id)).toEqual(page.map(({ image: { id } }) => id));
    expect(looked?.map(({ content }) => content?.kind)).toEqual(['read', undefined, 'read']);
    expect(looked?.[1]).toBe(page[1]);
    const nothingOpen = [image(4, 'qcow2')];
    expect(await inside({ open: opening(() => memorySource(DISK)) })(nothingOpen)).toBe(nothingOpen);
  });

  it.each(['all', 'undecided'] as const)('never reads a row without a payload (%s)', async (mode) => {
    const page = [
      evidence('raw', 'bare', { image: { deleted: true } }),
      evidence('raw', 'bare', { image: { size: 0n } }),
      evidence('raw', 'bare', { image: { status: 'queued' } }),
      evidence('raw', 'bare', { image: { status: 'killed' } }),
    ];
    let opened = 0;
    const open = opening(() => {
      opened += 1;
      return memorySource(DISK);
    });
    expect(await inside({ open, mode })(page)).toBe(page);
    expect(opened).toBe(0);
  });

  it('reads no more images at a time than it may', async () => {
    let [running, most] = [0, 0];
    const open: OpenImage = async () => {
      running += 1;
      most = Math.max(most, running);
      for (let turns = 0; turns < 5; turns += 1) await turn();
      const source = memorySource(DISK);
      return {
        source: { ...source, close: async () => Promise.resolve((running -= 1)).then(() => undefined) },
        accepts: 'random',
        access: () => 'random',
      };
    };
    await inside({ open, jobs: 3 })(Array.from({ length: 20 }, (_, index) => image(index)));
    expect([most, running]).toEqual([3, 0]);
  });

  it('ends at once when a stop is asked for while a source hangs, and closes it', async () => {
    let stopping = false;
    let closed = 0;
    let opened = 0;
    const hanging = (): ByteSource => {
      opened += 1;
      let breakOff = (): void => {};
      return {
        ...memorySource(DISK),
        read: async () => {
          stopping = true;
          return new Promise((_resolve, reject) => {
            breakOff = () => reject(new SourceFailure('closed'));
          });
        },
        close: async () => {
          closed += 1;
          breakOff();
          return Promise.resolve();
        },
      };
    };
    const looked = await inside({ open: opening(hanging), jobs: 2, stop: () => stopping })([
      image(1),
      image(2),
      image(3),
    ]);
    expect(looked).toBeNull();
    expect(closed).toBe(2);
    // What was broken off makes room, but nothing takes it.
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(opened).toBe(2);
  });
});

describe('the content reader', () => {
  it('shares one reading between equal images that are asked for at once', async () => {
    let opened = 0;
    const reader = reading(() => {
      opened += 1;
      return memorySource(DISK);
    });
    const contents = await Promise.all([1, 2, 3, 4].map((id) => reader.read(image(id).image, payload())));
    expect(reader.counts()).toMatchObject({ read: 1, shared: 3, unread: 0 });
    expect(opened).toBe(4);
    const costs = contents.map((content) => (content.kind === 'read' ? content.verdict.cost : null));
    const head = { requests: 1, bytes: Math.min(DISK.length, DIGESTED_BYTES) };
    expect(costs.slice(1)).toEqual([head, head, head]);
    expect(
      new Set(
        contents.map((content) =>
          JSON.stringify({ ...content, verdict: { ...(content as { verdict: Verdict }).verdict, cost: 0 } }),
        ),
      ).size,
    ).toBe(1);
  });

  it.each([
    ['the very head', 0],
    ['the end of what is digested', DIGESTED_BYTES - 1],
  ])('gives no image the verdict on bytes that it only claims to have: they differ at %s', async (_what, at) => {
    const other = Buffer.alloc(1024 * 1024);
    DISK.copy(other);
    const forged = Buffer.from(other);
    forged[at] = 0xff;
    const files = new Map([1, 2, 3].map((index) => [`image-${index}`, index === 1 ? other : forged]));
    const open: OpenImage = async ({ id }, row) => opening(() => memorySource(files.get(id) ?? other))(NO_ROW, row);
    const kept: KnownVerdict[] = [];
    const known = {
      get: () => kept.at(-1) ?? null,
      put: (_key: unknown, _access: unknown, found: KnownVerdict) => void kept.push(found),
    };
    const read = async (reader: ContentReader, index: number): Promise<ReturnType<ContentReader['counts']>> => {
      await reader.read({ ...image(index).image, size: BigInt(other.length) }, payload());
      return reader.counts();
    };
    const first = readerOver(open, { known });
    expect(await read(first, 1)).toMatchObject({ read: 1, shared: 0 });
    expect(await read(first, 2)).toMatchObject({ read: 2, shared: 0 });
    expect(await read(first, 3)).toMatchObject({ read: 2, shared: 1 });
    const later = readerOver(open, { known });
    expect(await read(later, 1)).toMatchObject({ read: 1, shared: 0 });
    expect(kept[0]?.verdict).toEqual({ ...kept[2]?.verdict, cost: kept[0]?.verdict.cost });
  });

  it('gives an image that cannot be read no verdict, although one of the same checksum was read', async () => {
    let reads = 0;
    const reader = readerOver((...row) => {
      reads += 1;
      if (reads > 1) return Promise.reject(new SourceFailure('no such file in the store'));
      return opening(() => memorySource(DISK))(...row);
    });
    expect((await reader.read(image(1).image, payload())).kind).toBe('read');
    expect(await reader.read(image(2).image, payload())).toEqual({ kind: 'unread', why: 'no such file in the store' });
    expect(reader.counts()).toMatchObject({ read: 1, shared: 0, unread: 1 });
  });

  it.each([
    ['of a location that a user may register', ['https://'], 'equal-images'],
    ['where each image is to be read', ['file:///store/image'], 'none'],
  ] as const)('shares nothing %s', async (_what, locations, sharing) => {
    const known = { get: () => unexpected(), put: () => unexpected() };
    const reader = readerOver(
      opening(() => memorySource(DISK)),
      { known, sharing },
    );
    for (const id of [1, 2]) await reader.read(image(id).image, { ...payload(), locations });
    expect(reader.counts()).toMatchObject({ read: 2, shared: 0, unread: 0 });
  });

  it('lets each of those who waited read for itself where the first one failed', async () => {
    let reads = 0;
    const reader = reading(() => {
      const source = memorySource(DISK);
      return {
        ...source,
        label: 'http://glance/v2/images/x/file',
        read: (offset, length) => {
          reads += 1;
          return reads === 1
            ? Promise.reject(new SourceFailure('the connection was reset', { label: 'http://glance/v2/images/x/file' }))
            : source.read(offset, length);
        },
      };
    });
    const contents = await Promise.all([1, 2, 3].map((id) => reader.read(image(id).image, payload())));
    expect(contents[0]).toEqual({ kind: 'unread', why: 'the connection was reset' });
    expect(contents.slice(1).map(({ kind }) => kind)).toEqual(['read', 'read']);
    expect(reader.counts()).toMatchObject({ read: 1, shared: 1, unread: 1 });
  });

  it.each([
    ['random', 0],
    ['forward', 1],
  ] as const)('keeps what was cut only for those who read forward as well (%s)', async (access, keptOnce) => {
    const verdict: Verdict = {
      imageType: 'disk',
      containerType: 'raw',
      confidence: 'likely',
      alsoReadAs: [],
      containerBasis: 'assumed',
      reach: 'cut',
      refutes: [],
      envelope: null,
      evidence: [],
      safety: [],
      cost: { requests: 1, bytes: 1 },
    };
    const kept: Verdict[] = [];
    const known = {
      get: () => null,
      put: (_key: unknown, _access: unknown, { verdict: given }: KnownVerdict) => void kept.push(given),
    };
    const open: OpenImage = () =>
      Promise.resolve({ source: memorySource(DISK), accepts: access, access: () => access });
    const reader = readerOver(open, { known, probe: (source) => source.read(0, DIGESTED_BYTES).then(() => verdict) });
    await Promise.all([1, 2].map((id) => reader.read(image(id).image, payload())));
    await reader.read(image(3).image, payload());
    expect([kept.length, reader.counts().read]).toEqual([keptOnce, keptOnce === 0 ? 3 : 1]);
  });

  it('takes a prober that breaks for an image that cannot be read', async () => {
    const reader = readerOver(
      opening(() => memorySource(DISK)),
      { probe: () => Promise.reject(new TypeError('x is not a function')) },
    );
    expect(await reader.read(image(1).image, payload())).toEqual({
      kind: 'unread',
      why: expect.stringMatching(/bug/u) as string,
    });
  });

  it('does not serve what was read forward to an image that can be read at random', async () => {
    const forward: OpenImage = async () =>
      Promise.resolve({ source: memorySource(DISK), accepts: 'forward', access: () => 'forward' });
    const random = opening(() => memorySource(DISK));
    const reader = readerOver(async (record, given) => (record.id === 'r' ? random : forward)(record, given));
    await reader.read(image(1).image, payload());
    await reader.read({ ...image(2).image, id: 'r' }, payload());
    await reader.read(image(3).image, payload());
    expect(reader.counts()).toMatchObject({ read: 2, shared: 1 });
  });
});

const NO_ROW = evidence('raw', 'bare').image;

function unexpected(): never {
  throw new Error('a checksum that is only claimed was used');
}

function image(index: number, disk = 'raw'): ImageEvidence {
  return evidence(disk, 'bare', { image: { id: `image-${index}`, size: BigInt(DISK.length) } });
}

function payload(): ImagePayload {
  return { locations: ['file:///store/image'], checksum: null, hash: HASH };
}

function opening(source: () => ByteSource): OpenImage {
  return async () => Promise.resolve({ source: source(), accepts: 'random', access: () => 'random' });
}

function reading(source: () => ByteSource): ContentReader {
  return readerOver(opening(source));
}

function readerOver(open: OpenImage, parts: Partial<ContentReaderParts> = {}): ContentReader {
  return createContentReader({
    open,
    probe,
    inTurn: (_source, work) => work(),
    known: null,
    sharing: 'equal-images',
    ...parts,
  });
}

interface InsideOptions {
  readonly open: OpenImage;
  readonly mode?: ProbeMode;
  readonly jobs?: number;
  readonly stop?: () => boolean;
}

function inside({ open, mode = 'undecided', jobs = 8, stop = () => false }: InsideOptions): LookInside {
  return createLookInside({
    mode,
    mostOpen: jobs,
    decide,
    readPayloads: async () => Promise.resolve(new Map()),
    reader: readerOver(open),
    onEvent: () => {},
    stop: { requested: stop },
  });
}
