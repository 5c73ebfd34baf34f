import { mkdirSync, mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';

import {
  isStill,
  missingFile,
  readQuestionsFile,
  replaceQuestionsFile,
} from '../../../src/commands/options/questions-file.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'glance-retype-questions-file-'));
  file = join(folder, 'q.yaml');
});

describe('a questions file', () => {
  it('is read with its byte order mark, which is written back', () => {
    writeFileSync(file, '\ufeffanswers: []\n');
    expect(readQuestionsFile(file)?.text).toBe('\ufeffanswers: []\n');
  });

  it('that is not there is null, and an error of its own where one is needed', () => {
    expect(readQuestionsFile(file)).toBeNull();
    expect(missingFile('q').message).toMatch(/^DECISIONS_FILE[^]*no such file/);
  });

  it('is nothing but a file of UTF-8 of at most 32 MiB', () => {
    mkdirSync(join(folder, 'd'));
    expect(() => readQuestionsFile(join(folder, 'd'))).toThrow(/something else than a file/);
    writeFileSync(file, Buffer.from([0x61, 0xff]));
    expect(() => readQuestionsFile(file)).toThrow(/not UTF-8/);
    truncateSync(file, 32 * 1024 * 1024 + 1);
    expect(() => readQuestionsFile(file)).toThrow(/more than 33554432 bytes/);
  });

  it('is replaced only while it is as it was read', async () => {
    writeFileSync(file, 'one');
    const before = readQuestionsFile(file);
    expect(await replaceQuestionsFile(file, before, 'two', 'questions')).toBe('written');
    expect(await isStill(file, before)).toBe(false);
    expect(await replaceQuestionsFile(file, before, 'three', 'questions')).toBe('changed');
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['two', ['q.yaml']]);
  });
});
