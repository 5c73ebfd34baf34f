import type { Answer, AnswerTo, NamedImage } from './answer/answer.ts';
import { compilePredicate, type Matcher, predicateText } from './answer/predicate.ts';

/** What was counted of one answer so far. */
export interface AnswerTally {
  readonly answer: Answer;
  images: number;
  settled: number;
  overruled: number;
  outside: number;
  againstProof: number;
  /** Ids, in reading order. */
  readonly samples: string[];
  /** Of a question: its images, whichever answer took them. */
  readonly population: { readonly written: number; now: number } | null;
  readonly meets: Matcher | null;
  /** Of conditions: whether any undecided image meets them, whichever answer took it. */
  met: 'not-asked' | 'not-yet' | 'yes';
  readonly named: readonly (NamedImage & { seen: 'nowhere' | 'deleted' | 'no-payload' | 'payload' })[];
}

export function newTally(answer: Answer): AnswerTally {
  const { to } = answer;
  return {
    answer,
    images: 0,
    settled: 0,
    overruled: 0,
    outside: 0,
    againstProof: 0,
    samples: [],
    population: to.kind === 'question' ? { written: to.written, now: 0 } : null,
    meets: to.kind === 'predicate' ? compilePredicate(to.when) : null,
    met: to.kind === 'predicate' ? 'not-yet' : 'not-asked',
    named: to.kind === 'images' ? to.images.map((image) => ({ ...image, seen: 'nowhere' })) : [],
  };
}

/** For a person: `question raw-bare-3fa2c19d`, `owner=4f…, name=vmlinuz*`, `2 images`. */
export function targetText(to: AnswerTo): string {
  switch (to.kind) {
    case 'question':
      return `question ${to.question}`;
    case 'predicate':
      return predicateText(to.when);
    case 'images':
      return imagesText(to.images.length);
  }
}

export function imagesText(count: number): string {
  return count === 1 ? '1 image' : `${count} images`;
}
