import type { Classification } from '../../model/decision.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';
import type { Combination, Outcome } from '../decide/combine.ts';
import type { Voter } from '../table/outcome.ts';
import { sameClassification } from '../table/resolve.ts';

/** What a references or properties row voted for. */
export interface VoteTrace {
  readonly voter: Voter;
  readonly rule: string;
  readonly reason: string;
  readonly types: readonly ImageType[];
  readonly container: ContainerType | null;
  /** Counts only if the tuple names no container. */
  readonly containerIfUnsaid: ContainerType | null;
}

/** How votes and tuple were joined, without the bytes. */
export const JOININGS = {
  alone: 'there is no other evidence, so the tuple decides',
  agrees: 'the votes agree with the tuple',
  chosen: 'the votes choose among the types that the tuple allows',
  admitted: 'the tuple has another answer, but admits what the votes say',
  brought: 'the tuple names no type; the votes name type and container',
  narrowed: 'the votes name a type, and more than one container is possible for it',
  contradiction: 'the evidence contradicts itself, so nothing is written',
} as const;
type JoiningKind = keyof typeof JOININGS;

export interface Joining {
  readonly kind: JoiningKind;
  readonly votes: readonly VoteTrace[];
  readonly tuple: {
    readonly rule: string;
    readonly reason: string;
    readonly status: 'exact' | 'inferred' | 'ambiguous' | 'unmappable';
    /** Best first; empty if no word names a type. */
    readonly classifications: readonly Classification[];
    readonly envelope: Envelope | null;
    /** Types that votes may choose instead. */
    readonly admits: readonly ImageType[];
  };
  /** `folded`: a word was folded or aliased, so the tuple alone is inferred at most. */
  readonly spelling: 'clean' | 'folded';
  readonly outcome: Outcome;
}

export function traceJoining({ tuple, votes, spelling }: Combination, outcome: Outcome): Joining {
  return {
    kind: kindOf(tuple.classifications, votes.length, outcome),
    votes: votes.map(({ voter, row, types, container, containerIfUnsaid }) => ({
      voter,
      rule: row.id,
      reason: row.reason,
      types,
      container,
      containerIfUnsaid,
    })),
    tuple: {
      rule: tuple.row.id,
      reason: tuple.row.reason,
      status: tuple.outcome.status,
      classifications: tuple.classifications,
      envelope: tuple.envelope,
      admits: tuple.outcome.admits,
    },
    spelling,
    outcome,
  };
}

function kindOf(classifications: readonly Classification[], votes: number, outcome: Outcome): JoiningKind {
  if (votes === 0) return 'alone';
  if (outcome.kind === 'ambiguous') return outcome.because === 'contradiction' ? 'contradiction' : 'narrowed';
  if (outcome.kind === 'unmappable') return 'alone';
  const { classification } = outcome;
  if (classifications.length === 0) return 'brought';
  if (!classifications.some((own) => sameClassification(own, classification))) return 'admitted';
  return classifications.length === 1 ? 'agrees' : 'chosen';
}
