import {
  type FactName,
  type Inspection,
  INSPECTION_FACTS,
  NOTHING_SEEN,
  UNSEEN_LAYER,
} from '../../model/inspection.ts';
import { explore } from '../condition/explore.ts';
import { PLACEHOLDER } from '../table/read-text.ts';
import type { ServiceRow } from '../predictor.ts';
import { factKey, judge, type JudgeContext, type Outcome } from './judge.ts';

/** A verdict without remedies. `detected`: the format that the service found; null if it did not look or may differ. */
export type Weighed =
  | { readonly kind: 'accepted'; readonly basis: 'inspected' | 'not-inspected'; readonly detected: string | null }
  | {
      readonly kind: 'refused';
      readonly step: string;
      readonly check: string;
      readonly why: string;
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
  const guest = seen.guest.kind === 'read' ? seen.guest.facts : UNSEEN_LAYER;
  const layers = { file: seen.file, guest };
  let accepted: Accepted | null = null;
  let refused: Refused | null = null;
  for (const { result, leftAt } of explore((path) => judge(row, layers, context, path))) {
    if (result.kind === 'undecided') return { kind: 'unknown', why: result.why };
    if (result.kind === 'accepted') accepted = accepted === null ? result : sameDetected(accepted, result);
    else refused = refused === null ? result : likelier(refused, result, row.diskFormat);
    if (accepted !== null && refused !== null) return { kind: 'unknown', why: unseen(leftAt, seen) };
  }
  if (accepted !== null) return accepted;
  if (refused === null) throw new Error('a service without an outcome');
  const { step, check, why, value } = refused;
  return { kind: 'refused', step, check, why: why.replaceAll(PLACEHOLDER, (_, name: string) => value(name)) };
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

function unseen(leftAt: string | null, seen: Inspection): string {
  if (seen === NOTHING_SEEN && seen.guest.kind === 'unread') return seen.guest.why;
  for (const name of Object.keys(INSPECTION_FACTS) as FactName[]) {
    if (leftAt === factKey('file', name)) return `not seen: ${INSPECTION_FACTS[name].title}`;
    if (leftAt === factKey('guest', name)) {
      return seen.guest.kind === 'unread'
        ? `the disk inside was not read: ${seen.guest.why}`
        : `not seen of the disk inside: ${INSPECTION_FACTS[name].title}`;
    }
  }
  return leftAt ?? 'not seen';
}
