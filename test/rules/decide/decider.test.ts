import { describe, expect, it } from 'vitest';

import type { RowShape } from '../../../src/model/image.ts';
import { shapeOf } from '../../../src/rules/decide/observation.ts';
import { asKernel, decide, evidence, type Example, liveKernel, rowsOf } from '../evidence-builder.ts';

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
  it('starts afresh when it holds too many patterns', () => {
    const first = decide(evidence('raw', 'bare'));
    for (let i = 0; i < 8_001; i += 1) decide(evidence(`odd-${i}`, 'bare'));
    const again = decide(evidence('raw', 'bare'));
    expect(again).toEqual(first);
    expect(again).not.toBe(first);
  });
  it('gives each image that names others its own ids, however many there are, and keeps all other decisions', () => {
    const naming = (index: number) => decide(evidence('ami', 'ami', { kernel: { kind: 'missing', id: `k-${index}` } }));
    const plain = decide(evidence('raw', 'bare'));
    for (let index = 0; index < 10_000; index += 1) {
      expect(naming(index).evidence[1]).toEqual({ kind: 'property', detail: `kernel_id=k-${index} (missing)` });
    }
    expect(Object.isFrozen(naming(0)) && Object.isFrozen(naming(0).evidence)).toBe(true);
    expect(decide(evidence('raw', 'bare'))).toBe(plain);
  });
});

describe('images read by their shape', () => {
  const shape = shapeOf(evidence('raw', 'bare').image);
  const other = shapeOf(evidence('qcow2', 'bare').image);
  const shaped = (of: RowShape, example: Example = {}) => ({ ...evidence('raw', 'bare', example), shape: of });

  it('share the decision of the same image read in full', () => {
    expect(decide(shaped(shape))).toBe(decide(evidence('raw', 'bare')));
    expect(decide(shaped(shape))).toBe(decide(shaped(shape)));
  });
  it('are told apart by shape, name and properties', () => {
    const partition = { properties: { img_type: 'partition' } };
    const named = { image: { name: 'vmlinuz-6.1' } };
    expect(rowsOf(decide(shaped(other)))).toEqual(['VIRTUAL-DISK']);
    expect(rowsOf(decide(shaped(shape, partition)))).toEqual(['IMG-PARTITION', 'RAW']);
    expect(decide(shaped(shape, named))).toMatchObject({ candidates: [{ imageType: 'kernel' }, {}, {}, {}, {}, {}] });
    expect(decide(shaped(shape))).toMatchObject({ candidates: [{ imageType: 'disk' }, {}, {}, {}, {}, {}] });
  });
});
