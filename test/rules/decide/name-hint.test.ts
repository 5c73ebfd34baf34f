import { expect, it } from 'vitest';

import { nameHint } from '../../../src/rules/decide/name-hint.ts';

it.each([
  ['vmlinuz-6.1.0', 'kernel'],
  ['Ubuntu-KERNEL', 'kernel'],
  ['kernel-5', 'kernel'],
  ['aki-1234', 'kernel'],
  ['initrd.img', 'ramdisk'],
  ['initramfs-6.1', 'ramdisk'],
  ['ari 7', 'ramdisk'],
  ['debian-12-netinst', 'iso9660'],
  ['CentOS-7.ISO', 'iso9660'],
  ['windows dvd', 'iso9660'],
  ['rootfs.img', 'filesystem'],
  ['centos.ext4', 'filesystem'],
  ['initrd of vmlinuz', 'ramdisk'],
])('%s looks like a %s', (name, hint) => {
  expect(nameHint(name)).toBe(hint);
});

it.each([null, '', 'Debian 12', 'takin', 'aria', 'isolated', 'centos.ext44', `${'x'.repeat(255)}.iso`])(
  '%s looks like nothing',
  (name) => {
    expect(nameHint(name)).toBeNull();
  },
);
