import { describe, expect, it } from 'vitest';
import {
  isDiskName,
  isImageName,
  isPackage,
  isVirtualDiskName,
  isXenServerName,
  leadsOutside,
  leavesDirectory,
} from '../../../../src/probe/envelopes/members/member-names.ts';

describe('the names of a package', () => {
  it('are disks unless they end like descriptors and texts', () => {
    expect(['a.vmdk', 'disk', 'a.OVF', 'a.mf', 'a.cert', 'a.nvram', 'a.json'].map(isDiskName)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect([isDiskName('a.iso'), isVirtualDiskName('a.ISO'), isVirtualDiskName('a.vmdk')]).toEqual([true, false, true]);
  });
  it('have a descriptor among the first four, or lie in one directory', () => {
    expect(isPackage(['a/1', 'b/2', 'c/3', 'x.ovf'])).toBe(true);
    expect(isPackage(['a/1', 'b/2', 'c/3', 'd/4', 'x.ovf'])).toBe(false);
    expect(isPackage(['a/1', 'a/2', 'a/3', 'a/4', 'a/x.OVF'])).toBe(true);
    expect(isPackage(['a/1', 'a/2'])).toBe(false);
    expect(isPackage([])).toBe(false);
  });
});

it('images have the ending of their format, compressed or not', () => {
  expect(['a.vhd', 'a.vhdx', 'a.qcow2', 'a.img.xz', 'a.RAW.gz'].every(isImageName)).toBe(true);
  expect(['a.txt', 'a.img.txt', 'img', 'a.imgx'].some(isImageName)).toBe(false);
});

it('files of XenServer are numbered, or are called image', () => {
  expect(['0.vhd', '12.vhd', 'image.vhd'].every(isXenServerName)).toBe(true);
  expect(['a.vhd', '0.vhdx', 'x/0.vhd', 'IMAGE.vhd'].some(isXenServerName)).toBe(false);
});

it('a name leaves the directory by its root, by a drive or by going up', () => {
  expect(['/etc/x', '\\x', 'C:\\x', 'c:/x', '../x', 'a/../../x', 'a\\..\\x', '..'].every(leavesDirectory)).toBe(true);
  expect(['a/b', 'a..b', '..a/b', 'a/...', 'c:x'].some(leavesDirectory)).toBe(false);
});

it('a link leads outside by its root, or by going up more often than its own depth', () => {
  expect(leadsOutside('a/b/link', '../../x')).toBe(false);
  expect(leadsOutside('a/b/link', '../../../x')).toBe(true);
  expect(leadsOutside('./a//link', '../x')).toBe(false);
  expect(leadsOutside('link', 'x/../y')).toBe(false);
  expect(leadsOutside('link', 'x/../../y')).toBe(true);
  expect(leadsOutside('link', '/x')).toBe(true);
});
