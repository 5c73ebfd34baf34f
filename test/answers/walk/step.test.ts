import { describe, expect, it } from 'vitest';

import { parseQuestions } from '../../../src/answers/file/document.ts';
import type { WalkCommand } from '../../../src/answers/walk/command.ts';
import { stepWalk, type WalkStep } from '../../../src/answers/walk/step.ts';
import { beginWalk, currentEntry, type Walk } from '../../../src/answers/walk/walk.ts';
import { facts, questionsFile } from '../support/answers-file.ts';

const BY = { author: 'ada', today: '2026-11-24' };
function start(): Walk {
  const document = parseQuestions(questionsFile({ questions: [[facts('raw-1')], [facts('raw-2')]] }));
  if (document === null) throw new Error('not parsed');
  return beginWalk(document, 10);
}
const steps = (...commands: readonly WalkCommand[]): WalkStep =>
  commands.reduce<WalkStep>((step, command) => stepWalk(step.walk, command, BY), {
    walk: start(),
    shown: [],
    after: 'go-on',
  });
const at = ({ walk }: WalkStep): string | undefined => currentEntry(walk)?.facts.id;
const notes = ({ shown }: WalkStep): readonly string[] =>
  shown.flatMap((part) => (part.kind === 'note' ? [part.text] : []));

const ANSWER: WalkCommand = { kind: 'answer', answer: 'kernel/raw' };
const NO_REASON: WalkCommand = { kind: 'reason', reason: null };

describe('a step of the walk', () => {
  it('writes an answer, asks why, and goes on', () => {
    const answered = steps(ANSWER);
    expect([at(answered), answered.walk.asks]).toEqual(['raw-1', 'reason']);
    const reasoned = steps(ANSWER, { kind: 'reason', reason: 'seen' });
    expect([at(reasoned), reasoned.walk.asks]).toEqual(['raw-2', 'answer']);
    expect(reasoned.walk.document.questions[0]).toMatchObject({ answer: 'kernel/raw', author: 'ada', reason: 'seen' });
  });

  it('undoes an answer together with its reason', () => {
    const undone = steps(ANSWER, { kind: 'reason', reason: 'seen' }, { kind: 'undo' });
    expect([at(undone), undone.walk.document.text]).toEqual(['raw-1', start().document.text]);
    expect(notes(steps({ kind: 'undo' }))[0]).toMatch(/nothing to take back/);
  });

  it('goes to a question by its id, by its beginning, or by its number', () => {
    for (const to of ['raw-2', '2']) expect(at(steps({ kind: 'go', to }))).toBe('raw-2');
    expect(notes(steps({ kind: 'go', to: 'raw' }))[0]).toMatch(/^2 questions/);
    expect(notes(steps({ kind: 'go', to: 'x' }))[0]).toMatch(/^no question/);
  });

  it('ends when every question is answered or skipped', () => {
    const end = steps({ kind: 'skip' }, ANSWER, NO_REASON);
    expect([at(end), end.shown]).toEqual([undefined, [{ kind: 'end' }]]);
    expect(stepWalk(end.walk, { kind: 'skip' }, BY).after).toBe('quit');
  });

  it('warns of an answer outside the candidates and writes it all the same', () => {
    const step = steps({ kind: 'answer', answer: 'disk/qcow2' });
    expect(notes(step)[0]).toMatch(/not among the candidates/);
    expect(step.walk.document.questions[0]?.answer).toBe('disk/qcow2');
  });

  it('confirms only a group that has changed', () => {
    expect(notes(steps({ kind: 'confirm' }))[0]).toMatch(/only an answer whose group has changed/);
  });

  it('shows details of a question, and the end where there is none', () => {
    expect(steps({ kind: 'details' }).shown).toEqual([{ kind: 'details' }]);
    expect(steps({ kind: 'skip' }, { kind: 'skip' }, { kind: 'details' }).shown).toEqual([{ kind: 'end' }]);
  });

  it('saves and quits by leaving it to the caller', () => {
    expect([steps({ kind: 'save' }).after, steps({ kind: 'quit' }).after]).toEqual(['save', 'quit']);
  });
});
