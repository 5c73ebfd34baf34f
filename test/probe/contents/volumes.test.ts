import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recogniseContent } from '../../../src/probe/contents/recognise.ts';
import { run, sparse, workplace } from './support/real-tools.ts';
import { fileWindow } from './support/file-window.ts';
import { verdictOf } from './support/windows.ts';

const MIB = 1024 * 1024;
const directory = workplace();
const blank = (size: number): string => sparse(join(directory, 'image'), size);

describe('swap of mkswap', () => {
  it.each([4096, 8192, 16_384, 32_768, 65_536])('pages of %d bytes', (page) => {
    const path = blank(2 * MIB);
    run('mkswap', ['-p', `${page}`, path]);
    expect(verdictOf(fileWindow(path))).toBe('other certain Linux swap');
    expect(recogniseContent(fileWindow(path))).toHaveProperty('evidence.0.offset', page - 10);
  });
});

describe('LUKS of cryptsetup', () => {
  it.each([
    ['luks1', ['--pbkdf-force-iterations', '1000'], 'encrypted LUKS1'],
    ['luks2', ['--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000'], 'encrypted LUKS2'],
  ])('%s', (type, args, line) => {
    const path = blank(20 * MIB);
    run('cryptsetup', ['luksFormat', '-q', '--type', type, ...args, path, '-'], { input: 'password' });
    expect(verdictOf(fileWindow(path))).toBe(line);
    expect(recogniseContent(fileWindow(path))).toMatchObject({ safety: ['ENCRYPTED_CONTENT'] });
  });
});

describe('other members and targets', () => {
  it.each(['-B', '-C'])('bcache %s', (kind) => {
    const path = blank(64 * MIB);
    run('make-bcache', [kind, path]);
    expect(verdictOf(fileWindow(path))).toBe('other likely bcache member');
  });
  it('dm-verity', () => {
    const [data, hashes] = [blank(MIB), join(directory, 'hashes')];
    run('veritysetup', ['format', data, hashes]);
    expect(verdictOf(fileWindow(hashes))).toBe('other certain dm-verity hash tree');
  });
});
