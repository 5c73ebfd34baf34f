import { describe, expect, it } from 'vitest';

import { mbrDisk } from '../../../scripts/fixtures/payloads/disks.ts';
import { type ByteSource, SourceFailure } from '../../../src/probe/reading/source.ts';
import { probeSources } from '../../../src/run/probing/probe-sources.ts';
import { createSourceLanes } from '../../../src/run/probing/source-lanes.ts';
import { memorySource } from '../../support/images/memory-source.ts';

const DISK = mbrDisk(1);

function parts(open: (name: string) => Promise<ByteSource>, stop = (): boolean => false) {
  const lanes = createSourceLanes({ kind: 'fixed', reads: 3 });
  return { open, label: (name: string) => `shown ${name}`, lanes, stop: { requested: stop } };
}

async function all(names: Iterable<string>, given: ReturnType<typeof parts>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { source, content } of probeSources(names, given)) found.push(`${source} ${content.kind}`);
  return found;
}

describe('probeSources', () => {
  it('yields in the order of the names, whichever answers first', async () => {
    const open = async (name: string): Promise<ByteSource> => {
      for (let turns = Number(name) % 3; turns > 0; turns -= 1) await new Promise(setImmediate);
      return { ...memorySource(DISK), label: name };
    };
    const names = Array.from({ length: 20 }, (_, index) => String(20 - index));
    expect(await all(names, parts(open))).toEqual(names.map((name) => `${name} read`));
  });

  it('says of a name that cannot be opened why, without the name itself', async () => {
    const open = async (name: string): Promise<ByteSource> =>
      name === 'bad'
        ? Promise.reject(new SourceFailure('refused'))
        : Promise.resolve({ ...memorySource(DISK), label: name });
    expect(await all(['a', 'bad', 'b'], parts(open))).toEqual(['a read', 'shown bad unread', 'b read']);
  });

  it('closes every source, and yields nothing behind a stop', async () => {
    let closed = 0;
    const open = async (): Promise<ByteSource> => {
      const close = async (): Promise<void> => Promise.resolve(void (closed += 1));
      return Promise.resolve({ ...memorySource(DISK), close });
    };
    await all(['a', 'b'], parts(open));
    expect(closed).toBe(2);
    expect(
      await all(
        ['a', 'b'],
        parts(open, () => true),
      ),
    ).toEqual([]);
  });

  it('throws what is no failure of a source', async () => {
    await expect(
      all(
        ['a'],
        parts(async () => Promise.reject(new Error('a bug'))),
      ),
    ).rejects.toThrow('a bug');
  });
});
