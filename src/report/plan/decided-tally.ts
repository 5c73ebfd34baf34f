import type { DecidedDecision, Classification } from '../../model/decision.ts';
import { DISPOSITIONS, type Envelope, type Format } from '../../model/vocabulary.ts';
import { biggestFirst, type Counting, totalOf } from './bounded-groups.ts';
import type { CutoverCount, OneFieldLoss, PlanSummary } from './summary-shape.ts';

/**
 * Counts decided images for the cutover and the one-field proposal. Keys are words of the vocabulary, so the maps are
 * bounded.
 */
export class DecidedTally {
  readonly #cutover = new Map<string, Counting<CutoverCount>>();
  readonly #words = new Map<Format, number>();
  readonly #lost = new Map<string, Counting<OneFieldLoss>>();
  readonly #envelopes = new Map<Envelope, number>();
  #decided = 0;

  add({ novaToday, disposition, classification, oneField }: DecidedDecision, count: number): void {
    this.#decided += count;
    countIn(this.#cutover, `${novaToday} ${disposition}`, () => ({ novaToday, disposition, count: 0 }), count);
    if (classification.envelope !== null) {
      this.#envelopes.set(classification.envelope, (this.#envelopes.get(classification.envelope) ?? 0) + count);
    }
    if (oneField.format === null) {
      countIn(
        this.#lost,
        classificationKey(classification),
        () => ({ classification, why: oneField.why, count: 0 }),
        count,
      );
    } else {
      this.#words.set(oneField.format, (this.#words.get(oneField.format) ?? 0) + count);
    }
  }

  cutover(): PlanSummary['cutover'] {
    const place = (word: CutoverCount['disposition']): number => DISPOSITIONS.indexOf(word);
    const matrix = [...this.#cutover.values()]
      .map((cell) => ({ ...cell }))
      .sort((a, b) => place(a.novaToday) - place(b.novaToday) || place(a.disposition) - place(b.disposition));
    const different = matrix.filter((cell) => cell.novaToday !== cell.disposition);
    return { decided: this.#decided, different: totalOf(different), matrix };
  }

  oneField(): PlanSummary['oneField'] {
    const words = [...this.#words].map(([format, count]) => ({ format, count }));
    const lost = [...this.#lost.values()].map((loss) => ({ ...loss }));
    const envelopes = [...this.#envelopes].map(([envelope, count]) => ({ envelope, count }));
    return {
      words: biggestFirst(words, (item) => item.format),
      lost: biggestFirst(lost, (item) => classificationKey(item.classification)),
      envelopes: biggestFirst(envelopes, (item) => item.envelope),
    };
  }
}

/** A type by value, whatever order the keys of the object were written in. */
export function classificationKey({ imageType, containerType, envelope }: Classification): string {
  return `${imageType} ${containerType} ${envelope ?? ''}`;
}

function countIn<T extends { count: number }>(groups: Map<string, T>, key: string, make: () => T, count: number): void {
  const group = groups.get(key) ?? make();
  group.count += count;
  groups.set(key, group);
}
