import type { Classification } from '../../model/decision.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';
import type { Contradiction, RowHead, TupleThen, Voter } from '../table/rule-table.ts';
import { distinctClassifications, sameClassification } from '../table/resolve.ts';

/** What the tuples row says, with placeholders resolved. */
export interface TupleAnswer {
  readonly row: RowHead;
  readonly outcome: TupleThen;
  /** Best first; empty if no word names a type. */
  readonly classifications: readonly Classification[];
  readonly envelope: Envelope | null;
}

/** What a references or properties row votes for, with placeholders resolved. */
export interface Vote {
  readonly voter: Voter;
  readonly row: RowHead;
  readonly types: readonly ImageType[];
  readonly container: ContainerType | null;
  readonly containerIfUnsaid: ContainerType | null;
}

export type Outcome =
  | {
      readonly kind: 'decided';
      readonly row: RowHead;
      readonly status: 'exact' | 'inferred';
      readonly classification: Classification;
    }
  | {
      readonly kind: 'ambiguous';
      readonly row: RowHead;
      readonly candidates: readonly [Classification, Classification, ...Classification[]];
      /** Hints order the candidates only if this is `open`. `content`: the bytes contradict the row. */
      readonly because: 'open' | 'contradiction' | 'content';
    }
  | {
      readonly kind: 'unmappable';
      readonly row: RowHead;
      readonly imageType: ImageType | null;
      readonly envelope: Envelope | null;
    };

/** The classifications of an outcome, best first; none if it is unmappable. */
export function classificationsOf(outcome: Outcome): readonly Classification[] {
  if (outcome.kind === 'decided') return [outcome.classification];
  return outcome.kind === 'ambiguous' ? outcome.candidates : [];
}

export interface Combination {
  readonly tuple: TupleAnswer;
  readonly votes: readonly Vote[];
  /** A live kernel that is not declared to be something else. */
  readonly ownKernel: 'proven' | 'unproven';
  /** `folded`: a word was folded or aliased, so the tuple alone is inferred at most. */
  readonly spelling: 'clean' | 'folded';
  readonly contradictions: ReadonlyMap<Contradiction, RowHead>;
}

/** Joins tuple and votes. A vote chooses among the types that the tuple allows, or is a contradiction. */
export function combine(input: Combination): Outcome {
  const { tuple, votes } = input;
  const types = [...new Set(votes.flatMap((vote) => vote.types))];
  const [type] = types;
  const [vote] = votes;
  if (type === undefined || vote === undefined) return tupleAlone(input);
  if (types.length > 1) return contradiction(input, types, splitRow(input));
  const options = tuple.classifications.length === 0 ? openOptions(input, type) : closedOptions(input, type);
  const [classification, second, ...others] = options;
  if (classification === undefined) return contradiction(input, types, headOf(input, 'evidence-and-tuple'));
  if (second !== undefined) {
    const row = tuple.classifications.length === 0 ? vote.row : tuple.row;
    return { kind: 'ambiguous', row, candidates: [classification, second, ...others], because: 'open' };
  }
  const unchanged =
    tuple.classifications.length === 1 &&
    sameClassification(classification, tuple.classifications[0] ?? classification);
  const status = statusOf(input, classification);
  const row = unchanged && !votes.some(isReference) ? tuple.row : vote.row;
  return { kind: 'decided', row, status, classification };
}

function tupleAlone({ tuple, spelling }: Combination): Outcome {
  const [first, second, ...others] = tuple.classifications;
  switch (tuple.outcome.status) {
    case 'unmappable':
      return { kind: 'unmappable', row: tuple.row, imageType: first?.imageType ?? null, envelope: tuple.envelope };
    case 'ambiguous':
      if (first === undefined || second === undefined) break;
      return { kind: 'ambiguous', row: tuple.row, candidates: [first, second, ...others], because: 'open' };
    case 'exact':
    case 'inferred': {
      if (first === undefined) break;
      const status = spelling === 'clean' ? tuple.outcome.status : 'inferred';
      return { kind: 'decided', row: tuple.row, status, classification: first };
    }
  }
  throw new Error(`rule ${tuple.row.id} has fewer classifications than its status needs`);
}

/** A live reference proves its type, and a live kernel an ami. The tuple proves itself if it was read as written. */
function statusOf(
  { tuple, votes, ownKernel, spelling }: Combination,
  classification: Classification,
): 'exact' | 'inferred' {
  if (votes.some(isReference)) return 'exact';
  if (
    tuple.outcome.exactWithOwnKernel === 'yes' &&
    ownKernel === 'proven' &&
    classification.imageType === 'filesystem'
  ) {
    return 'exact';
  }
  const agrees =
    tuple.outcome.status === 'exact' && tuple.classifications.some((own) => sameClassification(own, classification));
  return agrees && spelling === 'clean' ? 'exact' : 'inferred';
}

/** What a tuple with types allows for a type: its own classifications, or the admitted type in its container. */
function closedOptions({ tuple, votes }: Combination, type: ImageType): readonly Classification[] {
  // A tuple with a type but no container (root-tar) can be contradicted by a vote, but not decided.
  if (tuple.outcome.status === 'unmappable') return [];
  const admitted = tuple.outcome.admits.includes(type) ? tuple.classifications.slice(0, 1) : [];
  const containers = firmContainers(votes, type);
  return distinctClassifications([
    ...tuple.classifications.filter(({ imageType }) => imageType === type),
    ...admitted.map((classification) => ({ ...classification, imageType: type })),
  ]).filter((classification) => containers.every((container) => container === classification.containerType));
}

/** What a tuple without a type allows: the container of a trusted vote, else also all usual containers. */
function openOptions({ tuple, votes }: Combination, type: ImageType): readonly Classification[] {
  const voting = votes.filter((vote) => vote.types.includes(type));
  const brought = voting.find((vote) => broughtBy(vote) !== null && tuple.outcome.decidedBy.includes(vote.voter));
  const untrusted = voting.map(broughtBy).filter((container) => container !== null);
  const only = brought === undefined ? null : broughtBy(brought);
  const containers = only === null ? [...untrusted, ...tuple.outcome.openContainers] : [only];
  return distinctClassifications(
    containers.map((containerType) => ({ imageType: type, containerType, envelope: tuple.envelope })),
  );
}

/** Every voted type in its possible containers, then the tuple's own types if it does not allow all voted types. */
function contradiction(input: Combination, types: readonly ImageType[], row: RowHead): Outcome {
  const { tuple, votes } = input;
  const [own] = tuple.classifications;
  let admitted = true;
  const voted = types.flatMap((type): readonly Classification[] => {
    if (own === undefined) return openOptions(input, type);
    const options = closedOptions(input, type);
    if (options.length > 0) return options;
    admitted = false;
    const [firm] = firmContainers(votes, type);
    return [{ imageType: type, containerType: firm ?? own.containerType, envelope: tuple.envelope }];
  });
  const [first, second, ...others] = distinctClassifications([...voted, ...(admitted ? [] : tuple.classifications)]);
  if (first === undefined || second === undefined) throw new Error(`contradiction ${row.id} has fewer than two sides`);
  return { kind: 'ambiguous', row, candidates: [first, second, ...others], because: 'contradiction' };
}

/** The row for votes of different types: one that has several types, or the contradiction between sections. */
function splitRow(input: Combination): RowHead {
  const single = input.votes.every((vote) => vote.types.length === 1);
  const split = input.votes.find((vote) => vote.types.length > 1);
  return single || split === undefined ? headOf(input, 'references-and-properties') : split.row;
}

function headOf({ contradictions }: Combination, kind: Contradiction): RowHead {
  const row = contradictions.get(kind);
  if (row === undefined) throw new Error(`the rules table has no row for ${kind}`);
  return row;
}

function firmContainers(votes: readonly Vote[], type: ImageType): readonly ContainerType[] {
  return votes
    .filter((vote) => vote.types.includes(type))
    .map(({ container }) => container)
    .filter((container) => container !== null);
}

function broughtBy(vote: Vote): ContainerType | null {
  return vote.container ?? vote.containerIfUnsaid;
}

function isReference(vote: Vote): boolean {
  return vote.voter === 'references';
}
