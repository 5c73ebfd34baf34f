/** What proves to a server who asks. Shared by all readers of an endpoint. */
export interface Authority {
  /** Headers with the credential; sent to the origin of the address alone. @throws SourceFailure when there is none to be had. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /**
   * Told that the server answered 401 to `sent`. True where `headers` now gives something else that is worth one more try.
   * @throws SourceFailure when a new credential was refused.
   */
  renew(sent: Readonly<Record<string, string>>): Promise<boolean>;
}

/** Headers that never change. */
export function fixedAuthority(headers: Readonly<Record<string, string>>): Authority {
  return { headers: () => Promise.resolve(headers), renew: () => Promise.resolve(false) };
}

export const NOBODY: Authority = fixedAuthority({});
