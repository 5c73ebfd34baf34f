import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { disk, judged, noise } from '../support/judged.ts';
import { tarOf, type MadeMember } from '../support/tar.ts';

const DESCRIPTOR: MadeMember = { name: 'vm.ovf', data: '<Envelope/>' };
const DISK: MadeMember = { name: 'disk.img', data: disk() };

describe('a tar archive', () => {
  it.each([
    ['a package with its disk', [DESCRIPTOR, DISK], 'disk/raw/ova likely'],
    [
      'a package whose disk is not known',
      [DESCRIPTOR, { name: 'd.img', data: noise(40_000) }],
      '-/raw/ova undetermined',
    ],
    ['a package with nothing else', [DESCRIPTOR], 'other/raw/ova likely'],
    ['a disk without a descriptor', [DISK], 'other/raw/- likely'],
    ['a text', [{ name: 'text', data: 'words\n' }], 'other/raw/- likely'],
    ['an image of a container', [{ name: 'manifest.json', data: '[{"Layers":["l"]}]' }], 'other/raw/docker certain'],
  ] as const)('that holds %s', async (_, members, line) => {
    expect(await judged(tarOf(...members))).toBe(line);
  });
  it('in gzip has an envelope of its own', async () => {
    expect(await judged(gzipSync(tarOf(DISK)))).toBe('disk/raw/tgz likely');
    expect(await judged(gzipSync(tarOf({ name: 'noise', data: noise(40_000) })))).toBe('-/raw/tgz undetermined');
  });
  it('takes an ISO image of a package for its disk only where there is no other', async () => {
    const iso: MadeMember = { name: 'boot.iso', data: noise(40_000) };
    expect(await judged(tarOf(DESCRIPTOR, iso, DISK))).toBe('disk/raw/ova likely');
    expect(await judged(tarOf(DESCRIPTOR, iso))).toBe('-/raw/ova undetermined');
  });
  it('whose last member is longer than the file was cut', async () => {
    const whole = tarOf(DESCRIPTOR, DISK);
    expect(await judged(whole.subarray(0, -2048))).toBe('disk/raw/ova likely TRUNCATED');
  });
});

describe('dangers of unpacking', () => {
  const text: MadeMember = { name: 'text', data: 'words\n' };
  const codes = async (...members: readonly MadeMember[]): Promise<string> =>
    (await judged(tarOf(...members))).split(' ').slice(2).join(' ');
  it('names and hard links that leave the directory', async () => {
    expect(await codes({ ...text, name: '../text' })).toBe('UNSAFE_MEMBER');
    expect(await codes(text, { name: 'link', type: '1', link: '/etc/passwd' })).toBe('UNSAFE_MEMBER');
    expect(await codes(text, { name: 'link', type: '1', link: 'text' })).toBe('');
  });
  it('symbolic links out of it are noted, and an attack where something is written through them', async () => {
    const link: MadeMember = { name: 'dir', type: '2', link: '/etc' };
    expect(await codes(text, link)).toBe('LINK_OUTSIDE');
    expect(await codes(link, { ...text, name: 'dir/text' })).toBe('UNSAFE_MEMBER');
    expect(await codes(text, { ...link, name: 'disk.img' })).toBe('UNSAFE_MEMBER');
    expect(await codes(text, { ...link, link: 'text' })).toBe('');
  });
  it('symbolic links out of it are an attack beside a disk', async () => {
    expect(await codes(DESCRIPTOR, DISK, { name: 'dir', type: '2', link: '../x' })).toBe('UNSAFE_MEMBER');
  });
});
