import { describe, expect, it } from 'vitest';

import { parseQuestions } from '../../../src/answers/file/document.ts';
import { notEditable, sealed, writeAnswer } from '../../../src/answers/file/edit.ts';
import { applySplices } from '../../../src/answers/file/splice.ts';
import { answersOf, facts, questionsFile } from '../support/answers-file.ts';

const SAID = { answer: 'kernel/raw', author: 'ada', date: '2026-11-24', reason: 'seen: at boot' };
function parsed(text: string) {
  const document = parseQuestions(text);
  const [entry] = document?.questions ?? [];
  if (document === null || entry === undefined) throw new Error('not parsed');
  return { document, entry };
}

describe('an answer written into a file', () => {
  it('is what the file says, and the file is still signed', () => {
    const { document, entry } = parsed(questionsFile({ questions: [[facts('q-1')]] }));
    const { text } = writeAnswer(document, entry, SAID).document;
    expect(text).toMatch(
      /answer: kernel\/raw *\n {4}author: ada *\n {4}date: 2026-11-24 *\n {4}reason: "seen: at boot"/,
    );
    expect(answersOf(text).answers).toMatchObject([{ id: 'q-1', author: 'ada', reason: 'seen: at boot' }]);
  });

  it('covers all images of today, and can be undone to the character', () => {
    const before = questionsFile({ questions: [[facts('q-1', { images: 10, imagesNow: 12 }), { answer: 'leave' }]] });
    const { document, entry } = parsed(before);
    const { document: made, back } = writeAnswer(document, entry, { ...SAID, reason: null });
    expect(made.questions[0]?.facts).toMatchObject({ images: 12, imagesNow: null });
    expect(back.reduce((text, round) => applySplices(text, round).text, made.text)).toBe(before);
  });

  it('is put into a question that has lost its keys', () => {
    const text = questionsFile({ questions: [[facts('q-1')]] }).replace(/\n {4}(?:answer|author|date|reason):/g, '');
    const { document, entry } = parsed(text);
    expect(answersOf(writeAnswer(document, entry, SAID).document.text).answers).toHaveLength(1);
  });
});

it('an edit that does not say what was meant is refused', () => {
  const { document } = parsed(questionsFile({ questions: [[facts('q-1')]] }));
  expect(() => sealed(document, [], () => false)).toThrow(notEditable().message);
});
