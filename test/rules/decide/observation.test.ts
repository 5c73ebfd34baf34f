import { describe, expect, it } from 'vitest';

import { isReferring, observe, patternKey } from '../../../src/rules/decide/observation.ts';
import { asBoth, asKernel, evidence, type Example, KERNEL_ID, liveKernel, typed } from '../evidence-builder.ts';

const seen = (example: Example = {}) => observe(evidence('raw', 'bare', example));
const key = (example: Example = {}) => patternKey(seen(example));

describe('an observation', () => {
  it('keeps sizes as classes, names as hints and properties as sorted tokens', () => {
    const { size, minDisk, name, tokens } = seen({
      image: { size: 21n * 1024n * 1024n, minDisk: 3, name: 'x.iso' },
      properties: { os_type: 'linux', img_type: 'partition', architecture: 'x86_64' },
    });
    expect([size, minDisk, name]).toEqual(['medium', 'some', 'iso9660']);
    expect([...tokens]).toEqual([
      ['img_type', 'partition'],
      ['os_type', 'set'],
    ]);
  });
  it('takes the words of the shape where there is one', () => {
    const shape = { ...seen(), deleted: true, diskFormat: 'vdi', status: 'killed' };
    expect(observe({ ...evidence('raw', 'bare'), shape })).toMatchObject({
      row: 'deleted',
      diskFormat: 'vdi',
      status: 'killed',
    });
  });
});

describe('the key of a pattern', () => {
  it('is the same for other ids and counts of references', () => {
    expect(key({ kernel: { kind: 'missing', id: 'a' } })).toBe(key({ kernel: { kind: 'missing', id: 'b' } }));
    expect(key({ referencedBy: asKernel })).toBe(key({ referencedBy: { ...asKernel, asKernel: 9 } }));
    expect(key({ image: { id: 'other', owner: 'other', name: 'y' } })).toBe(key());
  });
  it.each<readonly [string, Example]>([
    ['status', { image: { status: 'queued' } }],
    ['row', { image: { deleted: true } }],
    ['size', { image: { size: null } }],
    ['name', { image: { name: 'vmlinuz' } }],
    ['property', { properties: { os_type: 'linux' } }],
    ['lost property', { lost: { image_type: 'snapshot' } }],
    ['kernel', { kernel: { kind: 'missing', id: 'a' } }],
    ['words of the kernel', { kernel: { kind: 'live', id: KERNEL_ID, diskFormat: 'ari', containerFormat: 'ari' } }],
    ['use', { referencedBy: asBoth }],
    ['content', typed('disk', 'raw', 'certain')],
  ])('differs with another %s', (_, example) => {
    expect(new Set([key(), key(liveKernel), key({ referencedBy: asKernel }), key(example)]).size).toBe(4);
  });
  it('keeps words apart that read alike when they are joined', () => {
    const of = (disk: string | null, container: string | null) => patternKey(observe(evidence(disk, container)));
    expect(of('a', 'bc')).not.toBe(of('ab', 'c'));
    expect(of(null, 'x')).not.toBe(of('', 'x'));
  });
});

it('an image is referring if it names an image or is named', () => {
  expect(isReferring(seen())).toBe(false);
  expect(isReferring(seen(liveKernel))).toBe(true);
  expect(isReferring(seen({ ramdisk: { kind: 'deleted', id: 'r' } }))).toBe(true);
  expect(isReferring(seen({ referencedBy: asKernel }))).toBe(true);
});
