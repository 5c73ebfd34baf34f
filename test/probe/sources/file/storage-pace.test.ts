import { describe, expect, it } from 'vitest';

import {
  FIRST_PACE,
  isQuick,
  paceAfter,
  paceAfterFile,
  type Pace,
} from '../../../../src/probe/sources/file/storage-pace.ts';

function after(pace: Pace, milliseconds: number, calls: number): Pace {
  let now = pace;
  for (let call = 0; call < calls; call += 1) now = paceAfter(now, milliseconds);
  return now;
}

describe('the pace of a disk', () => {
  it('is quick at first, and stays so while calls take less than half a millisecond', () => {
    expect(isQuick(FIRST_PACE)).toBe(true);
    expect(isQuick(after(FIRST_PACE, 0.45, 10_000))).toBe(true);
  });

  it.each([1, 8, 60_000])('is slow after a few calls of %d ms', (milliseconds) => {
    expect(isQuick(after(FIRST_PACE, milliseconds, 16))).toBe(false);
  });

  it('is not slow for one call that had to wait, however long', () => {
    expect(isQuick(after(after(FIRST_PACE, 0.02, 20), 60_000, 1))).toBe(true);
  });

  it('is tried again after many files, and slow at once if it still is', () => {
    let pace = after(FIRST_PACE, 8, 16);
    let files = 0;
    while (!isQuick(pace)) {
      pace = paceAfterFile(pace);
      files += 1;
    }
    expect(files).toBe(256);
    expect(isQuick(after(pace, 8, 16))).toBe(false);
  });

  it('is not judged by calls on files that were opened before it was slow', () => {
    const slow = after(FIRST_PACE, 8, 16);
    expect(paceAfter(slow, 0)).toBe(slow);
  });
});
