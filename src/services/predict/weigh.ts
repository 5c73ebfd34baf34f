import { type Inspection, NOTHING_SEEN } from '../../model/inspection.ts';
import { explore } from '../condition/explore.ts';
import { PLACEHOLDER } from '../table/read-text.ts';
import type { ServiceRow } from '../predictor.ts';
import { judge, type JudgeContext, type Outcome } from './judge.ts';
import { OF_GUEST } from './knowledge.ts';

/** A verdict without remedies. `detected`: the format that the service found; null if it did not look or may differ. */
export type Weighed =
  | { readonly kind: 'accepted'; readonly basis: 'inspected' | 'not-inspected'; readonly detected: string | null }
  | {
      readonly kind: 'refused';
      readonly step: string;
      readonly check: string;
      readonly why: string;
      readonly detected: string | null;
    }
  | { readonly kind: 'unknown'; readonly why: string };

type Refused = Outcome & { readonly kind: 'refused' };
type Accepted = Outcome & { readonly kind: 'accepted' };

/**
 * Judges an image whatever the unseen bytes may be. Accepted or refused only if every possibility agrees; the search
 * ends with the first two that do not.
 */
export function weigh(row: ServiceRow, bytes: Inspection | null, context: JudgeContext): Weighed {
  const seen = bytes ?? NOTHING_SEEN;
  let accepted: Accepted | null = null;
  let refused: Refused | null = null;
  const found = new Set<string | null>();
  for (const { result, leftAt } of explore((pick) => judge(row, seen, context, pick))) {
    if (result.kind === 'impossible') continue;
    if (result.kind === 'undecided') return { kind: 'unknown', why: unseen(result.why, seen) };
    if (result.kind === 'accepted') accepted = accepted === null ? result : sameDetected(accepted, result);
    else {
      refused = refused === null ? result : likelier(refused, result, row.diskFormat);
      found.add(result.detected);
    }
    if (accepted !== null && refused !== null) return { kind: 'unknown', why: unseen(leftAt ?? 'not seen', seen) };
  }
  if (accepted !== null) return accepted;
  if (refused === null) throw new Error('a service without an outcome');
  const { step, check, why, value } = refused;
  const detected = found.size === 1 ? refused.detected : null;
  return { kind: 'refused', step, check, detected, why: why.replaceAll(PLACEHOLDER, (_, name: string) => value(name)) };
}

function sameDetected(one: Accepted, other: Accepted): Accepted {
  return one.detected === other.detected ? one : { ...one, detected: null };
}

/** The refusal of content that is what the word says; of two, the one that comes further. */
function likelier(one: Refused, other: Refused, word: string | null): Refused {
  const fits = (refusal: Refused) => (refusal.detected === word ? 1 : 0);
  const gain = fits(other) - fits(one) || other.at - one.at;
  return gain > 0 ? other : one;
}

/** One clause: what was not seen. A layer of which nothing was read is named as a whole. */
function unseen(label: string, seen: Inspection): string {
  if (seen.guest.kind !== 'unread') return label;
  if (seen === NOTHING_SEEN) return seen.guest.why;
  return label.startsWith(OF_GUEST) ? `the disk inside was not read: ${seen.guest.why}` : label;
}
