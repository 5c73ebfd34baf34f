import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { dueSignature, parseQuestions, type QuestionsDocument } from '../../../src/answers/file/document.ts';
import { readAnswers } from '../../../src/answers/read/answers.ts';
import { readCommand, readReason } from '../../../src/answers/walk/command.ts';
import { stepWalk, type WalkStep } from '../../../src/answers/walk/step.ts';
import { beginWalk, currentEntry, entryState, walkCounts, type Walk } from '../../../src/answers/walk/walk.ts';
import { blockOf, fileOf, question, replanned, written } from '../support/questions-builder.ts';
import { runs } from '../../support/effort.ts';

const A = 'raw-bare-0000000a';
const B = 'raw-bare-0000000b';
const C = 'ami-bare-0000000c';
const ASKED = [question(A, 100), question(B, 50), question(C, 20, { candidates: [], status: 'unmappable' })];
const TEXT = fileOf(ASKED);
const ADA = { author: 'ada', today: '2026-11-24' };

function documentOf(text: string): QuestionsDocument {
  const document = parseQuestions(text);
  if (document === null) throw new Error('not a file of questions');
  return document;
}

/** Types lines one after the other, as the shell does. */
function typed(walk: Walk, ...lines: readonly string[]): WalkStep {
  let step: WalkStep = { walk, shown: [], after: 'go-on' };
  for (const line of lines) {
    const asked = step.walk;
    const command = asked.asks === 'reason' ? readReason(line) : readCommand(line, currentEntry(asked));
    step = stepWalk(asked, command, ADA);
    const { document } = step.walk;
    expect(document.signature).toBe(dueSignature(document));
  }
  return step;
}

const begun = (text = TEXT) => beginWalk(documentOf(text), 10);
const at = ({ walk }: WalkStep) => currentEntry(walk)?.facts.id ?? null;
const textOf = ({ walk }: WalkStep) => walk.document.text;
const notes = ({ shown }: WalkStep) => shown.flatMap((one) => (one.kind === 'note' ? [one.text] : []));

describe('answering', () => {
  test('a number is the candidate of that number, written out, with author, date and reason', () => {
    const step = typed(begun(), '2', 'seen at boot: "yes"');
    expect(blockOf(textOf(step), A)).toContain(
      '    answer: kernel/raw\n    author: ada\n    date: 2026-11-24\n    reason: "seen at boot: \\"yes\\""',
    );
    expect(at(step)).toBe(B);
    expect(readAnswers({ path: 'q.yaml', text: textOf(step) }).answers).toMatchObject([
      {
        id: A,
        value: { kind: 'classification', classification: { imageType: 'kernel' } },
        author: 'ada',
        reason: 'seen at boot: "yes"',
      },
    ]);
  });

  test('it stands in the file before the reason is asked for', () => {
    const step = typed(begun(), '1');
    expect(step.walk.asks).toBe('reason');
    expect(blockOf(textOf(step), A)).toContain('answer: disk/raw\n    author: ada\n    date: 2026-11-24\n    reason:');
    expect(at(step)).toBe(A);
    expect(textOf(typed(step.walk, ''))).toBe(textOf(step));
  });

  test('nothing else in the file changes', () => {
    const mine = TEXT.replace('    rule: TUPLE-RAW', '    rule:   TUPLE-RAW   # hm').replaceAll('\n', '\r\n');
    const lines = textOf(typed(begun(mine), '3', 'x', 'l', '')).split('\r\n');
    expect(lines.filter((line) => !mine.split('\r\n').includes(line)).map((line) => line.trim())).toEqual([
      'answer: disk/vmdk in ova',
      'author: ada',
      'date: 2026-11-24',
      'reason: x',
      'answer: leave',
      'author: ada',
      'date: 2026-11-24',
    ]);
  });

  test('words of the model, in any case; an answer that is not a candidate is written and remarked', () => {
    const step = typed(begun(), 'Ramdisk / RAW  in compressed');
    expect(blockOf(textOf(step), A)).toContain('answer: ramdisk/raw in compressed');
    expect(notes(step)).toEqual([expect.stringContaining('not among the candidates')]);
    // Where there are no candidates nothing is outside.
    expect(notes(typed(begun(), `g ${C}`, 'other/raw'))).toEqual([]);
  });

  test('keys that a person took out of the file come back', () => {
    const bare = TEXT.replaceAll(/^ {4}(?:answer|author|date|reason):\n/gm, '');
    const step = typed(begun(bare), '1', 'so');
    expect(readAnswers({ path: 'q.yaml', text: textOf(step) }).answers).toMatchObject([
      { id: A, author: 'ada', reason: 'so' },
    ]);
  });

  test('an earlier answer is written over, its reason too', () => {
    const mine = written(
      written(TEXT, A, 'answer', "'leave' # hm"),
      A,
      'reason',
      '>-\n      long\n      story # not a comment',
    );
    const step = typed(begun(mine), `g ${A}`, '1', '');
    expect(blockOf(textOf(step), A)).toMatch(
      /answer: disk\/raw # hm\n {4}author: ada\n {4}date: 2026-11-24\n {4}reason:$/,
    );
  });

  test.each([
    ['9', 'the candidates have the numbers 1 to 3'],
    ['0', 'the candidates have the numbers 1 to 3'],
    ['disc/raw', 'the types are kernel, ramdisk'],
    ['disk/rwa', 'the containers are raw, cow'],
    ['disk/raw in box', 'the envelopes are ova'],
    ['disk/raw in ova or so', 'and nothing else'],
    ['constructor', '? for help'],
    ['\u001b[31m', '? for help'],
    ['g', 'g needs the id'],
    ['g nowhere', 'no question here'],
    ['g raw-bare', '2 questions here'],
    ['c', 'can be confirmed'],
    ['b', 'nothing to take back'],
  ])('%j is not an answer', (line, hint) => {
    const walk = begun();
    const step = typed(walk, line);
    expect(notes(step).join()).toContain(hint);
    expect(step.walk).toEqual(walk);
  });

  test('a reason that cannot stand in the file is asked for again', () => {
    const step = typed(begun(), '1', 'x'.repeat(1_001));
    expect([notes(step).length, step.walk.asks]).toEqual([1, 'reason']);
    expect(notes(typed(step.walk, 'a\tb'))).toHaveLength(1);
    expect(at(typed(step.walk, 'x'.repeat(1_000)))).toBe(B);
  });
});

describe('going about', () => {
  test('skipped questions are not asked again, and the end says so', () => {
    const step = typed(begun(), '', 's', 'l', '');
    expect([at(step), step.shown]).toEqual([null, [{ kind: 'end' }]]);
    expect(typed(step.walk, '').after).toBe('quit');
    expect(at(typed(step.walk, 'g 2'))).toBe(B);
  });

  test('the walk begins at the first open question, and comes back to those before', () => {
    const mine = written(TEXT, A, 'answer', 'leave');
    expect(at(typed(begun(mine)))).toBe(B);
    expect(at(typed(begun(), 'g ami', 'l', ''))).toBe(A);
  });

  test('nothing to ask', () => {
    const walk = begun(fileOf([]));
    expect([walk.at, typed(walk, '1').shown, typed(walk, 'q').after]).toEqual([
      null,
      [{ kind: 'note', weight: 'warn', text: expect.stringContaining('no question is open') as string }],
      'quit',
    ]);
  });

  test('details, help, save', () => {
    expect(typed(begun(), 'e').shown).toEqual([{ kind: 'details' }]);
    expect(typed(begun(), '?').shown).toEqual([{ kind: 'help' }]);
    expect(typed(begun(), 'w').after).toBe('save');
  });
});

describe('taking back', () => {
  test('answer and reason go together; the question is asked again', () => {
    const step = typed(begun(), '1', 'so', '2', 'too', 'b');
    expect(at(step)).toBe(B);
    expect(textOf(step)).toBe(textOf(typed(begun(), '1', 'so')));
    const first = typed(step.walk, 'u');
    expect([at(first), textOf(first)]).toEqual([A, TEXT]);
  });

  test('instead of a reason', () => {
    const step = typed(begun(), '1', 'b');
    expect([at(step), step.walk.asks, textOf(step)]).toEqual([A, 'answer', TEXT]);
  });

  test('any way back to the beginning gives the file as it was, to the byte', () => {
    const grown = replanned(written(written(TEXT, A, 'answer', '1 # mine'), B, 'answer', 'leave'), [
      question(A, 300),
      question(B, 70),
      ...ASKED.slice(2),
    ]);
    const line = fc.constantFrom(
      '1',
      '2',
      'kernel/raw',
      'l',
      '',
      'b',
      'c',
      'g 1',
      'g 2',
      'g 3',
      'why # "not"',
      'e',
      'é\u202e',
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 25 }),
        fc.constantFrom(TEXT, grown, TEXT.replaceAll('\n', '\r\n')),
        (lines, text) => {
          let { walk } = typed(begun(text), ...lines);
          while (walk.deeds.length > 0) ({ walk } = stepWalk(walk, { kind: 'undo' }, ADA));
          expect(walk.document.text).toBe(text);
        },
      ),
      runs(150),
    );
  });
});

describe('a group that has grown', () => {
  const answered = written(written(TEXT, A, 'answer', '2   # kernels'), A, 'reason', 'seen');
  const others = ASKED.slice(1);
  const now = (images: number) => replanned(answered, [question(A, images), ...others]);

  test('is asked again only past the limit', () => {
    const state = (images: number) => {
      const entry = documentOf(now(images)).questions[0];
      return entry === undefined ? null : entryState(entry, 10);
    };
    expect([90, 100, 101, 110, 111].map(state)).toEqual(['answered', 'answered', 'answered', 'answered', 'grown']);
    expect(at(typed(begun(now(111))))).toBe(A);
    expect(at(typed(begun(now(110))))).toBe(B);
  });

  test('confirmed, its answer speaks for the images that there are now', () => {
    const step = typed(begun(now(140)), 'c');
    expect(blockOf(textOf(step), A)).toContain('images: 140\n    disk_format');
    expect(blockOf(textOf(step), A)).toContain(
      'answer: 2   # kernels\n    author: ada\n    date: 2026-11-24\n    reason: seen',
    );
    expect(notes(step)).toEqual(['confirmed: kernel/raw for 140 images']);
    expect(readAnswers({ path: 'q.yaml', text: textOf(step) }).answers).toMatchObject([{ to: { written: 140 } }]);
    expect(textOf(typed(step.walk, 'b'))).toBe(now(140));
  });

  test('answered anew, too', () => {
    expect(blockOf(textOf(typed(begun(now(140)), '1', '')), A)).toContain('images: 140\n    disk_format');
  });

  test('what is left alone on purpose may grow', () => {
    const left = replanned(written(TEXT, A, 'answer', 'leave'), [question(A, 900), ...others]);
    expect(at(typed(begun(left)))).toBe(B);
  });

  test('counts', () => {
    const { document } = typed(begun(now(140)), `g ${B}`, 'l', '').walk;
    expect(walkCounts(document, 10)).toEqual({
      questions: 3,
      answered: 1,
      grown: 1,
      open: 1,
      images: 210,
      imagesAnswered: 50,
      imagesOpen: 160,
      otherAnswers: 0,
    });
  });
});
