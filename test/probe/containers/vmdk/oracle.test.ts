import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SAFETY } from '../../../../src/model/safety.ts';
import { probe } from '../../../../src/probe/probe.ts';
import { CORPUS_WANTED } from '../../../support/images/corpus.ts';
import { memorySource } from '../../../support/images/memory-source.ts';
import { cowdImage, SECTOR, sparseImage } from '../vmdk-image.ts';

/**
 * Names in VMDK files that QEMU follows, beside what the prober says of them. The name is that of a harmless file in
 * the same folder.
 */

const TARGET = 'target.bin';
const TOP = 'CID=fffffffe\nparentCID=ffffffff\ncreateType="monolithicFlat"\n';
const FLAT = `RW 2 FLAT "${TARGET}" 0\n`;
/** With an extent in another file, so that only a parent leads to the target. */
const HEAD = `${TOP}RW 2 FLAT "other.bin" 0\n`;
const PARENT = `CID=fffffffe\nparentCID=11111111\nparentFileNameHint="${TARGET}"\n`;

const extents = (...lines: readonly string[]): readonly Buffer[] => lines.map((line) => Buffer.from(TOP + line));
const texts = (...whole: readonly string[]): readonly Buffer[] => whole.map((text) => Buffer.from(text, 'latin1'));

/** A sparse extent with `text` at an offset; the header says that its descriptor has `size` sectors at `sector`. */
function sparse(sector: number, size: number, text: string, at: number = SECTOR): Buffer {
  const header = { descriptorOffset: BigInt(sector), descriptorSize: BigInt(size) };
  const bytes = sparseImage({ header });
  bytes.fill(0, SECTOR, 21 * SECTOR);
  bytes.write(text, at, 'latin1');
  return bytes;
}

function cowd(text: string, at: number = SECTOR): Buffer {
  const bytes = cowdImage({ here: [0] }, Buffer.alloc(SECTOR));
  bytes.write(text, at, 'latin1');
  return bytes;
}

/** `least`: of how many QEMU follows the name, so that the comparison is not of nothing. */
const CLASSES: readonly (readonly [name: string, least: number, files: readonly Buffer[]])[] = [
  [
    'numbers and blanks of an extent',
    17,
    extents(
      FLAT,
      FLAT.replaceAll(' ', '    '),
      FLAT.replaceAll(' ', '\t'),
      FLAT.replaceAll(' ', '\v'),
      FLAT.replaceAll(' ', '\f'),
      FLAT.replaceAll(' ', '\r'),
      FLAT.replaceAll(' ', '\n'),
      FLAT.replaceAll(' ', '\r\n'),
      FLAT.replaceAll(' ', '\n\n \t\n'),
      FLAT.replaceAll(' ', ' '.repeat(5000)),
      ` \t\v${FLAT}`,
      `\n\n${FLAT}`,
      `\r${FLAT}`,
      FLAT.replace('2', '+2'),
      FLAT.replace('2', '0002'),
      FLAT.replace('2', `${'0'.repeat(600)}2`),
      FLAT.replace('2 FLAT', '2FLAT'),
      FLAT.replace('0\n', '+0\n'),
      FLAT.replace('0\n', '00'),
      FLAT.replace('2', '-2'),
      FLAT.replace('2', '0x2'),
      FLAT.replace('FLAT ', 'FLAT'),
    ),
  ],
  [
    'kinds and names of extents',
    6,
    extents(
      `RW 2 VMFS "${TARGET}"\n`,
      `RW 2 VMFS "./${TARGET}"\n`,
      `RW 2 VMFS"${TARGET}"\n`,
      `RW 2 VMFS "${TARGET}\n`,
      `RW 2 VMFS "${TARGET}`,
      `RW 2 VMFS ${TARGET}\n`,
      `rw 2 VMFS "${TARGET}"\n`,
      `RDONLY 2 VMFS "${TARGET}"\n`,
      `${FLAT}${FLAT}`,
      `RW 0 ZERO\n${FLAT}`,
      `# comment\n${FLAT}`,
      `nonsense\n${FLAT}`,
      `#${FLAT}`,
      `RW 2 SPARSE "${TARGET}"\n`,
      `RW 2 VMFSSPARSE"${TARGET}"\n`,
      `RW 2 SESPARSE "${TARGET}"\n`,
      `${FLAT.trimEnd()}\0`,
      `\0${FLAT}`,
    ),
  ],
  [
    'createType and what precedes it',
    12,
    texts(
      `createType="vmfs"CID=1\nparentCID=f\n${FLAT}`,
      `${TOP.replace('="', '""')}${FLAT}`,
      `${TOP.replace('="', '\n\n')}${FLAT}`,
      `${TOP.replace('createType', 'xcreateType')}${FLAT}`,
      `${TOP.replace('createType', 'ddb.createType')}${FLAT}`,
      `${TOP.replace('createType', '# createType')}${FLAT}`,
      `${TOP.replace('createType', 'CREATETYPE')}${FLAT}`,
      `${TOP.replace('monolithicFlat', 'twoGbMaxExtentFlat')}${FLAT}`,
      `${TOP.replace('monolithicFlat', 'vmfs')}${FLAT}`,
      `${TOP.replace('monolithicFlat', 'custom')}${FLAT}`,
      `${FLAT}${TOP}`,
      `A letter that begins so.\n${TOP}${FLAT}`,
      `#!/bin/sh\necho\n${TOP}${FLAT}`,
      `<html>\n${TOP}${FLAT}</html>`,
      `${'x'.repeat(70_000)}\n${TOP}${FLAT}`,
      `#${'x'.repeat(1_000_000)}\n${FLAT}${TOP}`,
      `\u00e9t\u00e9\n${TOP}${FLAT}`,
      `\u0001\u0002\n${TOP}${FLAT}`,
      `\n\n${TOP}${FLAT}\n${'\0'.repeat(600)}`,
    ),
  ],
  [
    'parents of texts',
    8,
    texts(
      `${HEAD}parentFileNameHint="${TARGET}"\n`,
      `${HEAD}parentFileNameHint="${TARGET}"\nparentFileNameHint="other"\n`,
      `${HEAD}# parentFileNameHint="${TARGET}"\n`,
      `${HEAD}xparentFileNameHint="${TARGET}"\n`,
      `${HEAD}parentFileNameHint\n\n${TARGET}"\n`,
      `${HEAD}parentFileNameHint="json:{\\"file.filename\\":\\"${TARGET}\\"}"\n`,
      `${HEAD}parentFileNameHint="nbd:127.0.0.1:1:exportname=${TARGET}"\n`,
      `${HEAD}parentFileNameHint="${TARGET}\n`,
      `${HEAD}PARENTFILENAMEHINT="${TARGET}"\n`,
      `Prose.\n${HEAD}parentFileNameHint="${TARGET}"\n`,
      `${HEAD}${'#'.repeat(9000)}\nparentFileNameHint="${TARGET}"\n`,
      `${HEAD}${'#'.repeat(11_000)}\nparentFileNameHint="${TARGET}"\n`,
      `${HEAD}\0parentFileNameHint="${TARGET}"\n`,
      `parentFileNameHint="${TARGET}"\n${HEAD}`,
      `${HEAD}parentFileNameHint="${TARGET}"\n`,
    ),
  ],
  [
    'parents behind binary headers',
    12,
    [
      sparse(1, 20, PARENT),
      sparse(1, 1, PARENT),
      sparse(1, 1, PARENT, 2 * SECTOR).fill('#', SECTOR, 2 * SECTOR),
      sparse(1, 2, PARENT, 15 * SECTOR).fill('#', SECTOR, 15 * SECTOR),
      sparse(0, 0, PARENT),
      sparse(0, 20, PARENT),
      sparse(3, 5, PARENT),
      sparse(40, 1, PARENT),
      sparse(1, 4096, PARENT),
      sparse(1, 20, PARENT.replaceAll('\n', ' ')),
      sparse(1, 20, `# ${PARENT}`),
      sparse(1, 20, PARENT, 2 * SECTOR),
      cowd(PARENT),
      cowd(PARENT, 2 * SECTOR).fill('#', SECTOR, 2 * SECTOR),
      cowd(`CID=1\nparentCID=1\n`),
      cowd(PARENT, 3 * SECTOR),
    ],
  ],
];

describe.runIf(CORPUS_WANTED)('names in VMDK files that qemu-img follows', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'retype-vmdk-'));
  for (const name of [TARGET, 'other.bin']) writeFileSync(path.join(folder, name), Buffer.alloc(64 * 1024));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(CLASSES)('%s', async (name, least, files) => {
    const followed: number[] = [];
    const silent: number[] = [];
    for (const [index, bytes] of files.entries()) {
      const file = path.join(folder, `${name.replaceAll(' ', '-')}-${index}`);
      writeFileSync(file, bytes);
      // QEMU 7.2 aborts on some: a disk without extents, of a negative size.
      const { stdout, error } = spawnSync('qemu-img', ['info', '-U', '-f', 'vmdk', '--output=json', file]);
      if (error !== undefined) throw error;
      if (!stdout.toString().includes(TARGET)) continue;
      followed.push(index);
      const { safety } = await probe(memorySource(bytes));
      if (!safety.some((code) => SAFETY[code].severity === 'error')) silent.push(index);
    }
    expect(silent).toEqual([]);
    expect(followed.length, JSON.stringify(followed)).toBeGreaterThanOrEqual(least);
  });
});
