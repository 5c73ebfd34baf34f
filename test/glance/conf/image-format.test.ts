import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { defaultFormats, readImageFormat } from '../../../src/glance/conf/image-format.ts';

function files(...texts: readonly string[]): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), 'image-format-'));
  return texts.map((text, index) => {
    const path = join(directory, `${index}.conf`);
    writeFileSync(path, text);
    return path;
  });
}

const disks = (text: string): readonly string[] | undefined =>
  readImageFormat(files(`[image_format]\n${text}`)).disk?.words;

describe('accepted formats of a node', () => {
  it('are not known where no file sets them', () => {
    expect(readImageFormat(files('[DEFAULT]\ndebug = true\n'))).toEqual({ disk: null, container: null });
  });

  // As oslo.config 9.0.0 itself reads these values.
  it.each<[string, string, readonly string[]]>([
    ['blanks', 'disk_formats =  raw , qcow2,iso ', ['raw', 'qcow2', 'iso']],
    ['commas at the end', 'disk_formats = raw,qcow2,,', ['raw', 'qcow2']],
    ['a comma in front', 'disk_formats = ,raw', ['', 'raw']],
    ['nothing', 'disk_formats =', []],
    ['quotes', 'disk_formats = "raw,iso"', ['raw', 'iso']],
    ['capitals stay', 'disk_formats = RAW', ['RAW']],
    ['several lines', 'disk_formats = raw,\n  qcow2,\n  iso', ['raw', 'qcow2', 'iso']],
    ['a word twice', 'disk_formats = raw,raw', ['raw']],
    ['a variable', 'disk_formats = raw,$extra\nextra = vpc', ['raw', 'vpc']],
  ])('%s', (_name, text, words) => {
    expect(disks(text)).toEqual(words);
  });

  it('are found under the old name; the new one beats it in one file, a later file beats an earlier', () => {
    const old = '[DEFAULT]\ndisk_formats = raw\ncontainer_formats = bare\n';
    expect(readImageFormat(files(old))).toMatchObject({ disk: { words: ['raw'] }, container: { words: ['bare'] } });
    expect(readImageFormat(files(`${old}[image_format]\ndisk_formats = iso\n`)).disk?.words).toEqual(['iso']);
    const [first, second] = files('[image_format]\ndisk_formats = iso\n', old);
    expect(readImageFormat([first ?? '', second ?? '']).disk).toEqual({
      words: ['raw'],
      place: `${second}:2 [DEFAULT] disk_formats`,
    });
  });

  it('are read from the *.conf of a directory', () => {
    const directory = mkdtempSync(join(tmpdir(), 'image-format-'));
    mkdirSync(join(directory, 'd'));
    writeFileSync(join(directory, 'd', 'b.conf'), '[image_format]\ncontainer_formats = docker\n');
    expect(readImageFormat([join(directory, 'd')]).container?.words).toEqual(['docker']);
  });

  it('are refused with every problem, and no value is repeated', () => {
    const [broken] = files('[image_format]\ndisk_formats = raw,$nothing_secret\njunk_secret\n');
    const attempt = (): unknown => readImageFormat([broken ?? '', '/nowhere/secretless.conf']);
    expect(attempt).toThrow(/GLANCE_CONF[\s\S]*no such file/);
    expect(attempt).not.toThrow(/_secret/);
  });
});

describe('what Glance accepts by default', () => {
  it.each([
    ['Cactus', 9, 5],
    ['Grizzly or Havana', 9, 5],
    ['Icehouse', 9, 6],
    ['Kilo to Newton', 10, 7],
    ['Ocata to Queens', 11, 7],
    ['Queens, with part of the Rocky expand', 11, 7],
    ['Rocky to 2023.2', 11, 8],
    ['2024.1 or later', 11, 8],
  ])('%s: %i disk words, %i container words', (era, disk, container) => {
    const formats = defaultFormats(era);
    expect([formats.disk.length, formats.container.length]).toEqual([disk, container]);
  });
});

it('the environment of a node comes before its files', () => {
  const paths = files('[image_format]\ndisk_formats = raw\n');
  const { disk, container } = readImageFormat(paths, { OS_IMAGE_FORMAT__DISK_FORMATS: 'iso, raw' });
  expect([disk, container]).toEqual([
    { words: ['iso', 'raw'], place: 'OS_IMAGE_FORMAT__DISK_FORMATS in the environment' },
    null,
  ]);
});

const NEW = ['vhdx', 'ploop', 'ova', 'docker', 'compressed'];

describe('the words that Glance accepts by default', () => {
  it.each([
    ['Cactus', []],
    ['Grizzly or Havana', []],
    ['Icehouse', ['ova']],
    ['Juno', ['ova']],
    ['Kilo to Newton', ['vhdx', 'ova', 'docker']],
    ['Ocata, expanded but not contracted', ['vhdx', 'ploop', 'ova', 'docker']],
    ['Ocata to Queens', ['vhdx', 'ploop', 'ova', 'docker']],
    ['Queens, with part of the Rocky expand', ['vhdx', 'ploop', 'ova', 'docker']],
    ['Rocky to 2023.2', NEW],
    ['2024.1 or later', NEW],
  ])('of %s have %j beside those of the first releases', (era, added) => {
    const { disk, container } = defaultFormats(era);
    expect([...disk, ...container].filter((word) => NEW.includes(word))).toEqual(added);
    expect(disk).toContain('aki');
    expect(container).toContain('ovf');
  });
});
