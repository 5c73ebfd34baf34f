import { chmodSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';

import { isStill, readQuestionsFile, replaceQuestionsFile } from '../../../src/commands/options/questions-file.ts';
import { writeQuestionsFile } from '../../../src/commands/questions/output.ts';
import { ASKED_BY, fileOf, question, written } from '../../answers/support/questions-builder.ts';

const A = 'raw-bare-0000000a';
const PLAN = { askedBy: ASKED_BY, questions: [question(A, 10)], beyond: 0 };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'glance-retype-questions-output-'));
  file = join(folder, 'q.yaml');
});

describe('the questions of a plan', () => {
  test('a new file, then the same file brought up to date', async () => {
    expect(await writeQuestionsFile(file, PLAN)).toBe('written');
    expect(readFileSync(file, 'utf8')).toBe(fileOf(PLAN.questions));
    writeFileSync(file, written(fileOf(PLAN.questions), A, 'answer', '1 # mine'));
    chmodSync(file, 0o600);
    expect(await writeQuestionsFile(file, { ...PLAN, questions: [question(A, 11)] })).toBe('updated');
    expect(readFileSync(file, 'utf8')).toMatch(/images: 10\n {4}images_now: 11\n[^]*answer: 1 # mine/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['q.yaml']);
  });

  test('a file that says it all is not touched', async () => {
    await writeQuestionsFile(file, PLAN);
    const { ino } = statSync(file);
    expect(await writeQuestionsFile(file, PLAN)).toBe('updated');
    expect(statSync(file).ino).toBe(ino);
  });

  test.each([
    ['broken', `${fileOf(PLAN.questions)}surprise: 1\n`],
    ['something else', 'hosts:\n  - a\n'],
    ['empty', ''],
  ])('a file that is %s is refused and left as it is', async (_, text) => {
    writeFileSync(file, text);
    await expect(writeQuestionsFile(file, PLAN)).rejects.toThrow(/DECISIONS_FILE/);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(folder)).toEqual(['q.yaml']);
  });

  test('no folder to write in', async () => {
    await expect(writeQuestionsFile(join(folder, 'none', 'q.yaml'), PLAN)).rejects.toThrow(/OUTPUT_FILE/);
  });
});

describe('a file that somebody else changed', () => {
  test('is left as they wrote it, also when it came or went meanwhile', async () => {
    writeFileSync(file, 'one');
    const before = readQuestionsFile(file);
    writeFileSync(file, 'two');
    expect(await replaceQuestionsFile(file, before, 'mine', 'questions')).toBe('changed');
    expect(await replaceQuestionsFile(file, null, 'mine', 'questions')).toBe('changed');
    expect(readFileSync(file, 'utf8')).toBe('two');
    const gone = join(folder, 'gone.yaml');
    expect(await replaceQuestionsFile(gone, before, 'mine', 'questions')).toBe('changed');
    expect(readdirSync(folder)).toEqual(['q.yaml']);
    expect([await isStill(gone, null), await isStill(file, before)]).toEqual([true, false]);
  });
});
