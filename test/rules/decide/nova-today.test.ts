import { describe, expect, it } from 'vitest';

import { type NovaView, novaToday } from '../../../src/rules/decide/nova-today.ts';

const row: NovaView = {
  diskFormat: 'raw',
  containerFormat: 'bare',
  kernel: 'absent',
  ramdisk: 'absent',
  usedAs: 'nothing',
  payload: 'bytes',
  content: null,
};

describe('what Nova does today', () => {
  it.each<[Partial<NovaView>, string]>([
    [{ kernel: 'live' }, 'boot-with-kernel'],
    [{ kernel: 'live', diskFormat: 'iso' }, 'boot-with-kernel'],
    [{ kernel: 'missing' }, 'refuse'],
    [{ kernel: 'deleted' }, 'refuse'],
    [{ kernel: 'live', ramdisk: 'missing' }, 'refuse'],
    [{ diskFormat: 'iso' }, 'attach-cdrom'],
    [{ diskFormat: 'aki', usedAs: 'kernel' }, 'use-as-kernel'],
    [{ diskFormat: 'ari', usedAs: 'ramdisk' }, 'use-as-ramdisk'],
    [{ kernel: 'live', usedAs: 'kernel' }, 'boot-with-kernel'],
    [{ payload: 'volumes', diskFormat: null }, 'boot-disk'],
    [{ payload: 'none' }, 'refuse'],
  ])('%j: %s', (view, expected) => {
    expect(novaToday({ ...row, ...view })).toBe(expected);
  });

  it.each(['raw', 'qcow2', 'vhd', 'vhdx', 'vmdk', 'vdi', 'gpt', 'luks', 'ami', 'aki', 'ari'])(
    'boots %s',
    (diskFormat) => {
      expect(novaToday({ ...row, diskFormat })).toBe('boot-disk');
    },
  );
  it.each(['ploop', 'qcow', 'cow', 'qed', 'RAW', 'vpc', '', null])('refuses %s', (diskFormat) => {
    expect(novaToday({ ...row, diskFormat })).toBe('refuse');
  });
  it.each(['ova', 'docker', 'compressed', 'tgz'])(
    'refuses a disk word inside %s, but for raw and ami',
    (containerFormat) => {
      expect(novaToday({ ...row, diskFormat: 'qcow2', containerFormat })).toBe('refuse');
      expect(novaToday({ ...row, diskFormat: 'raw', containerFormat })).toBe('boot-disk');
      expect(novaToday({ ...row, diskFormat: 'ami', containerFormat })).toBe('boot-disk');
    },
  );
  it("refuses XenServer's tar.gz", () => {
    expect(novaToday({ ...row, diskFormat: 'vhd', containerFormat: 'ovf' })).toBe('refuse');
  });
});
