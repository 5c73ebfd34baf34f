import { describe, expect, it } from 'vitest';

import { createPatience } from '../../../../src/probe/sources/http/patience.ts';

const GROUP = { name: 'a server', most: 3 };

describe('patience with a group', () => {
  it('is spent by several images that took too long, of this group alone', () => {
    const patience = createPatience(() => 0);
    for (const spent of [false, false, true]) {
      patience.ended(GROUP, 'late');
      expect(patience.isSpent(GROUP)).toBe(spent);
    }
    expect(patience.isSpent({ ...GROUP, name: 'another' })).toBe(false);
  });

  it('lasts where most images are answered for', () => {
    const patience = createPatience(() => 0);
    for (let image = 0; image < 1_000; image += 1) patience.ended(GROUP, image % 10 < 3 ? 'late' : 'answered');
    expect(patience.isSpent(GROUP)).toBe(false);
  });

  it('asks for one image a minute later, and for all once that is answered for', () => {
    let now = 0;
    const patience = createPatience(() => now);
    for (let image = 0; image < 64; image += 1) patience.ended(GROUP, 'late');
    expect(patience.isSpent(GROUP)).toBe(true);
    now = 60_000;
    expect([patience.isSpent(GROUP), patience.isSpent(GROUP)]).toEqual([false, true]);
    patience.ended(GROUP, 'answered');
    expect(patience.isSpent(GROUP)).toBe(false);
  });
});
