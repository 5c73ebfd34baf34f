import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recogniseContent } from '../../../src/probe/contents/recognise.ts';
import { run, tree, workplace } from './support/real-tools.ts';
import { type Patch, patched, verdictOf, windowOf } from './support/windows.ts';

const directory = workplace();
const files = tree(directory);

/** An archive of the tree by GNU cpio. */
function archive(format: string, root = files): Uint8Array {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  const output = run('cpio', ['-o', '--quiet', '-H', format], { cwd: root, input: `${names.join('\n')}\n` });
  return new Uint8Array(Buffer.from(output, 'latin1'));
}

const whole = (bytes: Uint8Array): string => verdictOf(windowOf(bytes, { guestSize: bytes.length }));

describe('cpio archives of GNU cpio', () => {
  it.each([
    ['newc', 'ramdisk certain cpio newc', []],
    ['crc', 'ramdisk certain cpio newc', []],
    ['odc', 'other likely cpio odc', ['ramdisk']],
    ['bin', 'other weak cpio binary', ['ramdisk']],
  ])('%s', (format, line, alsoReadAs) => {
    const bytes = archive(format);
    expect(whole(bytes)).toBe(line);
    expect(recogniseContent(windowOf(bytes, { guestSize: bytes.length }))).toMatchObject({ alsoReadAs, safety: [] });
  });
  it('an empty archive', () => expect(whole(archive('newc', emptyDirectory()))).toBe('ramdisk certain cpio newc'));

  it('of early microcode, with a compressed one behind', () => {
    const root = join(directory, 'early');
    mkdirSync(join(root, 'kernel/x86/microcode'), { recursive: true });
    writeFileSync(join(root, 'kernel/x86/microcode/GenuineIntel.bin'), 'x');
    const content = recogniseContent(windowOf(archive('newc', root)));
    expect(content).toMatchObject({ imageType: 'ramdisk', confidence: 'certain' });
    expect(content).toHaveProperty('evidence.0.detail', 'cpio newc: early microcode or ACPI tables first');
  });
});

function emptyDirectory(): string {
  const root = join(directory, 'empty');
  mkdirSync(root, { recursive: true });
  return root;
}

describe('a cpio header', () => {
  const broken: readonly (readonly [string, Patch])[] = [
    ['a field that is no number', [20, 'x']],
    ['a name of no length', [94, '00000000']],
    ['a name longer than any path', [94, '00002000']],
    ['a name that ends early', [112, [0]]],
    ['a name that does not end', [94, '00000004']],
    ['another magic', [0, '070703']],
  ];
  it.each(broken)('with %s is none', (_, patch) => {
    expect(verdictOf(windowOf(patched(archive('newc'), [patch])))).toBe('unknown');
  });
  it('is likely while the next is out of sight', () => {
    expect(verdictOf(windowOf(archive('newc').slice(0, 125)))).toBe('ramdisk likely cpio newc');
    expect(verdictOf(windowOf(archive('newc').slice(0, 100)))).toBe('unknown');
  });
  it('of a member longer than the file: cut short', () => {
    const bytes = patched(archive('newc'), [[54, '00ffffff']]);
    expect(recogniseContent(windowOf(bytes, { guestSize: bytes.length }))).toMatchObject({
      imageType: 'ramdisk',
      confidence: 'likely',
      safety: ['TRUNCATED'],
    });
  });
  it.each([
    ['odc', [20, '9'] as Patch],
    ['odc', [59, '000000'] as Patch],
    ['odc', [59, '000003'] as Patch],
    ['bin', [6, [0, 0]] as Patch],
    ['bin', [20, [0, 0]] as Patch],
    ['bin', [26, [7]] as Patch],
  ])('of %s with a changed field at %j is none', (format, patch) => {
    expect(verdictOf(windowOf(patched(archive(format), [patch])))).toBe('unknown');
  });
});
