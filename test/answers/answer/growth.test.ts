import { describe, expect, it } from 'vitest';

import { growthRefusal, mostImages } from '../../../src/answers/answer/growth.ts';
import type { AnswerRemark } from '../../../src/model/answer.ts';

describe('the growth limit', () => {
  it.each([
    [10, 10, 11],
    [1, 10, 2],
    [0, 10, 0],
    [100, 0, 100],
    [7, 0.5, 8],
    [3, 1_000, 33],
  ])('of %i images and %d %% allows %i', (written, percent, most) => {
    expect(mostImages(written, percent)).toBe(most);
  });

  const remark = (weight: AnswerRemark['weight'], place: string): AnswerRemark => ({
    kind: 'grown',
    place,
    text: 'has grown',
    weight,
  });
  const review = (remarks: readonly AnswerRemark[]) => ({ file: 'a.yaml', digest: 'd', effects: [], remarks });

  it('refuses with every group that has grown too much, and only with these', () => {
    const refusal = growthRefusal(review([remark('warns', 'a:1'), remark('refuses', 'a:2'), remark('refuses', 'a:3')]));
    expect([refusal?.code, refusal?.problems.map(({ place }) => place)]).toEqual(['DECISIONS_GROWN', ['a:2', 'a:3']]);
  });

  it('refuses nothing where remarks only warn', () => {
    expect(growthRefusal(review([remark('warns', 'a:1')]))).toBeNull();
  });
});
