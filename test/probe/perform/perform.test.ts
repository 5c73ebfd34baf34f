import { describe, expect, test } from 'vitest';
import { perform } from '../../../src/probe/perform/perform.ts';
import { expand, Unreadable, readUpTo, type Reading } from '../../../src/probe/reading/reading.ts';
import { memorySource } from '../../support/images/memory-source.ts';

function* readAll(places: readonly (readonly [number, number])[]): Reading<readonly Uint8Array[]> {
  const answers: Uint8Array[] = [];
  for (const [offset, length] of places) answers.push(yield* readUpTo(offset, length));
  return answers;
}

describe('reading', () => {
  const BYTES = Uint8Array.from({ length: 2_000_000 }, (_, index) => index % 251);

  test('the same bytes are asked for once, whatever lies between', async () => {
    const source = memorySource(BYTES);
    await perform(
      readAll([
        [0, 100],
        [524_200, 200],
        [524_200, 200],
        [400, 8],
        [600_000, 10],
      ]),
      source,
    );
    expect(source.cost()).toEqual({ requests: 2 + 1, bytes: 524_288 + 65_536 * 2 });
  });

  test('answers are what the file holds', async () => {
    const places: readonly (readonly [number, number])[] = [
      [0, 10],
      [524_280, 100],
      [1_999_990, 10],
      [1_999_990, 100],
      [3_000_000, 5],
      [700_001, 70_000],
      [690_000, 90_000],
    ];
    for (const size of ['known', 'unknown'] as const) {
      const source = memorySource(BYTES);
      const answers = await perform(readAll(places), size === 'known' ? source : { ...source, size: () => null });
      for (const [index, [offset, length]] of places.entries()) {
        expect(Buffer.compare(answers[index] ?? BYTES, BYTES.subarray(offset, offset + length))).toBe(0);
      }
    }
  });

  test('no parser is handed a Buffer, whose slices are no copies', async () => {
    const [answer] = await perform(readAll([[0, 4]]), {
      ...memorySource(BYTES),
      read: () => Promise.resolve(Buffer.from(BYTES)),
    });
    expect(Buffer.isBuffer(answer)).toBe(false);
  });

  test('decompression has a budget of its own', async () => {
    const bomb = function* bomb(): Reading<number> {
      for (let count = 0; ; count += 1) {
        try {
          yield* expand('lz4-legacy', Uint8Array.of(2, 0x21, 0x4c, 0x18, 2, 0, 0, 0, 0x10, 0x41), 1 << 20);
        } catch (error) {
          return error instanceof Unreadable && error.reason === 'budget' ? count : -1;
        }
      }
    };
    expect(await perform(bomb(), memorySource(BYTES))).toBe(3);
  });
});
