import { describe, expect, it } from 'vitest';

import { Secret } from '../../../../src/model/secret.ts';
import { givenToken, TokenKeeper } from '../../../../src/probe/sources/openstack/token-keeper.ts';

/** Issues `t1`, `t2`, … with the given lifetime. */
function keeper(lifetimeMs: number | null): { readonly tokens: TokenKeeper; readonly issued: () => number } {
  let issued = 0;
  const issue = (): Promise<{ token: Secret; lifetimeMs: number | null; catalog: unknown }> => {
    issued += 1;
    return Promise.resolve({ token: new Secret(`t${issued}`), lifetimeMs, catalog: null });
  };
  return { tokens: new TokenKeeper(issue), issued: () => issued };
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
    const { tokens, issued } = keeper(3_600_000);
    tokens.adopt({ token: new Secret('given'), lifetimeMs: 3_600_000, catalog: null });
    expect(await tokens.headers()).toEqual({ 'x-auth-token': 'given' });
    tokens.adopt({ token: new Secret('old'), lifetimeMs: 0, catalog: null });
    expect(await tokens.headers()).toEqual({ 'x-auth-token': 't1' });
    expect(issued()).toBe(1);
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
    const tokens = new TokenKeeper(() => {
      attempts += 1;
      if (attempts === 1) return Promise.reject(new Error('refused'));
      return Promise.resolve({ token: new Secret('second'), lifetimeMs: null, catalog: null });
    });
    await expect(tokens.headers()).rejects.toThrow('refused');
    expect(await tokens.headers()).toEqual({ 'x-auth-token': 'second' });
  });

  it('that was made elsewhere is never renewed', async () => {
    const token = givenToken(new Secret('x'));
    expect(await token.headers()).toEqual({ 'x-auth-token': 'x' });
    await expect(token.renew({})).rejects.toThrow('set OS_TOKEN');
  });
});
