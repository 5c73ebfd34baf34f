import type { Classification } from '../../../model/decision.ts';
import { CONTAINER_TYPES, IMAGE_TYPES, type ImageType } from '../../../model/vocabulary.ts';
import { biggestFirst } from '../../plan/bounded-groups.ts';
import { classificationKey } from '../../plan/decided-tally.ts';
import type { OutcomeCount, PlanSummary } from '../../plan/summary-shape.ts';
import { classificationText, tupleText } from '../../words/decision-words.ts';

/** Nodes of each side with a name of their own; more would not be readable. */
const SHOWN = 20;

/** How a node is filled: by image type, or by what has none. */
type FlowFill = ImageType | 'undecided' | 'not-applicable' | 'tuple';

export interface FlowNode {
  readonly label: string;
  readonly fill: FlowFill;
  /** A word from the database, or text of our own. */
  readonly kind: 'word' | 'text';
  readonly count: number;
}

interface FlowLink {
  /** Indexes into `sources` and `targets`. */
  readonly source: number;
  readonly target: number;
  readonly count: number;
}

/** Legacy tuples and what they become. Every count is above zero; sources, targets and links have the same total. */
export interface FlowGraph {
  /** Biggest first; `other tuples` is last. */
  readonly sources: readonly FlowNode[];
  /** Types in the order of the vocabulary, then other types, undecided images, images without a payload. */
  readonly targets: readonly FlowNode[];
  readonly links: readonly FlowLink[];
}

interface Target extends Omit<FlowNode, 'count'> {
  readonly key: string;
  readonly place: number;
}

const UNDECIDED: Target = { key: 'u', label: 'undecided', fill: 'undecided', kind: 'text', place: 1e6 };
const NOT_APPLICABLE: Target = { key: 'n', label: 'not applicable', fill: 'not-applicable', kind: 'text', place: 2e6 };
const OTHER_TYPES: Target = { key: 'o', label: 'other types', fill: 'other', kind: 'text', place: 5e5 };

export function flowGraph({ tuples, otherTuples }: PlanSummary): FlowGraph {
  const shownTypes = biggestTypes(tuples.flatMap(({ outcomes }) => outcomes));
  const rows = [
    ...tuples
      .slice(0, SHOWN)
      .map((tuple) => ({ label: tupleText(tuple), kind: 'word' as const, outcomes: tuple.outcomes })),
    { label: 'other tuples', kind: 'text' as const, outcomes: tuples.slice(SHOWN).flatMap(({ outcomes }) => outcomes) },
  ];
  const flows = rows.map(({ outcomes }, index) => {
    const flow = new Map<Target, number>();
    for (const outcome of outcomes) addTo(flow, targetOf(outcome, shownTypes), outcome.count);
    if (index === rows.length - 1) {
      const { byStatus } = otherTuples;
      addTo(flow, OTHER_TYPES, byStatus.exact + byStatus.inferred);
      addTo(flow, UNDECIDED, byStatus.ambiguous + byStatus.unmappable);
      addTo(flow, NOT_APPLICABLE, byStatus['not-applicable']);
    }
    return flow;
  });
  const totals = new Map<Target, number>();
  for (const flow of flows) for (const [target, count] of flow) addTo(totals, target, count);
  const targets = [...totals].sort(([a], [b]) => a.place - b.place);
  const links: FlowLink[] = [];
  const sources: FlowNode[] = [];
  for (const [index, flow] of flows.entries()) {
    const row = rows[index];
    if (row === undefined || flow.size === 0) continue;
    for (const [target, count] of flow) {
      links.push({ source: sources.length, target: targets.findIndex(([other]) => other === target), count });
    }
    const count = [...flow.values()].reduce((total, part) => total + part, 0);
    sources.push({ label: row.label, kind: row.kind, fill: 'tuple', count });
  }
  return { sources, targets: targets.map(([{ label, fill, kind }, count]) => ({ label, fill, kind, count })), links };
}

function biggestTypes(outcomes: readonly OutcomeCount[]): ReadonlyMap<string, Target> {
  const counts = new Map<string, { readonly classification: Classification; count: number }>();
  for (const { classification, count } of outcomes) {
    if (classification === null) continue;
    const known = counts.get(classificationKey(classification)) ?? { classification, count: 0 };
    known.count += count;
    counts.set(classificationKey(classification), known);
  }
  const shown = biggestFirst([...counts.values()], ({ classification }) => classificationKey(classification)).slice(
    0,
    SHOWN,
  );
  return new Map(
    shown.map(({ classification }): readonly [string, Target] => [
      classificationKey(classification),
      {
        key: classificationKey(classification),
        label: classificationText(classification),
        fill: classification.imageType,
        kind: 'word',
        place: placeOf(classification),
      },
    ]),
  );
}

function placeOf({ imageType, containerType, envelope }: Classification): number {
  const container = CONTAINER_TYPES.indexOf(containerType) * 2 + (envelope === null ? 0 : 1);
  return IMAGE_TYPES.indexOf(imageType) * 100 + container;
}

function targetOf({ status, classification }: OutcomeCount, shown: ReadonlyMap<string, Target>): Target {
  if (classification !== null) return shown.get(classificationKey(classification)) ?? OTHER_TYPES;
  return status === 'not-applicable' ? NOT_APPLICABLE : UNDECIDED;
}

function addTo(counts: Map<Target, number>, target: Target, count: number): void {
  if (count > 0) counts.set(target, (counts.get(target) ?? 0) + count);
}
