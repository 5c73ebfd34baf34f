import type { AnswerReview } from '../../model/answer.ts';
import { RetypeError } from '../../model/error.ts';

/** Images that a question may have before its answer is asked for again; the limit is rounded up to whole images. */
export function mostImages(written: number, growthLimitPercent: number): number {
  return written + Math.ceil((written * growthLimitPercent) / 100);
}

/** DECISIONS_GROWN with every group that has grown past the limit; null where none has. */
export function growthRefusal({ remarks }: AnswerReview): RetypeError | null {
  const [first, ...rest] = remarks
    .filter(({ weight }) => weight === 'refuses')
    .map(({ place, text }) => ({
      place,
      expected: 'hardly more images than when the question was answered',
      found: text,
      advice:
        'plan again with --questions and this file, look at what is new, and confirm it: glance-retype questions FILE',
    }));
  return first === undefined ? null : new RetypeError('DECISIONS_GROWN', [first, ...rest]);
}
