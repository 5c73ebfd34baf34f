import { describe, expect, it } from 'vitest';

import { readLostProperties, readProperties } from '../../../src/rules/trace/properties.ts';
import { evidence, liveKernel } from '../evidence-builder.ts';

const shown = (properties: Readonly<Record<string, string | null>>) =>
  readProperties(evidence('raw', 'bare', { properties })).map(({ name, shown: text, countsAs }) => [
    name,
    text,
    countsAs,
  ]);

describe('properties', () => {
  it('are sorted and say what they count as', () => {
    expect(
      shown({
        os_type: 'linux',
        img_type: 'partition',
        base_image_ref: 'abcdef',
        architecture: 'x',
        vmware_disktype: 'thin',
      }),
    ).toEqual([
      ['architecture', 'x', 'nothing'],
      ['base_image_ref', 'abcdef', 'a snapshot mark'],
      ['img_type', 'partition', 'img_type partition'],
      ['os_type', 'linux', 'a hint: meant to boot'],
      ['vmware_disktype', 'thin', 'a flat VMDK perhaps, a finding'],
    ]);
  });
  it('that name an image are references, and placeholders without one', () => {
    expect(readProperties(evidence('raw', 'bare', liveKernel))[0]?.countsAs).toBe('a reference');
    expect(shown({ kernel_id: 'nokernel' })).toEqual([['kernel_id', 'nokernel', 'nothing: a placeholder']]);
  });
  it('are cut after 64 characters and never show an address or a secret', () => {
    expect(shown({ os_type: 'y'.repeat(64) })[0]?.[1]).toBe('y'.repeat(64));
    expect(shown({ os_type: 'y'.repeat(65) })[0]?.[1]).toBe(`${'y'.repeat(64)}…`);
    expect(shown({ image_location: 'swift://u:p@host/x' })[0]?.[1]).toBe(
      '(18 characters, not shown: it may hold an address or a secret)',
    );
    expect(shown({ os_type: 'my Password' })[0]?.[1]).toContain('not shown');
    expect(shown({ os_type: null })[0]?.[1]).toBeNull();
  });
});

it('of lost properties only those of a snapshot count', () => {
  const lost = { image_type: 'snapshot', os_type: 'linux' };
  expect(readLostProperties(evidence('raw', 'bare', { lost })).map(({ countsAs }) => countsAs)).toEqual([
    'a lost snapshot mark',
    'nothing',
  ]);
});
