import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { type ByteSource, SourceFailure } from '../../../src/probe/reading/source.ts';
import { type OpenImage } from '../../../src/run/probing/content-reader.ts';
import type { LookInside } from '../../../src/run/context/context.ts';
import type { ProbeMode } from '../../../src/run/context/run-inputs.ts';
import { createLookInside } from '../../../src/run/probing/probing.ts';
import { decide, evidence } from '../../rules/evidence-builder.ts';
import { DISK, image, opening, readerOver } from './support/content.ts';
import { memorySource } from '../../support/images/memory-source.ts';

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
