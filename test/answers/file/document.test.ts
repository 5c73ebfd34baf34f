import { describe, expect, it } from 'vitest';

import { documentFacts, dueSignature, parseQuestions } from '../../../src/answers/file/document.ts';
import { byHand, facts, questionsFile } from '../support/answers-file.ts';

const FILE = questionsFile({
  questions: [[facts('q-1', { images: 3, samples: [{ id: 'i', name: 'n' }] }), { answer: '1', reason: '1.0' }]],
});

describe('a questions file', () => {
  it('is read with its facts, its answers and their places', () => {
    const document = parseQuestions(FILE);
    const [entry] = document?.questions ?? [];
    expect(entry).toMatchObject({ answer: '1', author: null, reason: '1.0', dash: '  ', indent: '    ' });
    expect(entry?.facts).toEqual(facts('q-1', { images: 3, samples: [{ id: 'i', name: 'n' }] }));
    expect(FILE.slice(entry?.start, entry?.end)).toMatch(/^ {2}- id: q-1\n[^]*reason: 1.0$/);
  });

  it('is signed as its facts require', () => {
    const document = parseQuestions(FILE);
    if (document === null) throw new Error('not parsed');
    expect(dueSignature(document)).toBe(document.signature);
    const changed = parseQuestions(FILE.replace('images: 3', 'images: 4'));
    expect(changed === null ? null : dueSignature(changed)).not.toBe(document.signature);
  });

  it('keeps the line ends that it has', () => {
    expect([parseQuestions(FILE)?.eol, parseQuestions(FILE.replaceAll('\n', '\r\n'))?.eol]).toEqual(['\n', '\r\n']);
  });

  it('of answers alone has no facts', () => {
    expect(byHand('  - { images: a, answer: leave }\n').askedBy).toBeNull();
    const document = parseQuestions('answers:\n  - { images: a, answer: leave }\n');
    expect(document).toMatchObject({ otherAnswers: 1, planFields: null });
    expect(document === null ? '' : documentFacts(document)).toBeNull();
  });

  it.each([
    ['a map in braces', '{ questions: [] }'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
    ['a question in braces', 'questions:\n  - { id: q }\n'],
    ['a dash on a line of its own', 'questions:\n  -\n    id: q\n'],
    ['a syntax error', 'a: [\n'],
    ['a plan in braces', 'plan: { images: 1 }\nquestions: []\n'],
  ])('with %s cannot be edited', (_, text) => {
    expect(parseQuestions(text)).toBeNull();
  });
});
