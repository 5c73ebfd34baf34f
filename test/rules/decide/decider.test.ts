import { describe, expect, it } from 'vitest';

import { asKernel, decide, evidence, liveKernel, rowsOf } from '../evidence-builder.ts';

describe('the shape of a decision', () => {
  it('is shared between images that look alike, and frozen', () => {
    const one = decide(
      evidence('raw', 'bare', {
        image: { id: '1', name: 'a', owner: 'p' },
        properties: { os_type: 'linux', img_type: 'partition' },
      }),
    );
    const two = decide(
      evidence('raw', 'bare', {
        image: { id: '2', name: 'b', owner: 'q' },
        properties: { img_type: 'partition', os_type: 'bsd' },
      }),
    );
    expect(two).toBe(one);
    expect(Object.isFrozen(one) && Object.isFrozen(one.evidence) && Object.isFrozen(one.evidence[0])).toBe(true);
  });
  it('names the rows that took part beside the one that decided', () => {
    expect(rowsOf(decide(evidence('qcow2', 'bare', liveKernel)))).toEqual(['OWN-KERNEL', 'VIRTUAL-DISK']);
  });
});

describe('sharing', () => {
  it('keeps words apart that read alike when written behind each other', () => {
    const details = [
      ['x', 'p1:q'],
      ['x4:p', 'q'],
    ].map(([disk, container]) => {
      const image = evidence(disk ?? '', container ?? '', { referencedBy: asKernel });
      return decide(image).evidence[0]?.detail;
    });
    expect(details).toEqual(['disk_format=x, container_format="p1:q"', 'disk_format="x4:p", container_format=q']);
  });
  it('keeps rows with more different words than it numbers apart, and starts afresh when it holds too many', () => {
    const words = Array.from({ length: 300 }, (_, i) => `word-${i}`);
    const texts = words.map((word) => decide(evidence(word, 'bare')).evidence[0]?.detail);
    expect(texts).toEqual(words.map((word) => `disk_format=${word}, container_format=bare`));
    const first = decide(evidence('raw', 'bare'));
    for (let i = 0; i < 8_001; i += 1) decide(evidence(`odd-${i}`, 'bare'));
    const again = decide(evidence('raw', 'bare'));
    expect(again).toEqual(first);
    expect(again).not.toBe(first);
  });
  it('forgets images that name others, however many there are, and nothing else for them', () => {
    const naming = (index: number) => decide(evidence('ami', 'ami', { kernel: { kind: 'missing', id: `k-${index}` } }));
    const [plain, first] = [decide(evidence('raw', 'bare')), naming(0)];
    expect(naming(0)).toBe(first);
    for (let index = 1; index < 10_000; index += 1) naming(index);
    expect(naming(0)).toEqual(first);
    expect(naming(0)).not.toBe(first);
    expect(decide(evidence('raw', 'bare'))).toBe(plain);
  });
});
