import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { readConfFiles } from '../../../src/glance/conf/conf-files.ts';

function directory(files: Readonly<Record<string, string>>): string {
  const made = mkdtempSync(join(tmpdir(), 'conf-files-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(made, name), text);
  return made;
}

describe('readConfFiles', () => {
  it('reads a directory as its *.conf files by name, without hidden ones and sub-directories', () => {
    const path = directory({ 'b.conf': '', 'a.conf': '', '.c.conf': '', 'd.ini': '' });
    mkdirSync(join(path, 'e.conf'));
    expect(readConfFiles([path]).files.map((file) => file.path)).toEqual([join(path, 'a.conf'), join(path, 'b.conf')]);
  });

  it('names empty directories, files that are not there, and lines that are wrong', () => {
    const [empty, path] = [directory({}), directory({ 'a.conf': '[a]\nsecret' })];
    const { emptyDirectories, problems } = readConfFiles([empty, join(empty, 'none'), path]);
    expect(emptyDirectories).toEqual([empty]);
    expect(problems.map(({ place, found }) => [place, found])).toEqual([
      [join(empty, 'none'), 'no such file or directory'],
      [`${join(path, 'a.conf')}:2`, 'a line that is none of these'],
    ]);
  });
});
