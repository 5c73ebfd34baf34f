import type { Secret } from '../../../model/secret.ts';
import { SourceFailure } from '../../reading/source.ts';
import type { Authenticator } from '../http/fetch-once.ts';
import type { IssuedToken } from './keystone.ts';

/** A new token is requested so long before the old one expires, so that none expires on the way to Glance. */
const MARGIN_MS = 60_000;

/**
 * Keeps a token in memory and renews it before it expires and on 401. Readers that need a new one at the same time
 * share one login.
 *
 * @param first a token that was issued just now; null: none yet.
 */
export function tokenKeeper(issue: () => Promise<IssuedToken>, first: IssuedToken | null): Authenticator {
  let current = first === null ? null : withExpiry(first);
  let pending: Promise<Secret> | null = null;
  const logIn = async (): Promise<Secret> => {
    current = withExpiry(await issue());
    return current.token;
  };
  const logInOnce = (): Promise<Secret> => {
    pending ??= logIn().finally(() => {
      pending = null;
    });
    return pending;
  };
  return {
    headers: async () => {
      const fresh = current !== null && performance.now() < current.staleAt ? current.token : null;
      return { 'x-auth-token': (fresh ?? (await logInOnce())).reveal() };
    },
    renew: async (sent) => {
      // Otherwise the token was renewed for another reader after this request was sent.
      if (current !== null && sent['x-auth-token'] === current.token.reveal()) await logInOnce();
      return true;
    },
  };
}

function withExpiry({ token, lifetimeMs }: IssuedToken): { readonly token: Secret; readonly staleAt: number } {
  if (lifetimeMs === null) return { token, staleAt: Number.POSITIVE_INFINITY };
  // The lifetime of a token may be shorter than the margin, in test clouds.
  return { token, staleAt: performance.now() + lifetimeMs - Math.min(MARGIN_MS, lifetimeMs / 5) };
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
