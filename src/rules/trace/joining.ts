import type { Typing } from '../../model/decision.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';
import type { Combination, Outcome } from '../decide/combine.ts';
import type { Voter } from '../table/outcome.ts';
import { sameTyping } from '../table/resolve.ts';

/** What a references or properties row voted for. */
export interface VoteTrace {
  readonly voter: Voter;
  readonly rule: string;
  readonly reason: string;
  readonly types: readonly ImageType[];
  readonly container: ContainerType | null;
  /** Counts only where the tuple names no container. */
  readonly containerIfUnsaid: ContainerType | null;
}

/** How votes and tuple came together, without the bytes. */
export const JOININGS = {
  alone: 'nothing else speaks about the image, so the tuple decides',
  agrees: 'the votes agree with the tuple',
  chosen: 'the votes choose among what the tuple leaves open',
  admitted: 'the tuple has another answer of its own, but admits what the votes say',
  brought: 'the tuple names no type; the votes bring type and container',
  narrowed: 'the votes name a type, and more than one container is left for it',
  contradiction: 'what speaks about the image contradicts itself, so nothing is written',
} as const;
type JoiningKind = keyof typeof JOININGS;

export interface Joining {
  readonly kind: JoiningKind;
  readonly votes: readonly VoteTrace[];
  readonly tuple: {
    readonly rule: string;
    readonly reason: string;
    readonly status: 'exact' | 'inferred' | 'ambiguous' | 'unmappable';
    /** Best first; empty where nothing names a type. */
    readonly typings: readonly Typing[];
    readonly envelope: Envelope | null;
    /** Types into which votes may turn the answer. */
    readonly admits: readonly ImageType[];
  };
  /** `folded`: a word was read by another spelling or an alias, so that the tuple alone is inferred at most. */
  readonly spelling: 'clean' | 'folded';
  readonly outcome: Outcome;
}

export function traceJoining({ tuple, votes, spelling }: Combination, outcome: Outcome): Joining {
  return {
    kind: kindOf(tuple.typings, votes.length, outcome),
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
      typings: tuple.typings,
      envelope: tuple.envelope,
      admits: tuple.outcome.admits,
    },
    spelling,
    outcome,
  };
}

function kindOf(typings: readonly Typing[], votes: number, outcome: Outcome): JoiningKind {
  if (votes === 0) return 'alone';
  if (outcome.kind === 'ambiguous') return outcome.because === 'contradiction' ? 'contradiction' : 'narrowed';
  if (outcome.kind === 'unmappable') return 'alone';
  const { typing } = outcome;
  if (typings.length === 0) return 'brought';
  if (!typings.some((own) => sameTyping(own, typing))) return 'admitted';
  return typings.length === 1 ? 'agrees' : 'chosen';
}
