import type { Secret } from '../../../model/secret.ts';
import { SourceFailure } from '../../reading/source.ts';
import type { Authenticator } from '../http/fetch-once.ts';
import type { IssuedToken } from './keystone.ts';

/** A new token is requested so long before the old one expires, so that none expires on the way to Glance. */
const MARGIN_MS = 60_000;

/**
 * Keeps a token in memory and renews it before it expires and on 401. Readers that need a new one at the same time
 * share one login.
 */
export class TokenKeeper implements Authenticator {
  readonly #issue: () => Promise<IssuedToken>;
  #current: { readonly token: Secret; readonly staleAt: number } | null = null;
  #pending: Promise<Secret> | null = null;

  constructor(issue: () => Promise<IssuedToken>) {
    this.#issue = issue;
  }

  /** Takes a token that was issued just now. */
  adopt(issued: IssuedToken): void {
    const { token, lifetimeMs } = issued;
    // The lifetime of a token may be shorter than the margin, in test clouds.
    const margin = Math.min(MARGIN_MS, (lifetimeMs ?? 0) / 5);
    this.#current = {
      token,
      staleAt: lifetimeMs === null ? Number.POSITIVE_INFINITY : performance.now() + lifetimeMs - margin,
    };
  }

  async headers(): Promise<Readonly<Record<string, string>>> {
    const current = this.#current;
    const fresh = current !== null && performance.now() < current.staleAt;
    const token = fresh ? current.token : await this.#renewOnce();
    return { 'x-auth-token': token.reveal() };
  }

  async renew(sent: Readonly<Record<string, string>>): Promise<boolean> {
    // Otherwise the token was renewed for another reader after this request was sent.
    const isCurrent = this.#current !== null && sent['x-auth-token'] === this.#current.token.reveal();
    if (isCurrent) await this.#renewOnce();
    return true;
  }

  #renewOnce(): Promise<Secret> {
    this.#pending ??= this.#login().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #login(): Promise<Secret> {
    const issued = await this.#issue();
    this.adopt(issued);
    return issued.token;
  }
}

/** A token that was made elsewhere and cannot be renewed. */
export function givenToken(token: Secret): Authenticator {
  return {
    headers: () => Promise.resolve({ 'x-auth-token': token.reveal() }),
    renew: () =>
      Promise.reject(
        new SourceFailure('the token was refused (401) and cannot be renewed; make a new one and set OS_TOKEN'),
      ),
  };
}
