import type { Classification, DecidedDecision } from '../../model/decision.ts';
import { DISPOSITIONS } from '../../model/vocabulary.ts';
import { biggestFirst, totalOf } from './bounded-groups.ts';
import type { CutoverCount, OneFieldLoss, PlanSummary } from './report.ts';

type OneField = PlanSummary['oneField'];

/**
 * Counts decided images for the cutover and the one-field proposal. Keys are words of the vocabulary, so the maps are
 * bounded.
 */
export class DecidedTally {
  readonly #cutover = new Map<string, CutoverCount>();
  readonly #words = new Map<string, OneField['words'][number]>();
  readonly #lost = new Map<string, OneFieldLoss>();
  readonly #envelopes = new Map<string, OneField['envelopes'][number]>();
  #decided = 0;

  add({ novaToday, disposition, classification, oneField }: DecidedDecision, count: number): void {
    this.#decided += count;
    countIn(this.#cutover, `${novaToday} ${disposition}`, { novaToday, disposition, count });
    const { envelope } = classification;
    if (envelope !== null) countIn(this.#envelopes, envelope, { envelope, count });
    const { format } = oneField;
    if (format !== null) countIn(this.#words, format, { format, count });
    else countIn(this.#lost, classificationKey(classification), { classification, why: oneField.why, count });
  }

  cutover(): PlanSummary['cutover'] {
    const place = (word: CutoverCount['disposition']): number => DISPOSITIONS.indexOf(word);
    const matrix = [...this.#cutover.values()].sort(
      (a, b) => place(a.novaToday) - place(b.novaToday) || place(a.disposition) - place(b.disposition),
    );
    const different = matrix.filter((cell) => cell.novaToday !== cell.disposition);
    return { decided: this.#decided, different: totalOf(different), matrix };
  }

  oneField(): OneField {
    return {
      words: biggestFirst([...this.#words.values()], (item) => item.format),
      lost: biggestFirst([...this.#lost.values()], (item) => classificationKey(item.classification)),
      envelopes: biggestFirst([...this.#envelopes.values()], (item) => item.envelope),
    };
  }
}

/** A type by value, whatever order the keys of the object were written in. */
export function classificationKey({ imageType, containerType, envelope }: Classification): string {
  return `${imageType} ${containerType} ${envelope ?? ''}`;
}

/** Adds to the group of the key; the rest of it stays as it was when the group was met first. */
function countIn<T extends { readonly count: number }>(groups: Map<string, T>, key: string, item: T): void {
  const known = groups.get(key);
  groups.set(key, known === undefined ? item : { ...known, count: known.count + item.count });
}
