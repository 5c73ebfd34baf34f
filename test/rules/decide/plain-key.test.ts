import { describe, expect, it } from 'vitest';

import { createPlainKey } from '../../../src/rules/decide/plain-key.ts';
import { asKernel, evidence, type Example } from '../evidence-builder.ts';

const KERNEL = { kind: 'missing', id: 'k' } as const;

describe('the plain key', () => {
  it('is the sum of the weights of the tokens, times five, plus the number of the name', () => {
    const key = createPlainKey();
    const of = (example: Example) => key(evidence('raw', 'bare', example));
    expect(of({})).toBe(0);
    expect(of({ image: { name: 'vmlinuz' } })).toBe(1);
    expect(of({ properties: { os_type: 'linux' } })).toBe(1 * 5);
    expect(of({ properties: { img_type: 'partition' } })).toBe(2 * 5);
    expect(of({ properties: { img_type: 'whole-disk' } })).toBe(4 * 5);
    expect(of({ properties: { img_type: 'partition', os_type: 'bsd' } })).toBe((1 + 2) * 5);
    expect(of({ properties: { os_type: 'bsd', img_type: 'partition' } })).toBe((1 + 2) * 5);
    expect(of({ properties: { os_type: 'bsd' }, image: { name: 'centos.iso' } })).toBe(1 * 5 + 4);
  });
  it('does not count properties that say nothing', () => {
    expect(createPlainKey()(evidence('raw', 'bare', { properties: { os_type: 'None', architecture: 'x86_64' } }))).toBe(
      0,
    );
  });
  it.each<readonly [string, Example]>([
    ['names a kernel', { kernel: KERNEL }],
    ['names a ramdisk', { ramdisk: KERNEL }],
    ['is named by another image', { referencedBy: asKernel }],
    ['lost properties', { lost: { image_type: 'snapshot' } }],
    ['was read', { content: { kind: 'unread', why: 'gone' } }],
  ])('is null for an image that %s', (_, example) => {
    expect(createPlainKey()(evidence('raw', 'bare', example))).toBeNull();
  });
});
