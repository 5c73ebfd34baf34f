import { describe, expect, it } from 'vitest';
import { cachedReads } from '../../../src/probe/perform/range-cache.ts';
import { DEFAULT_BUDGET, type Budget } from '../../../src/probe/reading/budget.ts';
import { HEAD_LENGTH } from '../../../src/probe/reading/file-head.ts';
import type { ByteSource } from '../../../src/probe/reading/source.ts';
import { memorySource } from '../../support/images/memory-source.ts';

const BYTES = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);

function opened(budget: Partial<Budget> = {}, source: ByteSource = memorySource(BYTES)) {
  const read = cachedReads(source, { ...DEFAULT_BUDGET, ...budget }, Buffer.alloc(HEAD_LENGTH));
  return { read, cost: () => source.cost() };
}

it('asks a far source for its whole head at first, and for it once', async () => {
  const { read, cost } = opened();

  expect(await read(100, 4)).toEqual(BYTES.slice(100, 104));
  expect(await read(HEAD_LENGTH - 4, 4)).toEqual(BYTES.slice(HEAD_LENGTH - 4, HEAD_LENGTH));
  expect(cost()).toEqual({ requests: 1, bytes: HEAD_LENGTH });
});

it('reads whole blocks behind the head, from a page on', async () => {
  const { read, cost } = opened();
  await read(0, 1);

  expect(await read(700_000, 10)).toEqual(BYTES.slice(700_000, 700_010));
  expect(await read(696_320, 65_536)).toEqual(BYTES.slice(696_320, 696_320 + 65_536));
  expect(cost()).toEqual({ requests: 2, bytes: HEAD_LENGTH + 65_536 });
});

it('reads exactly the last bytes of a file', async () => {
  const { read, cost } = opened();
  await read(0, 1);

  expect(await read(BYTES.length - 1024, 1024)).toEqual(BYTES.slice(-1024));
  expect(cost()).toEqual({ requests: 2, bytes: HEAD_LENGTH + 1024 });
});

it('joins what was read before with what was not', async () => {
  const { read, cost } = opened();
  await read(0, 1);

  expect(await read(HEAD_LENGTH - 10, 20)).toEqual(Buffer.from(BYTES.slice(HEAD_LENGTH - 10, HEAD_LENGTH + 10)));
  expect(cost().requests).toBe(2);
});

it('gives nothing past the end, and asks for nothing there', async () => {
  const { read, cost } = opened();

  expect(await read(BYTES.length, 10)).toHaveLength(0);
  expect(cost().requests).toBe(0);
});

describe('the budget', () => {
  it('bounds requests', async () => {
    const { read, cost } = opened({ requests: 1 });
    await read(0, 1);

    await expect(read(700_000, 1)).rejects.toMatchObject({ reason: 'budget', message: '1 requests were made' });
    expect(await read(5, 1)).toEqual(BYTES.slice(5, 6));
    expect(cost().requests).toBe(1);
  });

  it('bounds bytes before they are read', async () => {
    const { read, cost } = opened({ bytes: HEAD_LENGTH + 65_535 });
    await read(0, 1);

    await expect(read(700_000, 1)).rejects.toMatchObject({ reason: 'budget' });
    expect(cost().bytes).toBe(HEAD_LENGTH);
  });

  it('is charged for a near source as for a far one, whatever was read', async () => {
    const near = { ...memorySource(BYTES), distance: 'near' } as const;
    const { read, cost } = opened({ bytes: HEAD_LENGTH + 65_535 }, near);
    await read(0, 1);

    await expect(read(700_000, 1)).rejects.toMatchObject({ reason: 'budget' });
    expect(cost().bytes).toBeLessThan(HEAD_LENGTH);
  });
});
