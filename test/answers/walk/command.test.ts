import { describe, expect, it } from 'vitest';

import { parseQuestions } from '../../../src/answers/file/document.ts';
import { readCommand, readReason, textFault } from '../../../src/answers/walk/command.ts';
import { facts, questionsFile } from '../support/answers-file.ts';

const entry = parseQuestions(questionsFile({ questions: [[facts('q-1')]] }))?.questions[0] ?? null;
const hint = (line: string, at = entry): string => {
  const command = readCommand(line, at);
  return command.kind === 'unclear' ? command.hint : command.kind;
};

describe('a line', () => {
  it.each([
    ['', { kind: 'skip' }],
    [' Q ', { kind: 'quit' }],
    ['?', { kind: 'help' }],
    ['l', { kind: 'answer', answer: 'leave' }],
    ['2', { kind: 'answer', answer: 'filesystem/raw' }],
    ['KERNEL/raw', { kind: 'answer', answer: 'kernel/raw' }],
    ['disk/vmdk in OVA', { kind: 'answer', answer: 'disk/vmdk in ova' }],
    ['g raw-bare', { kind: 'go', to: 'raw-bare' }],
    ['constructor', { kind: 'unclear' }],
  ])('%j is a command', (line, command) => {
    expect(readCommand(line, entry)).toMatchObject(command);
  });

  it.each([
    ['0', /numbers 1 to 3/],
    ['4', /numbers 1 to 3/],
    ['disc/raw', /types are kernel/],
    ['disk/zip', /containers are raw/],
    ['disk/raw in zip', /envelopes are ova/],
    ['disk/raw now', /nothing else/],
    ['hello', /type the number of a candidate/],
    ['g', /needs the id/],
    ['g a b', /needs the id/],
  ])('%j is not understood, and a hint says why', (line, text) => {
    expect(hint(line)).toMatch(text);
  });

  it('is no answer where no question is open', () => {
    expect(hint('disk/raw', null)).toMatch(/no question is open/);
    expect(readCommand('b', null)).toEqual({ kind: 'undo' });
  });
});

describe('a reason', () => {
  it.each([
    [' seen at boot ', { kind: 'reason', reason: 'seen at boot' }],
    ['', { kind: 'reason', reason: null }],
    ['q', { kind: 'quit' }],
    ['s', { kind: 'reason', reason: 's' }],
    ['a\tb', { kind: 'unclear', hint: 'a reason is one line without tabs or control characters' }],
  ])('%j', (line, command) => {
    expect(readReason(line)).toEqual(command);
  });

  it('has at most 1,000 characters', () => {
    expect(textFault('a'.repeat(1_000))).toBeNull();
    expect(textFault('a'.repeat(1_001))).toBe('has at most 1,000 characters; this one has 1001');
  });
});
