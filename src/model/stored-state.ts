import type { DecisionStatus } from './vocabulary.ts';

/** The batch that wrote a stored decision. */
interface StoredBatch {
  readonly uuid: string;
  /** 1: the pass over the whole table; 2 and later: tail passes. */
  readonly pass: number;
  /** ISO 8601, UTC, by the clock of the machine that migrated. */
  readonly committedAt: string;
}

/** The text of a stored decision, as it was written; empty lists where nothing was. */
export interface StoredEvidence {
  readonly evidence: readonly { readonly kind: string; readonly detail: string }[];
  readonly findings: readonly string[];
  /** Best first: `disk/raw`, `disk/raw in tgz`. */
  readonly candidates: readonly string[];
}

/** One decision that the journal holds, or held until a later run took its place. */
export interface StoredDecision {
  readonly runId: number;
  /** Number of the batch within the run. */
  readonly batch: number;
  /** null where the checkpoint is not there: somebody else deleted it. */
  readonly committed: StoredBatch | null;
  readonly status: DecisionStatus;
  readonly imageType: string | null;
  readonly containerType: string | null;
  readonly envelope: string | null;
  readonly rule: string;
  readonly legacyDiskFormat: string | null;
  readonly legacyContainerFormat: string | null;
  readonly glanceStatus: string;
  readonly evidence: StoredEvidence;
}

/** The run that wrote the stored decision. */
interface StoredRun {
  readonly id: number;
  /** active, complete, abandoned, rolled-back. */
  readonly state: string;
  readonly rulesDigest: string;
  readonly answersDigest: string | null;
  /** Options that bear on the result, as JSON. */
  readonly options: string;
  readonly toolVersion: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

/** How the stored decision stands to what would be decided now. */
export const STORED_COMPARISONS = {
  'not-stored': 'nothing is stored of it: it was made or restored after the last migrate',
  deleted: 'the image is soft-deleted: nothing is compared or written any more',
  same: 'it would be decided in the same way now',
  refreshable: 'the same answer would be given now, on newer evidence; migrate refreshes it',
  'legacy-changed': 'disk_format, container_format or status is no longer what was decided on; migrate decides it anew',
  'decision-changed':
    'the same row would be decided differently now: rules, answers, properties, references or content are not what they were',
} as const satisfies Record<string, string>;
export type StoredComparison = keyof typeof STORED_COMPARISONS;

/** Result columns of an image, as they stand there. */
export interface ResultColumns {
  readonly imageType: string | null;
  readonly containerType: string | null;
  readonly envelope: string | null;
  /** `changed`: they hold something else than the journal says; somebody else wrote there. */
  readonly integrity: 'as-stored' | 'changed';
}

/** What the tool has left of an image in the database. */
export type StoredState =
  | { readonly kind: 'not-expanded' }
  /** An expand, rollback or contract was interrupted; `command` finishes it. */
  | { readonly kind: 'interrupted'; readonly command: string }
  | {
      readonly kind: 'expanded';
      readonly target: 'columns' | 'table';
      /** null where nothing is stored. */
      readonly current: StoredDecision | null;
      /** Before-images, newest first: what a rollback of run `supersededBy` puts back. */
      readonly earlier: readonly (StoredDecision & { readonly supersededBy: number })[];
      /** The run that wrote `current`. */
      readonly run: StoredRun | null;
      readonly comparison: StoredComparison;
      /** null with target table. */
      readonly results: ResultColumns | null;
    };
