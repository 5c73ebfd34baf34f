/** Adds the headers that authenticate a request. All sources of an endpoint share one. */
export interface Authenticator {
  /**
   * Headers with the credential. They are sent to the origin of the address alone.
   *
   * @throws SourceFailure when there is none.
   */
  headers(): Promise<Readonly<Record<string, string>>>;
  /**
   * Called when the server answers 401 to `sent`. Returns true if `headers` now gives something else that is worth one
   * more try.
   *
   * @throws SourceFailure when a new credential is refused.
   */
  renew(sent: Readonly<Record<string, string>>): Promise<boolean>;
}

/** Always sends the same headers. */
export function fixedHeaders(headers: Readonly<Record<string, string>>): Authenticator {
  return { headers: () => Promise.resolve(headers), renew: () => Promise.resolve(false) };
}

export const ANONYMOUS: Authenticator = fixedHeaders({});
