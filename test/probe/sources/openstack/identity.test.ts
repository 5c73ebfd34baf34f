import { describe, expect, it } from 'vitest';

import type { Problem } from '../../../../src/model/error.ts';
import { type Identity, readIdentity } from '../../../../src/probe/sources/openstack/identity.ts';
import { environmentSettings } from '../../../../src/probe/sources/openstack/openstack-settings.ts';

function read(env: Record<string, string>): { readonly identity: Identity; readonly problems: readonly string[] } {
  const problems: Problem[] = [];
  const identity = readIdentity(environmentSettings(env), problems);
  return { identity, problems: problems.map(({ place, advice }) => `${place}: ${advice}`) };
}

describe('who logs in', () => {
  it('is told by the type, else by what is set', () => {
    expect(read({ OS_TOKEN: 'x' }).identity.kind).toBe('token');
    expect(read({ OS_TOKEN: 'x', OS_APPLICATION_CREDENTIAL_ID: 'i' }).identity.kind).toBe('application-credential');
    expect(read({ OS_TOKEN: 'x', OS_AUTH_TYPE: 'password' }).identity.kind).toBe('password');
    expect(read({}).identity.kind).toBe('password');
    const other = read({ OS_AUTH_TYPE: 'v3totp', OS_TOKEN: 'x' });
    expect(other.identity.kind).toBe('token');
    expect(other.problems[0]).toContain('OS_AUTH_TYPE: make a token with `openstack token issue`');
  });

  it('has a domain: its own, the common one, or the default', () => {
    const user = (env: Record<string, string>): unknown => {
      const { identity } = read({ OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_PROJECT_ID: 'i', ...env });
      return identity.kind === 'password' ? identity.user : null;
    };
    const others = { OS_DEFAULT_DOMAIN: 'x', OS_DEFAULT_DOMAIN_ID: 'd', OS_DOMAIN_NAME: 'c' };
    expect(user({ ...others, OS_USER_DOMAIN_ID: 'own' })).toEqual({ name: 'u', domain: { id: 'own' } });
    expect(user(others)).toEqual({ name: 'u', domain: { name: 'c' } });
    expect(user({ OS_DEFAULT_DOMAIN_ID: 'd' })).toEqual({ name: 'u', domain: { id: 'd' } });
    expect(user({ OS_USER_ID: 'id' })).toEqual({ id: 'id' });
  });

  it('lacks what is missing, all at once', () => {
    expect(read({}).problems).toEqual([
      'environment: set OS_USERNAME or OS_USER_ID',
      'environment: set OS_USER_DOMAIN_NAME or OS_USER_DOMAIN_ID',
      'environment: set OS_PASSWORD',
      'environment: set OS_PROJECT_NAME or OS_PROJECT_ID',
    ]);
    expect(read({ OS_APPLICATION_CREDENTIAL_NAME: 'n', OS_USER_ID: 'u' }).problems).toEqual([
      'environment: set OS_APPLICATION_CREDENTIAL_SECRET',
    ]);
  });

  it('cannot be a token with a line break', () => {
    expect(read({ OS_TOKEN: 'a\nb' }).problems).toEqual([
      'OS_TOKEN: copy the token again; a line break may have come with it',
    ]);
  });
});
