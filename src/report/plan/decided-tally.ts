import type { Classification, DecidedDecision } from '../../model/decision.ts';
import { type Disposition, DISPOSITIONS } from '../../model/vocabulary.ts';
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
    const counted = (effect: CutoverEffect): number => totalOf(matrix.filter((cell) => effectOf(cell) === effect));
    const [breaks, improves] = [counted('breaks'), counted('improves')];
    return { decided: this.#decided, different: breaks + improves, breaks, improves, matrix };
  }

  oneField(): OneField {
    return {
      words: biggestFirst([...this.#words.values()], (item) => item.format),
      lost: biggestFirst([...this.#lost.values()], (item) => classificationKey(item.classification)),
      envelopes: biggestFirst([...this.#envelopes.values()], (item) => item.envelope),
    };
  }
}

/** What the cutover does to an image: `breaks` where it is used today, and afterwards not, or in another way. */
export type CutoverEffect = 'same' | 'breaks' | 'improves';

interface Use {
  readonly novaToday: Disposition;
  readonly disposition: Disposition;
}

export function effectOf({ novaToday, disposition }: Use): CutoverEffect {
  if (novaToday === disposition) return 'same';
  return novaToday === 'refuse' ? 'improves' : 'breaks';
}

/** A server can be started from these. */
const STARTS: readonly Disposition[] = ['boot-disk', 'boot-with-kernel', 'attach-cdrom'];

/** The harm of a change, the worst first: 0 starts a server today and is refused afterwards; the highest improves. */
export function harmOf(use: Use): number {
  const { novaToday, disposition } = use;
  if (effectOf(use) !== 'breaks') return 4;
  const starts = STARTS.includes(novaToday);
  if (disposition === 'refuse') return starts ? 0 : 1;
  return starts && !STARTS.includes(disposition) ? 2 : 3;
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
