import { Secret } from '../../../model/secret.ts';
import { SourceFailure } from '../../reading/source.ts';
import { type Connections, discard, exchange, type Exchange } from '../http/exchange.ts';
import type { Authenticator } from '../http/fetch-once.ts';
import { passingStatus, withRetries } from '../http/retry.ts';
import { TransferFailure } from '../http/transfer-failure.ts';
import { labelOf } from '../http/web-address.ts';
import type { Identity } from './identity.ts';

/** A token as Keystone issued it. */
export interface IssuedToken {
  readonly token: Secret;
  /** Milliseconds until it expires, by Keystone's own clock; null where Keystone does not say. */
  readonly lifetimeMs: number | null;
  /** The `catalog` of the answer, not checked. */
  readonly catalog: unknown;
}

/**
 * Logs in: `POST /v3/auth/tokens` (Identity API v3).
 *
 * @throws SourceFailure with the answer of Keystone, and nothing that was sent.
 */
export async function issueToken(
  authUrl: URL,
  identity: Exclude<Identity, { kind: 'token' }>,
  connections: Connections,
): Promise<IssuedToken> {
  const url = underKeystone(authUrl, 'auth/tokens');
  const answer = await ask(url, {}, JSON.stringify(loginBody(identity)), connections);
  const token = answer.headers['x-subject-token'];
  if (answer.status !== 201 || typeof token !== 'string' || token === '') throw refusal(url, answer.status);
  const body = field(answer.body, 'token');
  return { token: new Secret(token), lifetimeMs: lifetime(body), catalog: field(body, 'catalog') };
}

/** Reads the catalogue for a given token: `GET /v3/auth/catalog`. @throws SourceFailure */
export async function readCatalog(authUrl: URL, token: Secret, connections: Connections): Promise<unknown> {
  const url = underKeystone(authUrl, 'auth/catalog');
  const answer = await ask(url, { 'x-auth-token': token.reveal() }, null, connections);
  if (answer.status !== 200) throw refusal(url, answer.status);
  return field(answer.body, 'catalog');
}

/** Bytes. The catalogue of a large cloud has some hundred kilobytes. */
const LARGEST_BODY = 8 * 1024 * 1024;

/** Sends a request, with retries. Follows no redirect, because the body may hold a password. @throws SourceFailure */
async function ask(
  url: URL,
  own: Readonly<Record<string, string>>,
  body: string | null,
  connections: Connections,
): Promise<{ readonly status: number; readonly headers: Exchange['headers']; readonly body: unknown }> {
  const type = body === null ? {} : { 'content-type': 'application/json' };
  try {
    return await withRetries(connections.retry, connections.end, async () => {
      const answer = await exchange(
        { url, headers: { accept: 'application/json', ...type, ...own }, body, guard: null },
        connections,
      );
      const { status, headers } = answer;
      const passing = passingStatus(status, headers['retry-after'], connections.retry);
      if (passing === null) return { status, headers, body: await readJson(answer, connections.limits.imageMs) };
      await discard(answer);
      throw passing;
    });
  } catch (error) {
    throw error instanceof TransferFailure ? new SourceFailure(`Keystone at ${labelOf(url)}: ${error.message}`) : error;
  }
}

/** @returns null unless it is JSON. */
async function readJson(answer: Exchange, withinMs: number): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  const deadline = performance.now() + withinMs;
  let length = 0;
  for (let piece = await answer.next(); piece !== null; piece = await answer.next()) {
    pieces.push(piece);
    length += piece.length;
    if (length > LARGEST_BODY || performance.now() > deadline) {
      answer.destroy();
      throw new TransferFailure('the answer is too long');
    }
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown;
  } catch {
    return null;
  }
}

function underKeystone(authUrl: URL, path: string): URL {
  const url = new URL(authUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v3/${path}`;
  return url;
}

const MEANINGS: Readonly<Record<number, string>> = {
  201: 'the answer holds no token',
  400: 'the login was not understood (400); check the scope and the domains',
  401: 'the login was refused (401): user, password, project or domain is wrong, or the token or credential has expired',
  403: 'the login is forbidden (403): the user is disabled or locked',
  404: 'there is no Identity API v3 at this address (404); check OS_AUTH_URL',
};

function refusal(url: URL, status: number): SourceFailure {
  const redirect = status >= 300 && status < 400;
  const common = redirect ? `it redirects (${status}); name the final address` : `it answered ${status}`;
  return new SourceFailure(`Keystone at ${labelOf(url)}: ${MEANINGS[status] ?? common}`);
}

/** The time from issue to expiry, which does not depend on the clock of this machine. */
function lifetime(token: unknown): number | null {
  const issued = field(token, 'issued_at');
  const expires = field(token, 'expires_at');
  if (typeof expires !== 'string') return null;
  const from = typeof issued === 'string' ? Date.parse(issued) : Date.now();
  const span = Date.parse(expires) - from;
  return Number.isFinite(span) && span > 0 ? span : null;
}

function loginBody(identity: Exclude<Identity, { kind: 'token' }>): object {
  if (identity.kind === 'application-credential') {
    const application_credential = { ...identity.credential, secret: identity.secret.reveal() };
    return { auth: { identity: { methods: ['application_credential'], application_credential } } };
  }
  const { scope } = identity;
  const user = { ...identity.user, password: identity.password.reveal() };
  return { auth: { identity: { methods: ['password'], password: { user } }, scope } };
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

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
