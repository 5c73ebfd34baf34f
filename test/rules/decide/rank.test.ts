import { describe, expect, it } from 'vitest';

import type { Decision } from '../../../src/model/decision.ts';
import { decide as decideUnseen, evidence, type Example, liveKernel, outcomeText } from '../evidence-builder.ts';

function decide(disk: string | null, container: string | null, example: Example = {}): Decision {
  return decideUnseen(evidence(disk, container, example));
}
function outcome(disk: string | null, container: string | null, example: Example = {}): string {
  return outcomeText(decide(disk, container, example));
}
const prop = (name: string, value: string): Example => ({ properties: { [name]: value } });
const withKernel = (properties: Record<string, string>): Example => ({
  ...liveKernel,
  properties: { ...liveKernel.properties, ...properties },
});

describe('weak hints (E10 to E14)', () => {
  const first = (example: Example) => outcome('raw', 'bare', example).split(' ')[1];
  const GIB = 1_073_741_824n;
  it.each([
    ['vmlinuz-5.10', 'kernel/raw'],
    ['cirros-kernel', 'kernel/raw'],
    ['aki-tty', 'kernel/raw'],
    ['initrd.img', 'ramdisk/raw'],
    ['cirros-ramdisk', 'ramdisk/raw'],
    ['debian-netinst', 'iso9660/raw'],
    ['Windows.ISO', 'iso9660/raw'],
    ['my-rootfs', 'filesystem/raw'],
    ['Safari takes pictures', 'disk/raw'],
  ])('the name %s puts %s first', (name, expected) => {
    expect(first({ image: { name } })).toBe(expected);
  });
  it('properties move candidates and are shown', () => {
    expect(first(prop('root_device_name', '/dev/sda1'))).toBe('filesystem/raw');
    expect(first(prop('root_device_name', '/dev/vda'))).toBe('disk/raw');
    expect(first(prop('hw_rescue_device', 'cdrom'))).toBe('iso9660/raw');
    expect(first(prop('mappings', '[{"virtual": "ami", "device": "sda1"}]'))).toBe('filesystem/raw');
    expect(outcome('ami', 'ami', prop('root_device_name', 'vda'))).toBe('ambiguous disk/raw | filesystem/raw');
    const { evidence, findings } = decide('raw', 'bare', prop('image_location', 'http://u:secret@h/win.iso'));
    expect(evidence).toContainEqual({ kind: 'property', detail: 'image_location looks like an ISO file' });
    expect([JSON.stringify(evidence).includes('secret'), findings]).toEqual([false, []]);
  });
  it('large images are put behind as kernels and ramdisks', () => {
    const big = 'ambiguous disk/raw | filesystem/raw | iso9660/raw | other/raw | kernel/raw | ramdisk/raw';
    expect(outcome('raw', 'bare', { image: { size: GIB } })).toBe(big);
    expect(outcome('qcow2', 'aki', { image: { size: GIB } })).toBe('ambiguous disk/qcow2 | kernel/qcow2');
  });
  it('never decide, never change the set of candidates, and leave decided rows alone', () => {
    const all = {
      image: { name: 'x.iso', size: GIB, minDisk: 5 },
      properties: { os_distro: 'debian', hw_rescue_device: 'cdrom' },
    };
    const sorted = (text: string) => text.replace('ambiguous ', '').split(' | ').toSorted();
    expect(sorted(outcome('raw', 'bare', all))).toEqual(sorted(outcome('raw', 'bare')));
    expect(outcome(null, null, all)).toBe('unmappable -');
    expect(decide('qcow2', 'bare', all).evidence.map((line) => line.kind)).toEqual(['tuple']);
  });
  it('do not change the order of a contradiction', () => {
    const hinted = withKernel({ img_type: 'whole-disk', root_device_name: '/dev/vda' });
    expect(outcome('raw', 'bare', hinted)).toBe('ambiguous filesystem/raw | disk/raw');
  });
});
