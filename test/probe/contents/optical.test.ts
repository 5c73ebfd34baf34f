import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasIsoDescriptor, recogniseContent } from '../../../src/probe/contents/recognise.ts';
import { installed, run, tree, workplace } from './support/real-tools.ts';
import { fileWindow } from './support/file-window.ts';
import { be, le, type Patch, patched, verdictOf, windowOf } from './support/windows.ts';

const directory = workplace();
const files = tree(directory);
cpSync(installed('isolinux'), join(files, 'isolinux.bin'));
const image = join(directory, 'image.iso');

function disc(...args: readonly string[]): ReturnType<typeof fileWindow> {
  run('genisoimage', ['-quiet', ...args, '-o', image, files]);
  return fileWindow(image);
}

const BOOTABLE = ['-b', 'isolinux.bin', '-no-emul-boot', '-boot-load-size', '4', '-boot-info-table'] as const;

function hybrid(...args: readonly string[]): ReturnType<typeof fileWindow> {
  const mbr = ['-isohybrid-mbr', installed('isohybridMbr')];
  run('xorriso', ['-as', 'mkisofs', '-quiet', '-o', image, ...mbr, ...BOOTABLE, ...args, files]);
  return fileWindow(image);
}

function detailsOf(window: ReturnType<typeof fileWindow>): readonly string[] {
  const content = recogniseContent(window);
  return content.kind === 'typed' ? content.evidence.map(({ detail }) => detail) : [];
}

describe('optical discs of real tools', () => {
  it.each([
    ['plain', []],
    ['Rock Ridge and Joliet', ['-R', '-J']],
    ['HFS beside it', ['-hfs']],
    ['El Torito', [...BOOTABLE]],
  ])('%s', (_, args) => {
    const window = disc(...args);
    expect(verdictOf(window)).toBe('iso9660 certain ISO 9660');
    expect(recogniseContent(window)).toMatchObject({ safety: [], alsoReadAs: [] });
    expect(hasIsoDescriptor(window)).toBe(true);
  });
  it('UDF bridge: the root directory lies behind the window', () => {
    expect(verdictOf(disc('-udf'))).toBe('iso9660 likely ISO 9660');
    expect(detailsOf(disc('-udf'))).toContain('UDF beside ISO 9660');
  });
  it('of another program', () => {
    run('makefs', ['-t', 'cd9660', image, files]);
    expect(verdictOf(fileWindow(image))).toBe('iso9660 certain ISO 9660');
  });
  it('hybrid with an MBR that covers the disc', () => {
    expect(verdictOf(hybrid())).toBe('iso9660 certain ISO 9660');
    expect(detailsOf(hybrid())).toContain('hybrid disc: a partition table that covers the disc');
    expect(detailsOf(hybrid())).toContain('El Torito boot record');
  });
  it('hybrid with an MBR and a GPT', () => {
    const window = hybrid('-eltorito-alt-boot', '-e', 'data', '-no-emul-boot', '-isohybrid-gpt-basdat');
    expect(recogniseContent(window)).toMatchObject({ kind: 'typed', imageType: 'iso9660', safety: [] });
    expect(detailsOf(window).some((detail) => detail.includes('MBR'))).toBe(true);
  });
});

describe('a volume descriptor', () => {
  const broken: readonly (readonly [string, Patch])[] = [
    ['of another type', [32_768, [2]]],
    ['of another version', [32_774, [2]]],
    ['whose sizes differ', [32_768 + 84, [1]]],
    ['whose block sizes differ', [32_768 + 130, [1]]],
    ['without a size', [32_768 + 80, [0, 0, 0, 0, 0, 0, 0, 0]]],
    ['whose root directory is somewhere else', [32_768 + 158, [...le(20, 4), ...be(20, 4)]]],
  ];
  it.each(broken)('%s is none', (_, patch) => {
    const window = windowOf(patched(disc().bytes.bytes, [patch]));
    expect(verdictOf(window)).toBe('unknown');
    expect(hasIsoDescriptor(window)).toBe(false);
  });
  it('whose root directory begins with another entry is none', () => {
    const { bytes } = disc();
    const root = bytes.u32le(32_768 + 158) * 2048;
    expect(verdictOf(windowOf(patched(bytes.bytes, [[root + 33, [0x41]]])))).toBe('unknown');
    expect(verdictOf(windowOf(patched(bytes.bytes, [[root + 2, [1]]])))).toBe('unknown');
  });
  it('may come second', () => {
    const bytes = disc().bytes.bytes;
    const primary = bytes.slice(32_768, 34_816);
    const moved = patched(bytes, [
      [32_768, [0]],
      [34_816, primary],
      [36_864, [255]],
      [36_865, 'CD001'],
    ]);
    expect(verdictOf(windowOf(moved))).toBe('iso9660 certain ISO 9660');
    const ended = patched(moved, [[32_768, [255]]]);
    expect(verdictOf(windowOf(ended))).toBe('unknown');
  });
  it('is likely where the window ends before the root directory, nothing where it ends before itself', () => {
    const bytes = disc().bytes.bytes;
    expect(verdictOf(windowOf(bytes.slice(0, 36_864)))).toBe('iso9660 likely ISO 9660');
    expect(verdictOf(windowOf(bytes.slice(0, 32_800)))).toBe('unknown');
  });
  it('of a longer disc: cut short', () => {
    const { bytes } = disc();
    expect(recogniseContent({ bytes, guestSize: 100_000, sectorSize: 512 })).toMatchObject({
      imageType: 'iso9660',
      confidence: 'likely',
      safety: ['TRUNCATED'],
    });
  });
});
