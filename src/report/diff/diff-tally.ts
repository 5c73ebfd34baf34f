import {
  biggestFirst,
  boundedText,
  boundedWord,
  createBoundedGroups,
  hasRoom,
  type SeenSample,
} from '../plan/bounded-groups.ts';
import { causesOf, CHANGE_KINDS, type ChangeKind, type ImageChange, isTransition } from './compare.ts';
import type { DiffSide, DiffSummary, Outcome, Transition } from './diff-summary.ts';
import type { PlanRecord } from './plan-record.ts';

/** Transitions counted separately: more than a site has. */
const TRANSITION_LIMIT = 2_000;
/** The registry has some thirty codes; a file may hold any text. */
const FINDING_LIMIT = 200;

interface Counted {
  count: number;
  readonly samples: SeenSample[];
}

/** Counts changes as they are found. Memory does not grow with the number of images. */
export class DiffTally {
  readonly #kinds = new Map<ChangeKind, Counted>();
  readonly #transitions = createBoundedGroups<Counted & Pick<Transition, 'before' | 'after' | 'causes'>>(
    TRANSITION_LIMIT,
  );
  readonly #findings = createBoundedGroups<{ readonly code: string; came: number; went: number }>(FINDING_LIMIT);
  #changed = 0;
  #beyond = 0;

  add(change: ImageChange): void {
    this.#changed += 1;
    const name = (change.after ?? change.before)?.name ?? null;
    const sample = { order: this.#changed, id: boundedText(change.imageId), name: boundedWord(name) };
    for (const kind of change.kinds) {
      const counted = this.#kinds.get(kind) ?? { count: 0, samples: [] };
      this.#kinds.set(kind, counted);
      count(counted, sample);
    }
    if (isTransition(change)) this.#addTransition(change, sample);
    if (change.kinds.includes('findings')) this.#addFindings(change);
  }

  result(before: DiffSide, after: DiffSide): DiffSummary {
    const counted = (kind: ChangeKind): number => this.#kinds.get(kind)?.count ?? 0;
    const inBoth = before.images - counted('gone');
    return {
      before,
      after,
      same: inBoth - (this.#changed - counted('gone') - counted('added')),
      changed: this.#changed,
      kinds: CHANGE_KINDS.flatMap((kind) => {
        const found = this.#kinds.get(kind);
        return found === undefined ? [] : [{ kind, count: found.count, samples: plain(found.samples) }];
      }),
      transitions: biggestFirst(this.#transitions.values(), transitionKey).map((found) => ({
        ...found,
        samples: plain(found.samples),
      })),
      otherTransitions: this.#beyond,
      findings: biggestFirst(
        this.#findings.values().map((found) => ({ ...found, count: found.came + found.went })),
        ({ code }) => code,
      ).map(({ code, came, went }) => ({ code, came, went })),
      headers: headerChanges(before, after),
    };
  }

  #addTransition(change: ImageChange, sample: SeenSample): void {
    const head = {
      before: outcomeOf(change.before),
      after: outcomeOf(change.after),
      causes: causesOf(change),
    };
    const counted = this.#transitions.of(transitionKey(head), () => ({ ...head, count: 0, samples: [] }));
    if (counted === null) this.#beyond += 1;
    else count(counted, sample);
  }

  #addFindings({ before, after }: ImageChange): void {
    const [old, now] = [new Set(before?.findings), new Set(after?.findings)];
    for (const code of new Set([...old, ...now])) {
      if (old.has(code) === now.has(code)) continue;
      const short = boundedText(code);
      const counted = this.#findings.of(short, () => ({ code: short, came: 0, went: 0 }));
      if (counted !== null) counted[now.has(code) ? 'came' : 'went'] += 1;
    }
  }
}

function count(counted: Counted, sample: SeenSample): void {
  counted.count += 1;
  if (hasRoom(counted.samples)) counted.samples.push(sample);
}

function plain(samples: readonly SeenSample[]): DiffSummary['kinds'][number]['samples'] {
  return samples.map(({ id, name }) => ({ id, name }));
}

function outcomeOf(record: PlanRecord | null): Outcome | null {
  if (record === null) return null;
  const { status, image_type, container_type, envelope, candidates } = record;
  return {
    disk_format: boundedWord(record.disk_format),
    container_format: boundedWord(record.container_format),
    status,
    image_type,
    container_type,
    envelope,
    candidates,
  };
}

/** Candidates in another order are the same outcome: hints move them image by image. */
function transitionKey({ before, after, causes }: Omit<Transition, 'count' | 'samples'>): string {
  return JSON.stringify([outcomeKey(before), outcomeKey(after), causes]);
}

function outcomeKey(outcome: Outcome | null): unknown {
  if (outcome === null) return null;
  const { candidates, ...rest } = outcome;
  return [rest, candidates.map((candidate) => JSON.stringify(candidate)).toSorted()];
}

function headerChanges(before: DiffSide, after: DiffSide): DiffSummary['headers'] {
  if (before.header === null || after.header === null) return [];
  const [old, now] = [before.header, after.header];
  return Object.keys(old).flatMap((key) => {
    const [left, right] = [old[key], now[key]];
    // Neither the time of a plan nor a key that one version does not write yet says anything about its result.
    if (key === 'created_at' || left === undefined || right === undefined || left === right) return [];
    return [{ key, before: left, after: right }];
  });
}
