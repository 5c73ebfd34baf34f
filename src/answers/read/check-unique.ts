import type { Problem } from '../../model/error.ts';
import { predicateKey } from '../answer/digest.ts';
import type { Answer } from '../answer/answer.ts';
import { comparableId } from '../answer/comparable-id.ts';
import type { ReadQuestion } from './question.ts';

/** Nothing may be answered or asked twice, because it would be arbitrary which of two answers counts. */
export function checkUnique(
  path: string,
  questions: readonly ReadQuestion[],
  answers: readonly Answer[],
  problems: Problem[],
): void {
  const once = (what: string, advice: string) => {
    const places = new Map<string, string>();
    return (key: string, name: string, place: string): void => {
      const first = places.get(key);
      if (first === undefined) {
        places.set(key, place);
        return;
      }
      problems.push({ place, expected: `${what} once`, found: `${name}, as in ${first}`, advice });
    };
  };
  const question = once('every question', 'keep one of the two');
  for (const { facts, place } of questions) question(facts.id, facts.id, place);

  const id = once('every id of an answer', 'give one of the two another id');
  const image = once('every image', 'keep one of the two answers');
  const when = once('every set of conditions', 'keep one of the two answers, or say more about the images');
  const asked = new Set(questions.map(({ facts }) => facts.id));
  for (const answer of answers) {
    const { to } = answer;
    const place = full(path, answer.place);
    // A repeated question was reported above.
    if (to.kind !== 'question' && asked.has(answer.id)) {
      problems.push({
        place,
        expected: 'an id that is no question of the file',
        found: answer.id,
        advice: 'give the answer another id',
      });
    }
    if (to.kind !== 'question') id(answer.id, answer.id, place);
    if (to.kind === 'predicate') when(predicateKey(to.when), 'the same conditions', place);
    if (to.kind === 'images') {
      for (const named of to.images) image(comparableId(named.id), named.id, full(path, named.place));
    }
  }
}

/** Places of answers have no directories, but a problem names the file as it was typed. */
function full(path: string, place: string): string {
  return `${path}:${place.slice(place.lastIndexOf(':') + 1)}`;
}
