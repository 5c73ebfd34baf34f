/** What one image may cost. */
export interface Budget {
  readonly requests: number;
  readonly bytes: number;
  /** Bytes that decompression may yield in all. */
  readonly expanded: number;
}

export const DEFAULT_BUDGET: Budget = { requests: 32, bytes: 3 * 1024 * 1024, expanded: 3 * 1024 * 1024 };
