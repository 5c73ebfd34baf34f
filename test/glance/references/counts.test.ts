import { describe, expect, it } from 'vitest';

import { createReferenceCounts } from '../../../src/glance/references/counts.ts';

describe('counts of references', () => {
  it('tell kernel from ramdisk, and keep the first image that names each', () => {
    const counts = createReferenceCounts();
    counts.add(3, 'kernel', 'first');
    counts.add(3, 'kernel', 'second');
    counts.add(3, 'ramdisk', 'second');
    expect(counts.of(3)).toEqual({ asKernel: 2, asRamdisk: 1, sampleKernelOf: 'first', sampleRamdiskOf: 'second' });
    expect([counts.of(2), counts.of(-1), counts.of(99_999)]).toEqual([null, null, null]);
  });

  it('hold any number of images, in the order met', () => {
    const counts = createReferenceCounts();
    const targets = Array.from({ length: 600 }, (_, index) => 5_000 - index * 7);
    for (const target of targets) counts.add(target, 'ramdisk', `of ${target}`);
    expect(counts.size).toBe(600);
    expect([...counts.targets()]).toEqual(targets);
    for (const target of targets) expect(counts.of(target)?.sampleRamdiskOf).toBe(`of ${target}`);
  });
});
