/** What a long command tells while it works: shown on a terminal, written to a log, counted; see src/report/log. */

export type Phase = 'references' | 'plan' | 'migrate' | 'tail' | 'verify' | 'rollback' | 'read' | 'compare' | 'copy';

/** What may keep the next batch from beginning. */
export type HoldReason = 'pause-file' | 'flow-control' | 'replica-lag' | 'threads-running';

/** What a command may wait for. The words stand in the log, and are only ever added. */
export type WaitReason = HoldReason | 'database' | 'lease';

/** Why a command ended in order before its work was complete. */
export type StopCause = 'signal' | 'max-time' | 'max-batches';

export type RunEvent =
  /** A phase begins. `total` is the number of rows, or null if counting them would be slow. */
  | { readonly kind: 'phase'; readonly phase: Phase; readonly total: number | null }
  /** Rows done since the phase began; for a resumed run, including those of earlier processes. */
  | { readonly kind: 'progress'; readonly done: number }
  /** Images whose content was read since the command began, also without success. Sent often. */
  | { readonly kind: 'probe'; readonly images: number }
  /** The run that is worked on. */
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly state: 'begins' | 'goes-on' | 'undone';
      readonly shard: { readonly shard: number; readonly of: number } | null;
    }
  /** A batch was committed. `undecided` counts rows of the first pass only, so that no row counts twice. */
  | {
      readonly kind: 'batch';
      readonly batch: number;
      readonly pass: number;
      readonly rows: number;
      readonly written: number;
      readonly undecided: number;
      readonly milliseconds: number;
    }
  /** A batch was rolled back and is tried again. `attempt` counts from 1. */
  | { readonly kind: 'retry'; readonly attempt: number; readonly reason: string }
  /**
   * No batch begins. Sent when that begins, when the reason becomes another one, and every 30 seconds; the batches
   * under way are finished.
   */
  | {
      readonly kind: 'waiting';
      readonly reason: WaitReason;
      /** What is waited for, as a sentence. */
      readonly text: string;
      /** The last reading in the unit of its limit: percent, seconds, sessions. null where there is none. */
      readonly reading: number | null;
      /** null for a pause file. */
      readonly limit: number | null;
      /** How old the reading is; null where there is none. */
      readonly ageSeconds: number | null;
      /** Since when no batch began. */
      readonly waitedSeconds: number;
    }
  /** Batches begin again. */
  | { readonly kind: 'resumed'; readonly waitedSeconds: number }
  /** No batch begins any more: the window is over. A signal is told of by the command that got it. */
  | { readonly kind: 'stopping'; readonly cause: Exclude<StopCause, 'signal'>; readonly text: string }
  /** A sentence for the operator. */
  | { readonly kind: 'note'; readonly text: string }
  /** A sentence about something that the operator should look at. */
  | { readonly kind: 'warning'; readonly text: string };

export type EventListener = (event: RunEvent) => void;
