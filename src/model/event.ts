/** What a long piece of work tells while it runs; a terminal renders it, a pipe ignores it. */

export type Phase = 'references' | 'plan' | 'migrate' | 'tail' | 'verify' | 'rollback' | 'read' | 'compare';

export type RunEvent =
  /** A phase begins. `total` counts rows where it could be counted cheaply, else null. */
  | { readonly kind: 'phase'; readonly phase: Phase; readonly total: number | null }
  /** Rows dealt with since the phase began; for a resumed run, including those of earlier invocations. */
  | { readonly kind: 'progress'; readonly done: number }
  /** Images that were looked into since the command began: all of them, whatever came of it. Many a page of rows. */
  | { readonly kind: 'probe'; readonly images: number }
  /** A batch was rolled back and is tried again. `attempt` counts from 1. */
  | { readonly kind: 'retry'; readonly attempt: number; readonly reason: string }
  /** A sentence for the operator. */
  | { readonly kind: 'note'; readonly text: string };

export type EventListener = (event: RunEvent) => void;
