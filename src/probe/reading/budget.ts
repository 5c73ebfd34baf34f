/** What one image may cost. */
export interface Budget {
  readonly requests: number;
  readonly bytes: number;
  /** Bytes that decompression may return in all. */
  readonly expanded: number;
  /** Bytes that it may skip in all, to reach the ends of short streams. */
  readonly passed: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_BUDGET: Budget = { requests: 32, bytes: 3 * MIB, expanded: 3 * MIB, passed: 24 * MIB };
