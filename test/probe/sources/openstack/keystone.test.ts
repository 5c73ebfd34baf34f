import { describe, expect, it } from 'vitest';

import { Secret } from '../../../../src/model/secret.ts';
import type { Authenticator } from '../../../../src/probe/sources/http/fetch-once.ts';
import type { Identity } from '../../../../src/probe/sources/openstack/identity.ts';
import {
  givenToken,
  type IssuedToken,
  issueToken,
  readCatalog,
  tokenKeeper,
} from '../../../../src/probe/sources/openstack/keystone.ts';
import { connect, refused, serve } from '../../../support/images/http-endpoint.ts';

const PASSWORD: Exclude<Identity, { kind: 'token' }> = {
  kind: 'password',
  user: { name: 'u', domain: { id: 'd' } },
  password: new Secret('geheim'),
  scope: { system: { all: true } },
};

describe('a login', () => {
  it('gives the token, its lifetime by Keystone’s clock, and the catalogue', async () => {
    const store = await serve((_seen, response) => {
      const token = { issued_at: '2020-01-01T00:00:00Z', expires_at: '2020-01-01T01:00:00Z', catalog: [1] };
      response.writeHead(201, { 'x-subject-token': 'issued' }).end(JSON.stringify({ token }));
    });
    const issued = await issueToken(new URL(`${store.origin}/identity/`), PASSWORD, connect().connections);
    expect([issued.token.reveal(), issued.lifetimeMs, issued.catalog]).toEqual(['issued', 3_600_000, [1]]);
    expect(store.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /identity/v3/auth/tokens']);
    expect(store.seen[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(store.seen[0]?.body ?? '')),
    });
    expect(JSON.parse(store.seen[0]?.body ?? '')).toEqual({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'u', domain: { id: 'd' }, password: 'geheim' } },
        },
        scope: { system: { all: true } },
      },
    });
  });

  it.each([
    [201, 'the answer holds no token'],
    [302, 'it redirects (302); name the final address'],
    [401, 'the login was refused (401)'],
    [404, 'there is no Identity API v3 at this address (404)'],
    [418, 'it answered 418'],
  ])('that is answered with %d says so, and sends the password once', async (status, text) => {
    const store = await serve((_seen, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end('{');
    });
    const failure = await refused(issueToken(new URL(store.origin), PASSWORD, connect().connections));
    expect(failure.message).toContain(`Keystone at ${store.origin}/v3/auth/tokens: ${text}`);
    expect(failure.message).not.toContain('geheim');
    expect(store.seen).toHaveLength(1);
  });
});

describe('the catalogue', () => {
  it('is read with a token', async () => {
    const store = await serve((_seen, response) => void response.end(JSON.stringify({ catalog: ['x'] })));
    const catalog = await readCatalog(new URL(store.origin), new Secret('given'), connect().connections);
    expect(catalog).toEqual(['x']);
    expect(store.seen.map(({ path, headers }) => [path, headers['x-auth-token']])).toEqual([
      ['/v3/auth/catalog', 'given'],
    ]);
  });

  it('is cut off where it does not end', async () => {
    const piece = Buffer.alloc(1024 * 1024, 0x20);
    const store = await serve((_seen, response) => {
      const send = (): void => void (response.destroyed || response.write(piece, () => setImmediate(send)));
      send();
    });
    const failure = await refused(readCatalog(new URL(store.origin), new Secret('x'), connect().connections));
    expect(failure.message).toContain('the answer is too long');
    expect((await store.seen[0]?.over)?.finished).toBe(false);
  });
});

/** Issues `t1`, `t2`, … with the given lifetime. */
function keeper(
  lifetimeMs: number | null,
  first: IssuedToken | null = null,
): { readonly tokens: Authenticator; readonly issued: () => number } {
  let issued = 0;
  const issue = (): Promise<IssuedToken> => {
    issued += 1;
    return Promise.resolve({ token: new Secret(`t${issued}`), lifetimeMs, catalog: null });
  };
  return { tokens: tokenKeeper(issue, first), issued: () => issued };
}

describe('a token', () => {
  it('is issued once for readers that need it at the same time, and kept', async () => {
    const { tokens, issued } = keeper(null);
    const all = await Promise.all(Array.from({ length: 5 }, () => tokens.headers()));
    expect(new Set(all.map((headers) => headers['x-auth-token']))).toEqual(new Set(['t1']));
    await tokens.headers();
    expect(issued()).toBe(1);
  });

  it('that was adopted needs no login until it expires', async () => {
    const given = { token: new Secret('given'), lifetimeMs: 3_600_000, catalog: null };
    const fresh = keeper(3_600_000, given);
    expect(await fresh.tokens.headers()).toEqual({ 'x-auth-token': 'given' });
    expect(fresh.issued()).toBe(0);
    const stale = keeper(3_600_000, { ...given, lifetimeMs: 0 });
    expect(await stale.tokens.headers()).toEqual({ 'x-auth-token': 't1' });
    expect(stale.issued()).toBe(1);
  });

  it('is renewed on 401 if it is the one that was sent', async () => {
    const { tokens, issued } = keeper(null);
    const sent = await tokens.headers();
    expect(await Promise.all([tokens.renew(sent), tokens.renew(sent)])).toEqual([true, true]);
    expect(await tokens.headers()).toEqual({ 'x-auth-token': 't2' });
    // This reader was refused before the token was renewed for the others.
    expect(await tokens.renew(sent)).toBe(true);
    expect(issued()).toBe(2);
  });

  it('fails with the login, and the next reader tries again', async () => {
    let attempts = 0;
    const tokens = tokenKeeper(() => {
      attempts += 1;
      if (attempts === 1) return Promise.reject(new Error('refused'));
      return Promise.resolve({ token: new Secret('second'), lifetimeMs: null, catalog: null });
    }, null);
    await expect(tokens.headers()).rejects.toThrow('refused');
    expect(await tokens.headers()).toEqual({ 'x-auth-token': 'second' });
  });

  it('that was made elsewhere is never renewed', async () => {
    const token = givenToken(new Secret('x'));
    expect(await token.headers()).toEqual({ 'x-auth-token': 'x' });
    await expect(token.renew({})).rejects.toThrow('set OS_TOKEN');
  });
});
