/** How long to wait for a server, milliseconds. */
export interface TimeLimits {
  /** Name look-up, TCP and TLS. */
  readonly connectMs: number;
  /** From the request to the last header of the answer. */
  readonly firstByteMs: number;
  /** Between two pieces of a body. */
  readonly idleMs: number;
  /**
   * All reads of one image, or one answer of Keystone, with redirects, waits, retries and logins. It bounds a server
   * that drips.
   */
  readonly imageMs: number;
}

/** An image takes one to three requests and half a megabyte, which a line of 10 KB/s brings in a minute. */
export const DEFAULT_LIMITS: TimeLimits = {
  connectMs: 10_000,
  firstByteMs: 30_000,
  idleMs: 20_000,
  imageMs: 60_000,
};

/** What a time-out of undici means, by its code; null for all other codes. */
export function expiry(code: string, limits: TimeLimits): string | null {
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `no connection within ${seconds(limits.connectMs)} s`;
    case 'UND_ERR_HEADERS_TIMEOUT':
      return `no answer within ${seconds(limits.firstByteMs)} s`;
    case 'UND_ERR_BODY_TIMEOUT':
      return `the answer stood still for ${seconds(limits.idleMs)} s`;
    default:
      return null;
  }
}

/** Seconds with one decimal. */
export function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
