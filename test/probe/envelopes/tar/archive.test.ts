import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isDockerArchive } from '../../../../src/probe/envelopes/tar/archive.ts';
import { walkTar } from '../../../../src/probe/envelopes/tar/member.ts';
import { perform } from '../../../../src/probe/perform/perform.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import type { Reading } from '../../../../src/probe/reading/reading.ts';
import { memorySource } from '../../../support/images/memory-source.ts';
import { tarOf, type MadeMember } from '../support/tar.ts';
import { disk, judged, noise } from '../support/judged.ts';

async function isImage(...members: readonly MadeMember[]): Promise<boolean> {
  const bytes = tarOf(...members);
  const reading = function* (): Reading<boolean> {
    const walked = yield* walkTar({ head: fieldsOf(bytes), size: bytes.length });
    return yield* isDockerArchive(walked.members);
  };
  return perform(reading(), memorySource(bytes));
}

const HEX = '0123456789abcdef'.repeat(4);

describe('an image of a container', () => {
  it('has a manifest with layers', async () => {
    expect(await isImage({ name: 'manifest.json', data: '[{"Layers":["layer.tar"]}]' })).toBe(true);
    for (const data of ['[{"Layers":[]}]', '[{"Layers":[5]}]', '{"Layers":["x"]}', '[null]', '[{', '']) {
      expect(await isImage({ name: 'manifest.json', data }), data).toBe(false);
    }
    expect(await isImage({ name: 'x/manifest.json', data: '[{"Layers":["layer.tar"]}]' })).toBe(false);
  });
  it('has a layout of the OCI, with its version or an index', async () => {
    expect(await isImage({ name: 'oci-layout', data: '{"imageLayoutVersion":"1.0.0"}' })).toBe(true);
    expect(await isImage({ name: 'oci-layout', data: '{}' })).toBe(false);
    expect(await isImage({ name: 'oci-layout', data: '{}' }, { name: 'index.json', data: '{}' })).toBe(true);
  });
  it('has the config and a layer of kaniko', async () => {
    expect(await isImage({ name: `sha256:${HEX}`, data: '{}' }, { name: `${HEX}.tar.gz`, data: 'x' })).toBe(true);
    expect(await isImage({ name: `sha256:${HEX}`, data: '{}' })).toBe(false);
    expect(await isImage({ name: `${HEX}.tar.gz`, data: 'x' })).toBe(false);
  });
  it('is not known by the directories of a root file system', async () => {
    expect(await isImage({ name: 'etc/', type: '5' }, { name: 'usr/', type: '5' })).toBe(false);
  });
  it('has no manifest that is longer than any', async () => {
    const data = `[{"Layers":["layer.tar"]}]${' '.repeat(256 * 1024)}`;
    expect(await isImage({ name: 'manifest.json', data })).toBe(false);
  });
});

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
