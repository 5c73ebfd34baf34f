import { describe, expect, it } from 'vitest';

import type { Verdict } from '../../../src/model/verdict.ts';
import type { KnownVerdict } from '../../../src/probe/cache/verdict-cache.ts';
import { DIGESTED_BYTES } from '../../../src/probe/cache/digested-source.ts';
import { SourceFailure } from '../../../src/probe/reading/source.ts';
import { type ContentReader, type OpenImage } from '../../../src/run/probing/content-reader.ts';
import { evidence } from '../../rules/evidence-builder.ts';
import { DISK, image, payload, opening, reading, readerOver } from './support/content.ts';
import { memorySource } from '../../support/images/memory-source.ts';
import { NOTHING_SEEN } from '../../../src/model/inspection.ts';

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
      inspection: NOTHING_SEEN,
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
