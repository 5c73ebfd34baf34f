import type { ServerResponse } from 'node:http';

import { describe, expect, it, onTestFinished } from 'vitest';

import { mbrDisk } from '../../scripts/fixtures/payloads/disks.ts';
import type { ImagePayload } from '../../src/glance/locations.ts';
import { probe } from '../../src/probe/probe.ts';
import { createGlanceApi } from '../../src/probe/sources/openstack/glance-api.ts';
import { createHttpEndpoint } from '../../src/probe/sources/http/http.ts';
import { createContentReader } from '../../src/run/probing/content-reader.ts';
import { createLookInside } from '../../src/run/probing/probing.ts';
import { createOpenImage } from '../../src/run/probing/open-image.ts';
import { createSourceLanes } from '../../src/run/probing/source-lanes.ts';
import { decide, evidence } from '../rules/evidence-builder.ts';
import { httpStore, withRanges } from '../support/images/http-store.ts';

const DISK = mbrDisk(1).subarray(0, 4_096);
const ROWS = 1_000;
/**
 * Time for one image: enough for the others on a busy machine; with 8 at once, 300 that use it up would take two
 * minutes.
 */
const IMAGE_MS = 3_000;

describe('a run over a thousand images, 300 of them on a server that drips', () => {
  it.each([
    ['that Glance fetches them from', (id: string, slow: string) => ({ id, locations: [slow] })],
    [
      'that Glance leads to',
      (id: string, slow: string) => ({ id: `away-${id}`, locations: [slow === '' ? '' : 'rbd://'] }),
    ],
  ])('%s: all the others are read, the tarpit is asked a few times', async (_what, make) => {
    const tarpit = await httpStore((_seen, response) => drip(response));
    onTestFinished(() => tarpit.close());
    let slowAsked = 0;
    const glance = await httpStore((seen, response, nth) => {
      if (!seen.path.includes('slow')) return withRanges(DISK)(seen, response, nth);
      slowAsked += 1;
      if (seen.path.includes('away')) response.writeHead(302, { location: tarpit.origin }).end();
      else drip(response);
    });
    onTestFinished(() => glance.close());
    const endpoint = createHttpEndpoint({ limits: { imageMs: IMAGE_MS } });
    onTestFinished(() => endpoint.close());
    const api = await createGlanceApi({ endpoint, credentials: null, imageApi: glance.origin });

    const payloads = new Map<string, ImagePayload>();
    const rows = Array.from({ length: ROWS }, (_, index) => {
      const isSlow = index % 10 < 3;
      const { id, locations } = isSlow ? make(`slow-${index}`, 'https://') : { id: `${index}`, locations: ['rbd://'] };
      payloads.set(id, { locations, checksum: null, hash: null });
      return evidence('raw', 'bare', { image: { id, size: BigInt(DISK.length), owner: isSlow ? 'evil' : 'good' } });
    });
    const lanes = createSourceLanes({ kind: 'adaptive', most: 32 });
    const reader = createContentReader({
      open: createOpenImage([], api),
      probe,
      inTurn: lanes.read,
      known: null,
      sharing: 'equal-images',
    });
    const lookInside = createLookInside({
      mode: 'undecided',
      mostOpen: lanes.mostOpen,
      decide,
      readPayloads: () => Promise.resolve(payloads),
      reader,
      onEvent: () => {},
      stop: { requested: () => false },
    });
    const looked = (await lookInside(rows)) ?? [];
    const unread = looked.filter(({ content }) => content?.kind === 'unread');
    expect(unread.filter(({ image }) => !image.id.includes('slow')).map(({ content }) => content)).toEqual([]);
    expect(reader.counts()).toMatchObject({ read: 700, unread: 300 });
    const whys = unread.map(({ content }) => (content?.kind === 'unread' ? content.why : ''));
    expect(whys.filter((why) => !why.includes('not asked for')).length).toBeLessThan(40);
    expect(whys.some((why) => /not asked for.*run again/u.test(why))).toBe(true);
    expect(tarpit.seen.length === 0 ? slowAsked : tarpit.seen.length).toBeLessThan(40);
  });
});

function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': DISK.length });
  const timer = setInterval(() => response.write('.'), 20);
  response.once('close', () => clearInterval(timer));
}
