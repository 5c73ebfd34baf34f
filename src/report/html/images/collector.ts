import { type Decision, isDecided } from '../../../model/decision.ts';
import { FINDINGS } from '../../../model/finding.ts';
import type { ImageRecord } from '../../../model/image.ts';
import { boundedText, boundedWord, getOrMake } from '../../plan/bounded-groups.ts';

/** Why somebody should look at an image, most urgent first; `calm`: nobody needs to. */
const ATTENTION = ['error', 'undecided', 'will-be-refused', 'differs', 'warning', 'answered', 'calm'] as const;
type Attention = (typeof ATTENTION)[number];

const known = new WeakMap<Decision, Attention>();

/** The most urgent reason to look at an image of this decision. */
export function attentionOf(decision: Decision): Attention {
  return getOrMake(known, decision, () => judge(decision));
}

function judge(decision: Decision): Attention {
  const severities = new Set(decision.findings.map((code) => FINDINGS[code].severity));
  if (severities.has('error')) return 'error';
  if (decision.status === 'ambiguous' || decision.status === 'unmappable') return 'undecided';
  if (decision.services.some(({ verdict, before }) => before?.kind === 'accepted' && verdict.kind === 'refused')) {
    return 'will-be-refused';
  }
  if (isDecided(decision) && decision.disposition !== decision.novaToday) return 'differs';
  if (severities.has('warning')) return 'warning';
  return decision.answered === undefined ? 'calm' : 'answered';
}

/** An image kept for the table; text of Glance cut at 255 characters. */
export interface KeptImage {
  readonly id: string;
  readonly name: string | null;
  readonly owner: string | null;
  readonly glance: string;
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly decision: Decision;
}

export interface CollectedImages {
  readonly total: number;
  /** Of the total, images that somebody should look at. */
  readonly attention: number;
  /** Most urgent first, in reading order within. */
  readonly kept: readonly KeptImage[];
}

export interface ImageCollector {
  add(image: ImageRecord, decision: Decision): void;
  result(): CollectedImages;
}

/** Keeps at most `limit` images: those that need attention most, and among equals those read first. */
export function createImageCollector(limit: number): ImageCollector {
  const byUrgency = ATTENTION.map((): KeptImage[] => []);
  const bounded = createTextCache();
  let total = 0;
  let attention = 0;
  let kept = 0;
  /** Lists after this one are empty. */
  let last = byUrgency.length - 1;

  const makeRoom = (urgency: number): boolean => {
    if (kept < limit) {
      kept += 1;
      return true;
    }
    while (last > urgency && byUrgency[last]?.length === 0) last -= 1;
    return last > urgency && byUrgency[last]?.pop() !== undefined;
  };

  return {
    add(image, decision) {
      const why = attentionOf(decision);
      total += 1;
      if (why !== 'calm') attention += 1;
      const urgency = ATTENTION.indexOf(why satisfies Attention);
      if (!makeRoom(urgency)) return;
      byUrgency[urgency]?.push({
        id: boundedText(image.id),
        name: boundedWord(image.name),
        owner: bounded(image.owner),
        glance: bounded(image.status) ?? '',
        diskFormat: bounded(image.diskFormat),
        containerFormat: bounded(image.containerFormat),
        decision,
      });
    },
    result: () => ({ total, attention, kept: byUrgency.flat() }),
  };
}

/** Texts kept for sharing. A driver makes a new copy for each row, although most rows have the same. */
const SHARED_TEXTS = 4_096;

function createTextCache(): (text: string | null) => string | null {
  const seen = new Map<string, string>();
  return (text) => {
    if (text === null) return null;
    const found = seen.get(text);
    if (found !== undefined) return found;
    const short = boundedText(text);
    if (seen.size < SHARED_TEXTS && short === text) seen.set(text, short);
    return short;
  };
}
