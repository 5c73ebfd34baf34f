import { describe, expect, it } from 'vitest';

import { readAnswer } from '../../../src/answers/read/answer.ts';
import type { Problem } from '../../../src/model/error.ts';
import { parseTree } from '../../../src/yaml/yaml-tree.ts';

function read(text: string) {
  const problems: Problem[] = [];
  const tree = parseTree({ path: 'dir/f', text }, problems);
  if (tree === null) throw new Error(text);
  return { answer: readAnswer(tree, { shown: 'f', problems }), found: problems.map(({ found }) => found) };
}

describe('an answer', () => {
  it('to images names each with its place', () => {
    expect(read('images: [ a, b ]\nanswer: leave\nauthor: ada\n').answer).toMatchObject({
      to: {
        kind: 'images',
        images: [
          { id: 'a', place: 'f:1' },
          { id: 'b', place: 'f:1' },
        ],
      },
      value: { kind: 'leave' },
      author: 'ada',
      date: null,
    });
  });

  it('without an id gets one that does not depend on its place', () => {
    const id = read('images: a\nanswer: leave\n').answer?.id;
    expect(id).toMatch(/^answer-[\da-f]{8}$/);
    expect(read('\n\nanswer: leave\nimages: a\n').answer?.id).toBe(id);
    expect(read('images: b\nanswer: leave\n').answer?.id).not.toBe(id);
  });

  it.each([
    ['answer: leave', 'neither'],
    ['{ images: a, when: { owner: o }, answer: leave }', 'both'],
    ['images: a', 'none'],
    ['{ images: [], answer: leave }', 'none'],
    ['{ images: a, answer: leave, id: "a b" }', '"a b"'],
    [`{ images: a, answer: leave, id: ${'i'.repeat(65)} }`, `"${'i'.repeat(65)}"`],
    ['[]', 'a list'],
  ])('%s is refused', (text, found) => {
    expect(read(text)).toEqual({ answer: null, found: [found] });
  });
});
