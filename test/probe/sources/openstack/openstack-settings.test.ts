import { describe, expect, it } from 'vitest';

import type { Problem } from '../../../../src/model/error.ts';
import {
  completed,
  environmentSettings,
  firstOf,
  required,
  type Settings,
} from '../../../../src/probe/sources/openstack/openstack-settings.ts';

const cloud = (values: Record<string, string>): Settings => ({
  place: 'clouds.c',
  nameOf: (key) => key,
  values: new Map(Object.entries(values).map(([key, value]) => [key, { value, place: `clouds.c.${key}` }])),
});
const valuesOf = ({ values }: Settings) => Object.fromEntries([...values].map(([key, { value }]) => [key, value]));

describe('settings of the environment', () => {
  it('are all OS_* variables with a value, by the names of clouds.yaml', () => {
    const settings = environmentSettings({ OS_AUTH_URL: 'http://k', OS_TOKEN: '', OS_X: undefined, HOME: '/root' });
    expect([...settings.values]).toEqual([['auth_url', { value: 'http://k', place: 'OS_AUTH_URL' }]]);
    expect(settings.nameOf('auth_url')).toBe('OS_AUTH_URL');
  });
});

describe('a cloud that leaves something open', () => {
  const environment = environmentSettings({
    OS_PASSWORD: 'typed',
    OS_USERNAME: 'other',
    OS_CERT: '/env/cert',
    OS_KEY: '/env/key',
  });

  it('is completed from the environment, but not its user', () => {
    expect(valuesOf(completed(cloud({ username: 'own' }), environment))).toEqual({
      username: 'own',
      password: 'typed',
      cert: '/env/cert',
      key: '/env/key',
    });
  });

  it('keeps what it has, and gets no key for a certificate of its own', () => {
    expect(valuesOf(completed(cloud({ password: 'own', cert: '/own' }), environment))).toEqual({
      password: 'own',
      cert: '/own',
    });
  });
});

describe('one of several settings', () => {
  it('is the first that is set, else a problem with every name', () => {
    const settings = environmentSettings({ OS_USER_ID: 'id', OS_USERNAME: 'name' });
    expect(firstOf(settings, ['username', 'user_id'])?.value).toBe('name');
    expect(firstOf(settings, ['token'])).toBeNull();
    const problems: Problem[] = [];
    expect(required(settings, ['user_id'], 'the user', problems)).toBe('id');
    expect(problems).toEqual([]);
    expect(required(settings, ['token', 'auth_token'], 'a token', problems)).toBe('');
    expect(problems).toEqual([
      { place: 'environment', expected: 'a token', found: 'nothing', advice: 'set OS_TOKEN or OS_AUTH_TOKEN' },
    ]);
  });
});
