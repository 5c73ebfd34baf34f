import type { Classification } from '../../model/decision.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';
import type { Contradiction, RowHead, TupleThen, Voter } from '../table/outcome.ts';
import { distinctClassifications, sameClassification } from '../table/resolve.ts';

/** What the tuples row says, placeholders resolved. */
export interface TupleAnswer {
  readonly row: RowHead;
  readonly outcome: TupleThen;
  /** Best first; empty where nothing names a type. */
  readonly classifications: readonly Classification[];
  readonly envelope: Envelope | null;
}

/** What a references or properties row votes for, placeholders resolved. */
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
      /** `contradiction`, `content` (the bytes speak against the row): the order is that of the evidence, hints do not change it. */
      readonly because: 'open' | 'contradiction' | 'content';
    }
  | {
      readonly kind: 'unmappable';
      readonly row: RowHead;
      readonly imageType: ImageType | null;
      readonly envelope: Envelope | null;
    };

export interface Combination {
  readonly tuple: TupleAnswer;
  readonly votes: readonly Vote[];
  /** A live kernel that is not declared to be something else. */
  readonly ownKernel: 'proven' | 'unproven';
  /** A word was folded or aliased: the tuple alone is not exact any more. */
  readonly spelling: 'clean' | 'folded';
  readonly contradictions: ReadonlyMap<Contradiction, RowHead>;
}

/** Joins the tuple with the votes: one vote chooses among what the tuple leaves open; anything else is a contradiction. */
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

/** A live reference proves a role, and a live kernel an ami; the tuple proves itself where it was read as written. */
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

/** What a tuple with types of its own leaves of a type: own classifications, or the type it admits in its own container. */
function closedOptions({ tuple, votes }: Combination, type: ImageType): readonly Classification[] {
  // A tuple that knows the type but no container (root-tar) cannot be decided by a vote, only be contradicted.
  if (tuple.outcome.status === 'unmappable') return [];
  const admitted = tuple.outcome.admits.includes(type) ? tuple.classifications.slice(0, 1) : [];
  const containers = firmContainers(votes, type);
  return distinctClassifications([
    ...tuple.classifications.filter((classification) => classification.imageType === type),
    ...admitted.map((classification) => ({ ...classification, imageType: type })),
  ]).filter((classification) => containers.every((container) => container === classification.containerType));
}

/** What a tuple without a type leaves: the container that a trusted vote brings, or all that are usual, that one first. */
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

/** Every voted type in the containers it may have, then the tuple's own types where it does not offer all of them. */
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

/** Several types in one row name that row; different rows name the contradiction between sections. */
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
    .map((vote) => vote.container)
    .filter((container) => container !== null);
}

function broughtBy(vote: Vote): ContainerType | null {
  return vote.container ?? vote.containerIfUnsaid;
}

function isReference(vote: Vote): boolean {
  return vote.voter === 'references';
}
