import { setTimeout as wait } from 'node:timers/promises';

import { describe, expect, it, onTestFinished } from 'vitest';

import { mbrDisk } from '../../../scripts/fixtures/payloads/disks.ts';
import { probe } from '../../../src/probe/probe.ts';
import type { ByteSource } from '../../../src/probe/reading/source.ts';
import { createHttpEndpoint } from '../../../src/probe/sources/http/http.ts';
import { createSourceLanes, type SourceLanes } from '../../../src/run/probing/source-lanes.ts';
import { type Answer, httpStore, withRanges } from '../../support/images/http-store.ts';
import { memorySource } from '../../support/images/memory-source.ts';

const DISK = mbrDisk(1);
const FEW = 8;

describe('reads of one lane', () => {
  it('are as many as fixed, which is left to whoever opens the sources', async () => {
    const lanes = createSourceLanes({ kind: 'fixed', reads: 3 });
    expect(lanes.mostOpen).toBe(3);
    expect(await mostAtOnce(lanes, ['a'], 20)).toBe(20);
  });

  it('begin with eight and are never more than the most', async () => {
    expect(await mostAtOnce(createSourceLanes({ kind: 'adaptive', most: 64 }), ['a'], 12)).toBe(FEW);
    expect(await mostAtOnce(createSourceLanes({ kind: 'adaptive', most: 5 }), ['a'], 400)).toBe(5);
  });

  it('wait for none of another', async () => {
    const lanes = createSourceLanes({ kind: 'adaptive', most: 64 });
    const hanging = Array.from({ length: 50 }, () => lanes.read(source('hangs'), () => new Promise<void>(() => {})));
    expect(hanging).toHaveLength(50);
    expect(await lanes.read(source('works'), () => Promise.resolve('done'))).toBe('done');
  });

  it('go on after one that failed', async () => {
    const lanes = createSourceLanes({ kind: 'adaptive', most: 1 });
    await expect(lanes.read(source('a'), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await lanes.read(source('a'), () => Promise.resolve('done'))).toBe('done');
  });
});

describe('a server', () => {
  it('that takes its time over each request is asked for many images at once', async () => {
    const { most } = await serve(600, async (seen, response, nth) => {
      await wait(20);
      withRanges(DISK)(seen, response, nth);
    });
    expect(most).toBeGreaterThanOrEqual(2 * FEW);
  });

  it('that asks for patience is asked for fewer, and every image is read in the end', async () => {
    const bears = 4;
    let underWay = 0;
    let refused = 0;
    const { types } = await serve(400, async (seen, response, nth) => {
      underWay += 1;
      const isTooMuch = underWay > bears;
      await wait(5);
      underWay -= 1;
      if (isTooMuch) {
        refused += 1;
        response.writeHead(503).end();
      } else withRanges(DISK)(seen, response, nth);
    });
    expect(types).toEqual(Array.from({ length: 400 }, () => 'disk'));
    // With eight at once, half of all requests would be refused again and again.
    expect(refused).toBeLessThan(100);
  });
});

interface Served {
  readonly types: readonly (string | null)[];
  /** Requests under way at once. */
  readonly most: number;
}

/** Probes so many images of a server at once as the lanes allow. */
async function serve(images: number, answer: Answer): Promise<Served> {
  let [underWay, most] = [0, 0];
  const store = await httpStore(async (seen, response, nth) => {
    underWay += 1;
    most = Math.max(most, underWay);
    response.once('close', () => (underWay -= 1));
    await answer(seen, response, nth);
  });
  onTestFinished(() => store.close());
  const lanes = createSourceLanes({ kind: 'adaptive', most: 64 });
  const endpoint = createHttpEndpoint({
    onOverload: (lane) => lanes.overloaded(lane),
    retry: { attempts: 50, shortestWaitMs: 5, longestWaitMs: 20 },
  });
  onTestFinished(() => endpoint.close());
  const verdicts = await Promise.all(
    Array.from({ length: images }, (_, index) => {
      const opened = endpoint.open(`${store.origin}/${index}`);
      return lanes.read(opened, () => probe(opened));
    }),
  );
  return { types: verdicts.map(({ imageType }) => imageType), most };
}

/** Most pieces of work under way at once, of `count` on each lane. */
async function mostAtOnce(lanes: SourceLanes, names: readonly string[], count: number): Promise<number> {
  let [underWay, most] = [0, 0];
  const work = async (): Promise<void> => {
    underWay += 1;
    most = Math.max(most, underWay);
    await wait(1);
    underWay -= 1;
  };
  const all = names.flatMap((name) => Array.from({ length: count }, () => lanes.read(source(name), work)));
  await Promise.all(all);
  return most;
}

/** A source that is asked once in each piece of work. */
function source(lane: string): ByteSource {
  let asked = 0;
  return { ...memorySource(DISK), lane, cost: () => ({ requests: (asked += 1), bytes: 0 }) };
}
