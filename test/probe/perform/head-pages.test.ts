import { describe, expect, it } from 'vitest';
import { HEAD_LENGTH } from '../../../src/probe/reading/file-head.ts';
import { perform } from '../../../src/probe/perform/perform.ts';
import { type Reading, readUpTo } from '../../../src/probe/reading/reading.ts';
import type { ByteSource } from '../../../src/probe/reading/source.ts';
import { memorySource } from '../../support/images/memory-source.ts';

function* allOf(places: readonly (readonly [offset: number, length: number])[]): Reading<readonly Uint8Array[]> {
  const given: Uint8Array[] = [];
  // Copied, because a later piece must not disturb an earlier one.
  for (const [offset, length] of places) given.push(new Uint8Array(yield* readUpTo(offset, length)));
  return given;
}

function near(bytes: Uint8Array): ByteSource {
  return { ...memorySource(bytes), distance: 'near' };
}

describe('the head of a near source', () => {
  const bytes = Uint8Array.from({ length: 600_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);

  it('is read as far as it is asked for, each page once, and comes out whole', async () => {
    const source = near(bytes);
    const places = [
      [0, 100],
      [100_000, 8],
      [97_000, 3000],
      [300_000, 70_000],
      [305_000, 10],
    ] as const;
    expect(await perform(allOf(places), source)).toEqual(places.map(([at, length]) => bytes.slice(at, at + length)));
    // 72 KiB; a page; the page before it; eighteen pages; nothing.
    expect(source.cost()).toEqual({ requests: 4, bytes: 73_728 + 4096 + 4096 + 18 * 4096 });
  });

  it('comes as a whole once many pieces of it were asked for, and goes on behind it', async () => {
    const source = near(bytes);
    const places = Array.from({ length: 20 }, (_, index) => [80_000 + index * 20_000, 16] as const);
    const across = [HEAD_LENGTH - 8, 16] as const;
    const given = await perform(allOf([...places, across]), source);
    expect(given).toEqual([...places, across].map(([at, length]) => bytes.slice(at, at + length)));
    expect(source.cost().requests).toBeLessThanOrEqual(7);
  });

  it('ends where the source was cut after its size was reported', async () => {
    const inner = near(bytes.subarray(0, 90_000));
    const source: ByteSource = { ...inner, size: () => bytes.length };
    const given = await perform(
      allOf([
        [0, 100],
        [80_000, 20_000],
        [95_000, 10],
        [HEAD_LENGTH + 10, 10],
      ]),
      source,
    );
    expect(given.map(({ length }) => length)).toEqual([100, 10_000, 0, 0]);
  });
});
