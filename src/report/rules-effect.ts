import { type Classification, type Decision, isDecided } from '../model/decision.ts';
import { foldFormat } from '../model/fold-word.ts';
import type { ImageEvidence } from '../model/image.ts';
import type { Sample } from '../model/question.ts';
import type { DecisionStatus } from '../model/vocabulary.ts';
import type { RuleTable } from '../rules/table/rule-table.ts';
import {
  biggestFirst,
  boundedWord,
  type Counting,
  createBoundedGroups,
  getOrMake,
  hasRoom,
} from './plan/bounded-groups.ts';
import { classificationKey } from './plan/decided-tally.ts';

/** A decision as far as a comparison shows it. */
export interface Gist {
  readonly status: DecisionStatus;
  /** One where decided; the candidates, best first, where ambiguous; else none. */
  readonly classifications: readonly Classification[];
  readonly rule: string;
}

/** Images of one tuple that go from one answer to another. */
export interface Change {
  /** Folded; null is NULL or blank. */
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly before: Gist;
  readonly after: Gist;
  readonly count: number;
  /** The first five in reading order. */
  readonly samples: readonly Sample[];
}

/** What rules of the operator do to a database, compared with the shipped table. */
export interface Effect {
  /** Images met. */
  readonly images: number;
  /** Images that only the operator's rules decide. */
  readonly settled: number;
  /** Images that the shipped table decides and these rules decide differently or not at all. */
  readonly changed: number;
  /** Biggest first, without images that keep their answer. */
  readonly changes: readonly Change[];
  /** Images of changes that are not counted separately. */
  readonly otherChanges: number;
}

export interface RulesEffect {
  /** All rows of `images`. */
  readonly total: number;
  /** By id of the operator's row; every row is there. */
  readonly rows: ReadonlyMap<string, Effect>;
  /** By `disk vpc`, `container none`: images with that word. `aliases` says what becomes of them. */
  readonly aliasImages: ReadonlyMap<string, number>;
  /** Images that no row of the operator decides, and that come out differently because a word is read by an alias. */
  readonly aliases: Effect;
}

/** Changes counted separately for each row. */
const CHANGES_LIMIT = 200;

class EffectTally {
  readonly #changes = createBoundedGroups<Counting<Change> & { samples: Sample[] }>(CHANGES_LIMIT);
  #images = 0;
  #settled = 0;
  #changed = 0;
  #other = 0;

  add({ image }: ImageEvidence, before: Decision, after: Decision, difference: Difference): void {
    this.#images += 1;
    if (difference.kind === 'same') return;
    if (difference.kind === 'settled') this.#settled += 1;
    else this.#changed += 1;
    const diskFormat = foldFormat(image.diskFormat);
    const containerFormat = foldFormat(image.containerFormat);
    const change = this.#changes.of(JSON.stringify([diskFormat, containerFormat, difference.key]), () => ({
      diskFormat: boundedWord(diskFormat),
      containerFormat: boundedWord(containerFormat),
      before: gistOf(before),
      after: gistOf(after),
      count: 0,
      samples: [],
    }));
    if (change === null) {
      this.#other += 1;
      return;
    }
    change.count += 1;
    if (hasRoom(change.samples)) change.samples.push({ id: image.id, name: boundedWord(image.name) });
  }

  result(): Effect {
    const changes = biggestFirst(this.#changes.values(), (change) => JSON.stringify(change));
    return {
      images: this.#images,
      settled: this.#settled,
      changed: this.#changed,
      changes,
      otherChanges: this.#other,
    };
  }
}

interface Difference {
  readonly kind: 'same' | 'settled' | 'changed';
  /** Equal for equal pairs of answers. */
  readonly key: string;
}

/** Compares decisions by rules of the operator with those by the shipped table, image by image; memory is bounded. */
export class RulesEffectTally {
  readonly #rows: ReadonlyMap<string, EffectTally>;
  readonly #words: { readonly disk: ReadonlySet<string>; readonly container: ReadonlySet<string> };
  readonly #aliasImages: Map<string, number>;
  readonly #aliases = new EffectTally();
  /** Images share decisions, so each pair is compared once. */
  readonly #differences = new WeakMap<Decision, WeakMap<Decision, Difference>>();
  readonly #before: (evidence: ImageEvidence) => Decision;
  #total = 0;

  /**
   * @param table with the operator's rules
   * @param before decides by the shipped table alone
   */
  constructor(table: RuleTable, before: (evidence: ImageEvidence) => Decision) {
    this.#before = before;
    this.#rows = new Map(table.operator.map(({ id }) => [id, new EffectTally()]));
    const { disk, container } = table.vocabulary;
    this.#words = { disk: new Set(disk.aliases.keys()), container: new Set(container.aliases.keys()) };
    this.#aliasImages = new Map([
      ...[...this.#words.disk].map((word): [string, number] => [`disk ${word}`, 0]),
      ...[...this.#words.container].map((word): [string, number] => [`container ${word}`, 0]),
    ]);
  }

  /** @param after the decision with the operator's rules. */
  add(evidence: ImageEvidence, after: Decision): void {
    this.#total += 1;
    this.#countAlias('disk', evidence.image.diskFormat);
    this.#countAlias('container', evidence.image.containerFormat);
    const row = this.#rows.get(after.rule);
    const before = this.#before(evidence);
    const difference = this.#differenceOf(before, after);
    if (row !== undefined) row.add(evidence, before, after, difference);
    else if (difference.kind !== 'same') this.#aliases.add(evidence, before, after, difference);
  }

  result(): RulesEffect {
    return {
      total: this.#total,
      rows: new Map([...this.#rows].map(([id, tally]) => [id, tally.result()])),
      aliasImages: this.#aliasImages,
      aliases: this.#aliases.result(),
    };
  }

  #countAlias(column: 'disk' | 'container', text: string | null): void {
    if (this.#words[column].size === 0) return;
    const word = foldFormat(text);
    if (word === null || !this.#words[column].has(word)) return;
    const key = `${column} ${word}`;
    this.#aliasImages.set(key, (this.#aliasImages.get(key) ?? 0) + 1);
  }

  #differenceOf(before: Decision, after: Decision): Difference {
    const known = getOrMake(this.#differences, before, () => new WeakMap<Decision, Difference>());
    return getOrMake(known, after, () => compare(before, after));
  }
}

function compare(before: Decision, after: Decision): Difference {
  const [was, is] = [answerKey(before), answerKey(after)];
  const settled = isDecided(after) && (before.status === 'ambiguous' || before.status === 'unmappable');
  const kind = was === is ? 'same' : settled ? 'settled' : 'changed';
  return { kind, key: JSON.stringify([was, before.rule, is, after.rule]) };
}

function answerKey(decision: Decision): string {
  const { status, classifications } = gistOf(decision);
  return [status, ...classifications.map(classificationKey)].join(', ');
}

function gistOf(decision: Decision): Gist {
  const { status, rule } = decision;
  if (isDecided(decision)) return { status, classifications: [decision.classification], rule };
  return { status, classifications: decision.status === 'ambiguous' ? decision.candidates : [], rule };
}
