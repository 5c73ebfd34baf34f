/** Progress of a long command. A terminal shows it, a pipe ignores it. */

export type Phase = 'references' | 'plan' | 'migrate' | 'tail' | 'verify' | 'rollback' | 'read' | 'compare' | 'copy';

export type RunEvent =
  /** A phase begins. `total` is the number of rows, or null if counting them would be slow. */
  | { readonly kind: 'phase'; readonly phase: Phase; readonly total: number | null }
  /** Rows done since the phase began; for a resumed run, including those of earlier processes. */
  | { readonly kind: 'progress'; readonly done: number }
  /** Images whose content was read since the command began, also without success. Sent often. */
  | { readonly kind: 'probe'; readonly images: number }
  /** A batch was rolled back and is tried again. `attempt` counts from 1. */
  | { readonly kind: 'retry'; readonly attempt: number; readonly reason: string }
  /** A sentence for the operator. */
  | { readonly kind: 'note'; readonly text: string };

export type EventListener = (event: RunEvent) => void;
