import { describe, expect, it } from 'vitest';
import { answeredBy, FIRST_STEP, ofPlaintext, within, type Plaintext } from '../../../src/probe/reading/layer.ts';
import { attempted, readUpTo, Unreadable, type Ask, type Reading } from '../../../src/probe/reading/reading.ts';
import { readOver } from '../reading-over.ts';

const FILE = Uint8Array.from({ length: 100 }, (_, index) => index);

describe('bytes inside a file', () => {
  it('begin at their base', () => {
    expect(readOver(FILE, within(readUpTo(3, 4), 20, 50))).toEqual({ value: FILE.slice(23, 27), asked: [[23, 4]] });
  });

  it('end at their size, though the file goes on', () => {
    expect(readOver(FILE, within(readUpTo(8, 4), 20, 10)).value).toEqual(FILE.slice(28, 30));
    expect(readOver(FILE, within(readUpTo(10, 4), 20, 10))).toEqual({ value: new Uint8Array(0), asked: [] });
  });
});

it('throws what an answer throws into the reading, which may go on', () => {
  const refusing = function* refusing(): Reading<Uint8Array> {
    yield* readUpTo(0, 1);
    throw new Unreadable('budget', 'no more');
  };

  expect(readOver(FILE, answeredBy(attempted(readUpTo(5, 5)), refusing)).value).toBeNull();
  expect(() => readOver(FILE, answeredBy(readUpTo(5, 5), refusing))).toThrow('no more');
});

describe('a plaintext', () => {
  const WHOLE = Uint8Array.from({ length: 2 * 1024 * 1024 }, (_, index) => (index >> 8) & 0xff);
  const opened: Plaintext = {
    compression: 'gzip',
    input: new Uint8Array(1),
    first: WHOLE.subarray(0, FIRST_STEP),
    end: null,
  };

  /** Answers requests for plaintext, and notes to where it was expanded. */
  function expanded<T>(reading: Reading<T>): { readonly value: T; readonly limits: readonly number[] } {
    const limits: number[] = [];
    let step = reading.next();
    while (step.done !== true) {
      const ask: Ask = step.value;
      if (ask.kind !== 'expand' || ask.wanted !== 'range') throw new Error('only ranges are expected');
      limits.push(ask.limit);
      step = reading.next(WHOLE.subarray(ask.from, ask.limit));
    }
    return { value: step.value, limits };
  }

  it('is not expanded again for its beginning', () => {
    expect(expanded(ofPlaintext(readUpTo(100, 1000), opened))).toEqual({ value: WHOLE.slice(100, 1100), limits: [] });
  });

  it('is expanded in steps, each once', () => {
    function* twice(): Reading<number> {
      const pieces = [yield* readUpTo(0, FIRST_STEP + 1), yield* readUpTo(FIRST_STEP, 100)];
      return pieces.reduce((sum, { length }) => sum + length, 0);
    }
    expect(expanded(ofPlaintext(twice(), opened))).toEqual({ value: FIRST_STEP + 101, limits: [576 * 1024] });
  });

  it('has no random access behind the last step', () => {
    expect(() => expanded(ofPlaintext(readUpTo(1024 * 1024, 10), opened))).toThrow(Unreadable);
    expect(expanded(ofPlaintext(attempted(readUpTo(1024 * 1024 - 5, 10)), opened)).value).toBeNull();
  });

  it('whose end was read has its last bytes without another expansion', () => {
    const end = { size: WHOLE.length, tail: WHOLE.subarray(-1024) };
    const read = expanded(ofPlaintext(readUpTo(WHOLE.length - 10, 50), { ...opened, end }));
    expect(read).toEqual({ value: WHOLE.slice(-10), limits: [] });
  });
});
