import type { AnswerRemark, AnswerRemarkKind } from '../model/answer.ts';
import { type AnswerTally, imagesText, targetText } from './answer-tally.ts';
import type { Answers } from './answer/answer.ts';
import { mostImages } from './answer/growth.ts';
import { answerWords } from './answer/words.ts';

/** What a review is made against. */
export interface ReviewedNow {
  readonly rulesDigest: string;
  readonly database: string;
}

/**
 * Ids of one answer that get a remark of their own. A list made for another database would otherwise hide all other
 * remarks.
 */
const IDS_NAMED = 20;

/** Remarks on the file as a whole. */
export function fileRemarks({ file, askedBy }: Answers, now: ReviewedNow): readonly AnswerRemark[] {
  if (askedBy === null) return [];
  const remarks: AnswerRemark[] = [];
  if (askedBy.database !== now.database) {
    remarks.push(
      warning('other-database', file, `the questions were asked of ${askedBy.database}, not of ${now.database}`),
    );
  }
  if (askedBy.rulesDigest !== now.rulesDigest) {
    const rules = `rules ${askedBy.rulesDigest.slice(0, 12)}; the rules now are ${now.rulesDigest.slice(0, 12)}`;
    remarks.push(warning('other-rules', file, `the questions were asked under ${rules}`));
  }
  return remarks;
}

/** Remarks on one answer, in the order of the kinds. */
export function remarksOn(tally: AnswerTally, growthLimitPercent: number): readonly AnswerRemark[] {
  const { answer, images, outside, againstProof } = tally;
  const { place, value } = answer;
  const words = answerWords(value);
  return [
    ...imageRemarks(tally),
    ...meetingRemarks(tally),
    ...(againstProof === 0
      ? []
      : [warning('against-proof', place, `${words} goes against a proof for ${share(tally, againstProof)}`)]),
    ...(outside === 0 || images === 0
      ? []
      : [
          warning(
            'outside',
            place,
            `${words} is not among the answers that the rules offer for ${share(tally, outside)}`,
          ),
        ]),
    ...growthRemarks(tally, growthLimitPercent),
  ];
}

/** `2 of 40 images`, or `40 images, first 6e…`; the samples belong to the answer as a whole. */
function share({ images, samples }: AnswerTally, count: number): string {
  const [first] = samples;
  if (count !== images) return `${count} of ${imagesText(images)}`;
  return `${imagesText(images)}${first === undefined ? '' : `, first ${first}`}`;
}

function imageRemarks({ answer, named }: AnswerTally): readonly AnswerRemark[] {
  const remarks: AnswerRemark[] = [];
  const amiss = named.filter(({ seen }) => seen !== 'payload');
  for (const { id, place, seen } of amiss.slice(0, IDS_NAMED)) {
    if (seen === 'no-payload') {
      remarks.push(warning('nothing-met', place, `image ${id} has no payload to type; nothing is written to it`));
    } else {
      const what = seen === 'deleted' ? 'is soft-deleted' : 'is not in the database';
      remarks.push(warning('unknown-image', place, `image ${id} ${what}`));
    }
  }
  const rest = amiss.length - IDS_NAMED;
  if (rest > 0) {
    remarks.push(
      warning(
        'unknown-image',
        answer.place,
        `${imagesText(rest)} more of this answer are not live images with a payload`,
      ),
    );
  }
  return remarks;
}

function meetingRemarks({ answer, images, population, met }: AnswerTally): readonly AnswerRemark[] {
  const { place, to } = answer;
  if (images > 0 || to.kind === 'images') return [];
  if (population?.now === 0) {
    return [warning('unknown-question', place, `${targetText(to)} is not asked: no image belongs to it`)];
  }
  return population !== null || met === 'yes'
    ? [warning('all-taken', place, `${targetText(to)}: more specific answers take all of its images`)]
    : [warning('nothing-met', place, `${targetText(to)}: no undecided image meets it`)];
}

function growthRemarks({ answer, population }: AnswerTally, growthLimitPercent: number): readonly AnswerRemark[] {
  const { place, to, value } = answer;
  if (population === null) return [];
  const most = mostImages(population.written, growthLimitPercent);
  if (population.now <= most) return [];
  const text = `${targetText(to)} had ${imagesText(population.written)} when it was answered and has ${population.now} now; at most ${most} are allowed`;
  // Images that stay undecided on purpose are never written, however many there are.
  return [{ kind: 'grown', place, text, weight: value.kind === 'leave' ? 'warns' : 'refuses' }];
}

function warning(kind: AnswerRemarkKind, place: string, text: string): AnswerRemark {
  return { kind, place, text, weight: 'warns' };
}
