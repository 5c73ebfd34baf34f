/** What one image may cost. */
export interface Budget {
  readonly requests: number;
  readonly bytes: number;
  /** Bytes that decompression may yield in all. */
  readonly expanded: number;
  /** Bytes that it may pass over in all, to come to the ends of streams that are small. */
  readonly passed: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_BUDGET: Budget = { requests: 32, bytes: 3 * MIB, expanded: 3 * MIB, passed: 24 * MIB };
