import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

import { readAnswers } from '../../../src/answers/read/answers.ts';
import { fileOf, question, replanned, written } from '../../answers/support/questions-builder.ts';
import { runCli } from '../../support/program/run-cli.ts';
import { openTerminal, type TypedTerminal } from '../../support/program/typed-terminal.ts';

const A = 'raw-bare-0000000a';
const B = 'raw-bare-0000000b';
const C = 'ami-bare-0000000c';
const HOSTILE = 'x\u001b]0;owned\u0007\u001b[2J\u202e日本語 <script>\u0085 "quoted"';
const ASKED = [
  question(A, 1_200, {
    evidence: [1, 2, 3, 4].map((n) => ({ kind: 'name', detail: `sight ${n} \u001b[31m`, count: n })),
    samples: [
      { id: 'id-1', name: HOSTILE },
      { id: 'id-2', name: '界'.repeat(200) },
      { id: 'id-3', name: null },
    ],
  }),
  question(B, 50),
  question(C, 20, { candidates: [], status: 'unmappable' }),
];
const TEXT = fileOf(ASKED);

function place(text = TEXT): string {
  const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-questions-')), 'answers.yaml');
  writeFileSync(file, text);
  return file;
}

function walk(argv: readonly string[], more: { columns?: number; env?: NodeJS.ProcessEnv } = {}): TypedTerminal {
  const terminal = openTerminal(['questions', ...argv], {
    columns: more.columns ?? 100,
    rows: 40,
    env: { USER: 'ada', ...more.env },
  });
  onTestFinished(() => terminal.close());
  return terminal;
}

const answersIn = (file: string) =>
  readAnswers({ path: file, text: readFileSync(file, 'utf8') }).answers.map(({ id, value, author, reason }) => ({
    id,
    answer: value.kind === 'leave' ? 'leave' : value.classification.imageType,
    author,
    reason,
  }));

describe('the walk on a terminal', () => {
  test('from the first question to the next command to type', async () => {
    const file = place(TEXT.replace('    rule: TUPLE-RAW', '    rule: TUPLE-RAW   # mine'));
    chmodSync(file, 0o640);
    const terminal = walk([file]);
    const card = await terminal.shows('answer, or ? >');
    expect(card).toContain('Question 1 of 3, 3 to answer; 0 of 1,270 images answered');
    expect(card).toContain(`${A}: 1,200 images of raw/bare`);
    expect(card).toMatch(/why +raw says nothing about what is inside \(TUPLE-RAW\)/);
    expect(card).toMatch(/1 {2}disk\/raw\n +2 {2}kernel\/raw\n +3 {2}disk\/vmdk in ova/);
    expect(card).toContain('and 1 more: e shows them');
    terminal.type('2');
    await terminal.shows('why? (Enter: no reason');
    // It is in the file before the reason is asked for.
    expect(answersIn(file)).toEqual([{ id: A, answer: 'kernel', author: 'ada', reason: null }]);
    terminal.type('seen at boot');
    await terminal.shows('Question 2 of 3, 2 to answer; 1,200 of 1,270 images answered');
    terminal.type('?');
    await terminal.shows('ENVELOPE: ova, ovf, docker');
    terminal.type('', 'other/raw', '');
    await terminal.shows('That was the last question. 1 skipped question: g ID goes back to one.');
    terminal.type('g raw-bare-0000000b', 'l', 'waits for bob');
    await terminal.shows('Every question is answered.');
    terminal.type('q');
    const end = await terminal.shows('ended 0');
    expect(end).toContain('All 3 questions answered: 1,270 images.');
    expect(end.replaceAll('\n', '')).toMatch(/glance-retype plan --answers \S+answers.yaml/);
    expect(answersIn(file)).toEqual([
      { id: A, answer: 'kernel', author: 'ada', reason: 'seen at boot' },
      { id: B, answer: 'leave', author: 'ada', reason: 'waits for bob' },
      { id: C, answer: 'other', author: 'ada', reason: null },
    ]);
    expect(readFileSync(file, 'utf8')).toContain('rule: TUPLE-RAW   # mine');
    expect(readFileSync(file, 'utf8')).toMatch(/ {4}date: 20\d\d-\d\d-\d\d\n/);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(join(file, '..'))).toEqual(['answers.yaml']);
  });

  test('undo to the beginning leaves the file as it was, to the byte', async () => {
    const file = place(`${TEXT.replaceAll('\n', '\r\n')}# end`);
    const before = readFileSync(file);
    const terminal = walk([file]);
    await terminal.shows('answer, or ? >');
    terminal.type('1', 'one', '2', 'two', 'l', '');
    await terminal.shows('Every question is answered.');
    expect(answersIn(file)).toHaveLength(3);
    terminal.type('b', 'b', 'u');
    await terminal.shows(`taken back: ${A} is as it was before`);
    terminal.type('u');
    await terminal.shows('there is nothing to take back');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('names that attack the terminal are text', async () => {
    const terminal = walk([place()]);
    await terminal.shows('answer, or ? >');
    terminal.type('e');
    const screen = await terminal.shows(/sight 4 \\x1b\[31m/);
    expect(screen).toContain('x\\x1b]0;owned\\x07\\x1b[2J\\u202e日本語 <script>\\x85 "quoted"');
    expect(screen).toMatch(/id-3 {2}without a name/);
    const sent = await terminal.sent('sight 4 \\x1b[31m');
    for (const attack of ['\u001b]0;owned', '\u001b[31m', '\u0085', '\u202e']) expect(sent).not.toContain(attack);
    // A name of 200 wide characters is one line, cut.
    expect(screen.split('\n').filter((line) => line.includes('界'))).toEqual([
      expect.stringMatching(/^ +id-2 {2}界+…$/),
      expect.stringMatching(/^ +id-2 {2}界+…$/),
    ]);
  });

  test('60 columns: no line of the card is broken by the terminal', async () => {
    const terminal = walk([place()], { columns: 60 });
    const screen = await terminal.shows('answer, or ? >');
    expect(screen).toContain('Question 1 of 3, 3 to answer; 0 of 1,270 images answered');
    expect(screen).toMatch(/why +raw says nothing about what is inside\n {12}\(TUPLE-RAW\)/);
    expect(screen).toMatch(/^ +id-2 {2}界+…$/m);
    terminal.type('?');
    expect(await terminal.shows('ENVELOPE')).toMatch(/TYPE\/CONTAINER {2}any other answer; with a wrapper:\n {18}/);
  });

  test('colours on a terminal, none with NO_COLOR', async () => {
    const coloured = walk([place()]);
    await coloured.shows('answer, or ? >');
    expect(await coloured.sent('or ? >')).toContain('\u001B[1m');
    const plain = walk([place()], { env: { NO_COLOR: '1' } });
    await plain.shows('answer, or ? >');
    // readline itself places the cursor; nothing is painted.
    const sent = await plain.sent('or ? >');
    expect(sent.split('\u001B[').filter((part) => /^[\d;]*m/.test(part))).toEqual([]);
  });

  test('words that nobody knows are answered with the vocabulary', async () => {
    const file = place();
    const terminal = walk([file]);
    await terminal.shows('answer, or ? >');
    for (const [line, hint] of [
      ['disc/raw', 'the types are kernel, ramdisk, filesystem, iso9660, disk, other'],
      ['disk/rw', 'the containers are raw, cow'],
      ['7', 'the candidates have the numbers 1 to 3'],
      ['what', 'or ? for help'],
    ] as const) {
      terminal.type(line);
      await terminal.shows(hint);
    }
    expect(readFileSync(file, 'utf8')).toBe(TEXT);
  });
});

describe('nothing is lost', () => {
  test('kill -9 in the middle, and the walk goes on from there', async () => {
    const file = place();
    const terminal = walk([file]);
    await terminal.shows('answer, or ? >');
    terminal.type('1', 'first');
    await terminal.shows('Question 2 of 3');
    terminal.type('2');
    await terminal.shows(/Question 2[^]*why\?/);
    process.kill(terminal.pid(), 'SIGKILL');
    await terminal.shows('ended 137');
    expect(answersIn(file)).toEqual([
      { id: A, answer: 'disk', author: 'ada', reason: 'first' },
      { id: B, answer: 'kernel', author: 'ada', reason: null },
    ]);
    expect(await walk([file]).shows('answer, or ? >')).toContain('Question 3 of 3, 1 to answer');
  });

  test('Ctrl-C, Ctrl-D, a closed window', async () => {
    const file = place();
    const first = walk([file]);
    await first.shows('answer, or ? >');
    first.type('1');
    await first.shows('why?');
    first.press('C-c');
    expect(await first.shows('ended 3')).toContain('2 questions not answered: 70 images of 1,270.');
    const second = walk([file]);
    await second.shows('Question 2 of 3');
    second.type('1', '');
    await second.shows('Question 3 of 3');
    second.press('C-d');
    await second.shows('ended 0');
    const third = walk([file]);
    await third.shows('Question 3 of 3');
    third.type('l');
    await third.shows('why?');
    third.close();
    expect(answersIn(file).map(({ answer }) => answer)).toEqual(['disk', 'disk', 'leave']);
  });

  test('a file that somebody else changes meanwhile is read again, never written over', async () => {
    const file = place();
    const terminal = walk([file]);
    await terminal.shows('answer, or ? >');
    const theirs = written(TEXT, B, 'answer', 'ramdisk/raw   # by bob');
    writeFileSync(file, theirs);
    terminal.type('1');
    const screen = await terminal.shows('please type it again');
    expect(readFileSync(file, 'utf8')).toBe(theirs);
    expect(screen).not.toContain('why?');
    terminal.type('1', '');
    await terminal.shows('Question 3 of 3, 1 to answer; 1,250 of 1,270 images answered');
    expect(answersIn(file).map(({ answer }) => answer)).toEqual(['disk', 'ramdisk']);
    expect(readFileSync(file, 'utf8')).toContain('# by bob');
    writeFileSync(file, TEXT);
    terminal.type('w');
    await terminal.shows(/Another program changed[^]*Another program changed the file meanwhile. It was read again\./);
    expect(readdirSync(join(file, '..'))).toEqual(['answers.yaml']);
  });

  test('broken by somebody else meanwhile: the walk ends and says where', async () => {
    const file = place();
    const terminal = walk([file]);
    await terminal.shows('answer, or ? >');
    const theirs = written(TEXT, B, 'answer', 'disc/raw');
    writeFileSync(file, theirs);
    terminal.type('1');
    expect(await terminal.shows('ended 2')).toMatch(/DECISIONS_FILE[^]*answers.yaml:\d+/);
    expect(readFileSync(file, 'utf8')).toBe(theirs);
  });

  test('through a symbolic link the file behind it is written', async () => {
    const file = place();
    const link = join(file, '..', 'link.yaml');
    symlinkSync('answers.yaml', link);
    const terminal = walk([link]);
    await terminal.shows('answer, or ? >');
    terminal.type('1', '', 'q');
    await terminal.shows('ended 0');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(answersIn(file)).toHaveLength(1);
  });
});

describe('a group that has grown', () => {
  const grown = replanned(written(TEXT, A, 'answer', '1'), [question(A, 2_000), ...ASKED.slice(1)]);

  test('is shown with both numbers, and confirmed', async () => {
    const file = place(grown);
    const terminal = walk([file, '--author', 'Bob  Müller']);
    const card = await terminal.shows('answer, or ? >');
    expect(card).toMatch(/answered +disk\/raw\n +grown +answered for 1,200 images; now there are 2,000\. c confirms/);
    terminal.type('c');
    await terminal.shows('confirmed: disk/raw for 2000 images');
    terminal.type('q');
    await terminal.shows('ended 0');
    expect(answersIn(file)).toEqual([{ id: A, answer: 'disk', author: 'Bob  Müller', reason: null }]);
    expect(readFileSync(file, 'utf8')).not.toContain('images_now');
  });
});

describe('without a terminal', () => {
  test('the list, and what is left; exit 4 where that was asked for', async () => {
    const text = replanned(written(written(TEXT, A, 'answer', '2'), B, 'answer', 'leave'), [
      question(A, 2_000),
      ...ASKED.slice(1),
    ]);
    const file = place(text);
    const { code, stdout, stderr } = await runCli(['questions', file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/2,000 {2}raw-bare-0000000a {2}raw\/bare {2}grown +kernel\/raw\n/);
    expect(stdout).toMatch(/50 {2}raw-bare-0000000b {2}raw\/bare {2}answered {2}leave\n/);
    expect(stdout).toMatch(/20 {2}ami-bare-0000000c {2}raw\/bare {2}open\n/);
    expect(stdout).toContain('1 question not answered, 1 question grown since answered: 2,020 images of 2,070.');
    expect((await runCli(['questions', file, '--fail-on', 'unanswered'])).code).toBe(4);
    expect(readFileSync(file, 'utf8')).toBe(text);
    const done = place(written(fileOf([question(A, 1)]), A, 'answer', '1'));
    expect((await runCli(['questions', done, '--fail-on', 'unanswered'])).code).toBe(0);
  });

  test('a file of answers alone asks nothing', async () => {
    const { code, stdout } = await runCli(['questions', place('answers:\n  - images: [x]\n    answer: leave\n')]);
    expect(code).toBe(0);
    expect(stdout).toContain('There are no questions in this file.');
    expect(stdout).toContain('1 more answer for image ids and conditions');
  });

  test.each([
    ['no file', null, 'no such file'],
    ['not YAML', 'a: [', 'DECISIONS_FILE'],
    ['another layout', JSON.stringify({ answers: [{ images: ['x'], answer: 'leave' }] }), 'key: value'],
    ['facts changed by hand', TEXT.replace('images: 50', 'images: 51'), 'as plan wrote them'],
  ])('%s: exit 2', async (_, text, words) => {
    const file = text === null ? join(tmpdir(), 'glance-retype-no-such-file') : place(text);
    const { code, stderr } = await runCli(['questions', file]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(existsSync(file) ? readFileSync(file, 'utf8') : null).toBe(text);
  });

  test('bytes that are no text, a folder, standard input, an author of two lines', async () => {
    const file = place();
    writeFileSync(file, Buffer.from([0x61, 0xff, 0x0a]));
    expect((await runCli(['questions', file])).stderr).toContain('bytes that are not UTF-8');
    expect((await runCli(['questions', join(file, '..')])).stderr).toContain('something else than a file');
    const nothing = await runCli(['questions', '-']);
    expect([nothing.code, nothing.stderr.includes('\0')]).toEqual([2, false]);
    expect((await runCli(['questions', place(), '--author', 'a\nb'])).code).toBe(2);
  });
});
