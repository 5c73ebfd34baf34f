import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recogniseContent } from '../../../src/probe/contents/recognise.ts';
import { installed, run, tree, workplace } from './support/real-tools.ts';
import { fileWindow } from './support/file-window.ts';
import { bytesWith, le, patched, verdictOf, windowOf } from './support/windows.ts';

const directory = workplace();
const files = tree(directory);
const image = join(directory, 'image');
const data = join(files, 'data');

describe('x86 kernels of Debian packages', () => {
  it.each(['ipxe', 'memtest', 'memdisk'] as const)('%s', (name) => {
    const window = fileWindow(installed(name));
    expect(verdictOf(window)).toBe('kernel certain bzImage');
    expect(recogniseContent(window)).toMatchObject({ safety: [], alsoReadAs: [] });
  });
  it('cut short', () => {
    const { bytes } = fileWindow(installed('ipxe'));
    expect(recogniseContent({ bytes, guestSize: 100_000, sectorSize: 512 })).toMatchObject({
      imageType: 'kernel',
      confidence: 'likely',
      safety: ['TRUNCATED'],
    });
  });
  it('its table of partitions, be it in order, is none unless it holds for the image', () => {
    const entry = [0, 0, 0, 0, 0x83, 0, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0];
    const bytes = patched(fileWindow(installed('memdisk')).bytes.bytes, [
      [446, new Uint8Array(64)],
      [446, entry],
    ]);
    expect(verdictOf(windowOf(bytes, { guestSize: statSync(installed('memdisk')).size }))).toBe(
      'kernel certain bzImage',
    );
    expect(verdictOf(windowOf(bytes, { guestSize: 64 * 1024 * 1024 }))).toBe('contested bzImage, MBR');
    expect(verdictOf(windowOf(patched(bytes, [[462, [1]]]), { guestSize: 64 * 1024 * 1024 }))).toBe(
      'kernel certain bzImage',
    );
  });
});

describe('unified kernel images', () => {
  it('of objcopy on the stub of systemd; the stub alone is none', () => {
    const stub = installed('efiStub');
    run('objcopy', ['--add-section', `.linux=${data}`, '--change-section-vma', '.linux=0x2000000', stub, image]);
    expect(verdictOf(fileWindow(image))).toBe('kernel certain unified kernel image');
    expect(verdictOf(fileWindow(stub))).toBe('unknown');
  });
});

describe('images of U-Boot', () => {
  it.each([
    ['kernel', 'kernel'],
    ['ramdisk', 'ramdisk'],
    ['multi', 'kernel'],
    ['filesystem', 'filesystem'],
    ['firmware', 'other'],
    ['script', 'other'],
    ['kernel_noload', 'kernel'],
    ['standalone', 'other'],
  ])('%s', (type, imageType) => {
    run('mkimage', ['-A', 'arm', '-O', 'linux', '-T', type, '-C', 'none', '-n', 'x', '-d', data, image]);
    expect(verdictOf(fileWindow(image))).toBe(`${imageType} certain U-Boot image`);
    const renamed = patched(fileWindow(image).bytes.bytes, [[32, 'y']]);
    expect(verdictOf(windowOf(renamed))).toBe('unknown');
  });

  it('FIT with a kernel inside', () => {
    writeFileSync(
      join(directory, 'fit.its'),
      `/dts-v1/; / { description = "x"; #address-cells = <1>; images { kernel { data = /incbin/("${data}"); type = "kernel";
        arch = "arm64"; os = "linux"; compression = "none"; load = <0>; entry = <0>; }; };
        configurations { default = "c"; c { kernel = "kernel"; }; }; };`,
    );
    run('mkimage', ['-f', join(directory, 'fit.its'), image]);
    expect(verdictOf(fileWindow(image))).toBe('kernel certain FIT image');
  });
  it.each([
    ['plain', '/dts-v1/; / { compatible = "x"; chosen { }; };'],
    ['with images deeper down', '/dts-v1/; / { compatible = "x"; chosen { images { }; }; };'],
    ['with a property of that name', '/dts-v1/; / { images = "x"; };'],
  ])('a device tree %s', (_, source) => {
    writeFileSync(join(directory, 'tree.dts'), source);
    run('dtc', ['-q', '-O', 'dtb', '-o', image, join(directory, 'tree.dts')]);
    expect(verdictOf(fileWindow(image))).toBe('other likely device tree');
  });
  it('a FIT with the node behind others', () => {
    writeFileSync(join(directory, 'tree.dts'), '/dts-v1/; / { a { c = "long text"; b { }; }; images { }; };');
    run('dtc', ['-q', '-O', 'dtb', '-o', image, join(directory, 'tree.dts')]);
    expect(verdictOf(fileWindow(image))).toBe('kernel certain FIT image');
  });
});

describe('Android boot images', () => {
  it.each([0, 2, 3])('header version %d', (version) => {
    const args = ['--header_version', `${version}`, '--kernel', data, '--ramdisk', data, '-o', image];
    run('mkbootimg', version === 2 ? [...args, '--dtb', data] : args);
    expect(verdictOf(fileWindow(image))).toBe('kernel certain Android boot image');
  });
  it('without a kernel: no ramdisk that a kernel would take as it is', () => {
    const content = recogniseContent(
      windowOf(
        bytesWith([
          [0, 'ANDROID!'],
          [12, le(500, 4)],
          [40, le(4, 4)],
        ]),
      ),
    );
    expect(content).toMatchObject({ imageType: 'other', alsoReadAs: ['ramdisk'] });
  });
  it('a vendor image', () => {
    run('mkbootimg', ['--header_version', '3', '--vendor_ramdisk', data, '--dtb', data, '--vendor_boot', image]);
    expect(verdictOf(fileWindow(image))).toBe('other certain Android vendor boot image');
  });
  it('a magic with an odd page size is none', () => {
    expect(
      verdictOf(
        windowOf(
          bytesWith([
            [0, 'ANDROID!'],
            [8, le(500, 4)],
            [36, le(3000, 4)],
          ]),
        ),
      ),
    ).toBe('unknown');
  });
});

it('a kernel is read from its head alone', () => {
  cpSync(installed('memtest'), image);
  const head = new Uint8Array(readFileSync(image).subarray(0, 1024));
  expect(recogniseContent(windowOf(head))).toMatchObject({ kind: 'typed', imageType: 'kernel' });
});

it('a program is no kernel', () => expect(verdictOf(fileWindow(process.execPath))).toBe('unknown'));
