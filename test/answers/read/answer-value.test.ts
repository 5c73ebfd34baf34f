import { describe, expect, it } from 'vitest';

import { readAnswerValue } from '../../../src/answers/read/answer-value.ts';
import type { Problem } from '../../../src/model/error.ts';

const CANDIDATES = ['disk/raw', 'disk/vmdk in ova'];
function read(text: string | null, candidates: readonly string[] | null = CANDIDATES) {
  const problems: Problem[] = [];
  const value = readAnswerValue({ kind: 'scalar', place: 'f:1', line: 1, value: text, text }, candidates, problems);
  return { value, problems };
}

describe('the value of an answer', () => {
  it.each([
    ['2', { imageType: 'disk', containerType: 'vmdk', envelope: 'ova' }],
    [' kernel/raw ', { imageType: 'kernel', containerType: 'raw', envelope: null }],
  ])('%j is a classification', (text, classification) => {
    expect(read(text)).toEqual({ value: { kind: 'classification', classification }, problems: [] });
  });

  it('leave is no classification', () => {
    expect(read(' Leave ').value).toEqual({ kind: 'leave' });
  });

  it.each([
    ['0', CANDIDATES, 'or a number from 1 to 2'],
    ['3', CANDIDATES, 'or a number from 1 to 2'],
    ['1', [], 'or leave'],
    ['1', null, 'or leave'],
    ['disc/raw', CANDIDATES, 'or a number from 1 to 2'],
    [null, CANDIDATES, 'or a number from 1 to 2'],
  ])('%j with the candidates %j is refused', (text, candidates, expected) => {
    const { value, problems } = read(text, candidates);
    expect([value, problems.map((problem) => problem.expected.endsWith(expected))]).toEqual([null, [true]]);
  });
});
