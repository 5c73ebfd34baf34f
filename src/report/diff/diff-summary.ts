import type { Sample } from '../../model/question.ts';
import type { DecisionStatus, StatusCounts } from '../../model/vocabulary.ts';
import { FORMAT_VERSION } from '../records/format-version.ts';
import { jsonText } from '../words/safe-text.ts';
import { type Cause, causesOf, type ChangeKind, type ImageChange, isTransition } from './compare.ts';
import type { CandidateWords } from './plan-record.ts';

/** An image's tuple, cut at 255 characters a word, and what was decided. */
export interface Outcome {
  readonly disk_format: string | null;
  readonly container_format: string | null;
  readonly status: DecisionStatus;
  /** Known alone of an unmappable image. */
  readonly image_type: string | null;
  readonly container_type: string | null;
  readonly envelope: string | null;
  /** Best first; empty unless ambiguous. */
  readonly candidates: readonly CandidateWords[];
}

/** Images of one tuple that went the same way for the same reasons. */
export interface Transition {
  /** null: only the later plan has these. */
  readonly before: Outcome | null;
  readonly after: Outcome | null;
  readonly causes: readonly Cause[];
  readonly count: number;
  /** The first five by id. */
  readonly samples: readonly Sample[];
}

interface KindCount {
  readonly kind: ChangeKind;
  readonly count: number;
  readonly samples: readonly Sample[];
}

/** One plan as a whole. */
export interface DiffSide {
  /** A file, or the address of a database without secrets. */
  readonly name: string;
  readonly kind: 'file' | 'database';
  readonly images: number;
  readonly byStatus: StatusCounts;
  /** What it was made from, keys as in `ReportHeader`; null where that is not known (NDJSON). */
  readonly header: Readonly<Record<string, string | null>> | null;
}

export interface DiffSummary {
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** Images of both plans without any change. */
  readonly same: number;
  /** Images with any change, those that came or went among them. */
  readonly changed: number;
  /** In the order of `CHANGES`; kinds without images are left out. */
  readonly kinds: readonly KindCount[];
  /** Images decided otherwise, come and gone. Biggest first. */
  readonly transitions: readonly Transition[];
  /** Images of transitions that are not counted separately. */
  readonly otherTransitions: number;
  /** Findings that images have now and had not, or the other way round. Biggest first. */
  readonly findings: readonly { readonly code: string; readonly came: number; readonly went: number }[];
  /** What the plans were made from, where both say it and it is not the same; `created_at` aside. */
  readonly headers: readonly { readonly key: string; readonly before: string | null; readonly after: string | null }[];
}

export type FailOn = 'any' | 'decision' | 'none';

/** Whether the plans differ in what was asked for. */
export function countsAsDifferent(summary: DiffSummary, failOn: FailOn): boolean {
  if (failOn === 'none') return false;
  return failOn === 'any' ? summary.changed > 0 : summary.kinds.some(({ kind }) => kind === 'decision');
}

/** A comparison as a JSON document. Keys are only ever added. */
export function diffRecord(summary: DiffSummary, toolVersion: string, verdict: 'same' | 'different') {
  return {
    format_version: FORMAT_VERSION,
    glance_retype_diff: { version: FORMAT_VERSION, tool_version: toolVersion },
    verdict,
    before: sideRecord(summary.before),
    after: sideRecord(summary.after),
    headers: summary.headers,
    same: summary.same,
    changed: summary.changed,
    kinds: summary.kinds,
    transitions: summary.transitions.map(({ before, after, causes, count, samples }) => ({
      before,
      after,
      why: causes,
      count,
      samples,
    })),
    other_transitions: summary.otherTransitions,
    findings: summary.findings,
  };
}

/** One changed image as a line of NDJSON, with its line feed. `why` is empty where it is decided as before. */
export function changeLine(change: ImageChange): string {
  return `${jsonText(changeRecord(change))}\n`;
}

export function changeRecord(change: ImageChange) {
  const { imageId, kinds, before, after } = change;
  const why = isTransition(change) ? causesOf(change) : [];
  return { image_id: imageId, changes: kinds, why, before, after };
}

function sideRecord({ name, kind, images, byStatus, header }: DiffSide) {
  return { name, kind, images, by_status: byStatus, header };
}
