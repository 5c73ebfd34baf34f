import type { DecisionStatus } from './vocabulary.ts';

interface StoredBatch {
  readonly uuid: string;
  /** 1: the first pass, over the whole table; 2 and later: tail passes. */
  readonly pass: number;
  /** ISO 8601, UTC, by the clock of the machine that migrated. */
  readonly committedAt: string;
}

/** The texts of a stored decision, as they were written; empty lists if there are none. */
export interface StoredEvidence {
  readonly evidence: readonly { readonly kind: string; readonly detail: string }[];
  readonly findings: readonly string[];
  /** Best first: `disk/raw`, `disk/raw in tgz`. */
  readonly candidates: readonly string[];
}

/** One decision in the journal, or one that a later run replaced. */
export interface StoredDecision {
  readonly runId: number;
  /** Number of the batch within the run. */
  readonly batch: number;
  /** null if the checkpoint is missing because another program deleted it. */
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

interface StoredRun {
  readonly id: number;
  /** active, complete, abandoned, rolled-back. */
  readonly state: string;
  readonly rulesDigest: string;
  readonly answersDigest: string | null;
  /** Options that influence the result, as JSON. */
  readonly options: string;
  readonly toolVersion: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

/** How the stored decision compares with the decision that would be made now. */
export const STORED_COMPARISONS = {
  'not-stored': 'nothing is stored: the image was created or restored after the last migrate',
  deleted: 'the image is soft-deleted: it is not compared or written any more',
  same: 'the same decision would be made now',
  refreshable: 'the same result would be decided now, with newer evidence; migrate stores that',
  'legacy-changed': 'disk_format, container_format or status changed after the decision; migrate decides it again',
  'decision-changed':
    'the same row would be decided differently now: rules, answers, properties, references or content changed',
} as const satisfies Record<string, string>;
export type StoredComparison = keyof typeof STORED_COMPARISONS;

/** Result columns of an image, as read from the database. */
export interface ResultColumns {
  readonly imageType: string | null;
  readonly containerType: string | null;
  readonly envelope: string | null;
  /** `changed`: they differ from the journal, because another program wrote to them. */
  readonly integrity: 'as-stored' | 'changed';
}

/** What the tool's tables and columns say about one image. */
export type StoredState =
  | { readonly kind: 'not-expanded' }
  /** An expand, rollback or contract was interrupted; `command` finishes it. */
  | { readonly kind: 'interrupted'; readonly command: string }
  | {
      readonly kind: 'expanded';
      readonly target: 'columns' | 'table';
      /** null if nothing is stored. */
      readonly current: StoredDecision | null;
      /** Before-images, newest first: what a rollback of run `supersededBy` restores. */
      readonly earlier: readonly (StoredDecision & { readonly supersededBy: number })[];
      /** The run that wrote `current`. */
      readonly run: StoredRun | null;
      readonly comparison: StoredComparison;
      /** null with target table. */
      readonly results: ResultColumns | null;
    };
