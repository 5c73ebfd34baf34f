import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RetypeError } from '../../../../src/model/error.ts';
import { readCredentials } from '../../../../src/probe/sources/openstack/credentials.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'credentials-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const at = (path: string, text: string): string => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  return join(root, path);
};
const read = (env: Record<string, string>) =>
  readCredentials(env, { directory: join(root, 'here'), home: join(root, 'home'), system: [join(root, 'etc')] });

function problems(env: Record<string, string>): readonly string[] {
  try {
    read(env);
  } catch (error) {
    expect(error).toBeInstanceOf(RetypeError);
    const failure = error as RetypeError;
    expect(failure.code).toBe('CREDENTIALS');
    expect(failure.cause).toBeUndefined();
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('geheim');
    return failure.problems.map((problem) => `${problem.place}: ${problem.expected}: ${problem.found}`);
  }
  throw new Error('accepted');
}

const OPENRC = {
  OS_AUTH_URL: 'https://keystone.example:5000/v3/',
  OS_USERNAME: 'admin',
  OS_PASSWORD: 'geheim',
  OS_PROJECT_NAME: 'admin',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_DOMAIN_ID: 'default',
  OS_REGION_NAME: '',
};

const CLOUD = (name: string, extra = '') => `
clouds:
  ${name}:
    auth:
      auth_url: http://keystone.example/identity/v3
      username: ${name}
      password: 0123
      project_name: p
      user_domain_id: default
      project_domain_id: default
${extra}`;

describe('credentials from OS_* variables', () => {
  it('of an openrc file: a password, scoped to a project', () => {
    const credentials = read(OPENRC);
    expect(credentials).toMatchObject({
      identity: {
        kind: 'password',
        user: { name: 'admin', domain: { name: 'Default' } },
        scope: { project: { name: 'admin', domain: { id: 'default' } } },
      },
      region: null,
      interface: 'public',
      tls: { trust: { kind: 'system' }, clientCertificate: null },
    });
    expect(credentials.authUrl?.href).toBe('https://keystone.example:5000/');
    expect(`${JSON.stringify(credentials)}${inspect(credentials, { depth: 9, showHidden: true })}`).not.toContain(
      'geheim',
    );
    expect(credentials.identity.kind === 'password' && credentials.identity.password.reveal()).toBe('geheim');
  });

  it('with ids, which stand before names; the dashboard sets both', () => {
    const { identity } = read({ ...OPENRC, OS_USER_ID: 'u1', OS_PROJECT_ID: 'p1' });
    expect(identity).toMatchObject({ user: { id: 'u1' }, scope: { project: { id: 'p1' } } });
  });

  it('scoped to a domain or the system', () => {
    const { OS_PROJECT_NAME: _, ...unscoped } = OPENRC;
    expect(read({ ...unscoped, OS_DOMAIN_NAME: 'd' }).identity).toMatchObject({
      scope: { domain: { name: 'd' } },
    });
    expect(read({ ...unscoped, OS_SYSTEM_SCOPE: 'all' }).identity).toMatchObject({ scope: { system: { all: true } } });
    expect(problems(unscoped)).toEqual(['environment: a project, a domain or system_scope all: nothing']);
  });

  it('of an application credential, by id or by name', () => {
    const env = {
      OS_AUTH_URL: 'http://k/identity',
      OS_APPLICATION_CREDENTIAL_ID: 'ac',
      OS_APPLICATION_CREDENTIAL_SECRET: 'geheim',
    };
    expect(read(env).identity).toMatchObject({ kind: 'application-credential', credential: { id: 'ac' } });
    const named = {
      OS_AUTH_URL: 'http://k/identity',
      OS_AUTH_TYPE: 'v3applicationcredential',
      OS_APPLICATION_CREDENTIAL_NAME: 'mine',
      OS_APPLICATION_CREDENTIAL_SECRET: 'geheim',
      OS_USERNAME: 'u',
      OS_USER_DOMAIN_ID: 'default',
    };
    expect(read(named).identity).toMatchObject({
      credential: { name: 'mine', user: { name: 'u', domain: { id: 'default' } } },
    });
  });

  it('of a token, with and without an address of Keystone', () => {
    const { identity, authUrl } = read({ OS_TOKEN: 'geheim' });
    expect(identity.kind === 'token' && identity.token.reveal()).toBe('geheim');
    expect(authUrl).toBeNull();
    expect(read({ OS_AUTH_TOKEN: 't' }).identity.kind).toBe('token');
    expect(read({ OS_TOKEN: 't', OS_AUTH_URL: 'http://k/v2.0' }).authUrl?.href).toBe('http://k/');
    expect(problems({ OS_TOKEN: 'geheim\nx' })).toEqual(['OS_TOKEN: printable ASCII without blanks: other characters']);
  });

  it('are refused with everything that is wrong, and no value', () => {
    const found = problems({
      OS_AUTH_URL: 'https://admin:geheim@keystone/v3',
      OS_USERNAME: 'geheim-user',
      OS_AUTH_TYPE: 'geheim-type',
      OS_INTERFACE: 'geheim',
      OS_CACERT: join(root, 'none.pem'),
    });
    expect(found).toEqual([
      'OS_AUTH_TYPE: password, v3password, v3applicationcredential, token, v3token: another way to log in',
      "environment: the user's domain: nothing",
      'environment: the password: nothing',
      'environment: a project, a domain or system_scope all: nothing',
      'OS_AUTH_URL: http(s)://HOST[:PORT][/PATH]: an address with a user, a query or a fragment',
      'OS_INTERFACE: public, internal or admin: another word',
      'OS_CACERT: a readable PEM file: ENOENT',
    ]);
  });

  it('with a certificate authority, and the interfaces of old clients', () => {
    const pem = '-----BEGIN CERTIFICATE-----\n';
    const credentials = read({ ...OPENRC, OS_CACERT: at('ca.pem', pem), OS_ENDPOINT_TYPE: 'internalURL' });
    expect(credentials.tls.trust).toEqual({ kind: 'authorities', pem });
    expect(credentials.interface).toBe('internal');
    expect(problems({ ...OPENRC, OS_CACERT: at('no.pem', 'geheim') })[0]).toContain('no certificate in it');
  });

  it('are nothing where nothing is set', () => {
    expect(problems({})).toEqual([
      'environment: OS_AUTH_URL or a cloud in clouds.yaml: neither variables nor a clouds.yaml',
    ]);
  });
});

describe('credentials from clouds.yaml', () => {
  const user = (env: Record<string, string>): unknown => {
    const { identity } = read(env);
    return identity.kind === 'password' && 'name' in identity.user ? identity.user.name : null;
  };

  it('come from the first file in the order of openstacksdk', () => {
    at('etc/clouds.yaml', CLOUD('etc'));
    expect(user({})).toBe('etc');
    at('home/.config/openstack/clouds.yml', CLOUD('home'));
    expect(user({})).toBe('home');
    at('xdg/openstack/clouds.yaml', CLOUD('xdg'));
    expect(user({ XDG_CONFIG_HOME: join(root, 'xdg') })).toBe('xdg');
    at('here/clouds.json', JSON.stringify({ clouds: { here: { auth: { token: 't' } } } }));
    expect(read({}).identity.kind).toBe('token');
    const named = at('named.yaml', CLOUD('named'));
    expect(user({ OS_CLIENT_CONFIG_FILE: named })).toBe('named');
    expect(user({ ...OPENRC })).toBe('admin');
    expect(user({ ...OPENRC, OS_CLOUD: 'named', OS_CLIENT_CONFIG_FILE: named })).toBe('named');
  });

  it('keep a password that looks like a number as it is written', () => {
    at('here/clouds.yaml', CLOUD('c'));
    const { identity } = read({});
    expect(identity.kind === 'password' && identity.password.reveal()).toBe('0123');
  });

  it('merge secure.yaml over it, and take what is left open from the environment', () => {
    at('here/clouds.yaml', CLOUD('c', '    region_name: one\n    endpoint_type: adminURL\n    verify: false\n'));
    at('etc/secure.yaml', 'clouds: { c: { auth: { password: merged } } }\n');
    const credentials = read({ OS_CLOUD: 'c', OS_REGION_NAME: 'two', OS_USERNAME: 'not-me' });
    expect(credentials).toMatchObject({ region: 'one', interface: 'admin', tls: { trust: { kind: 'unchecked' } } });
    expect(credentials.identity).toMatchObject({ user: { name: 'c' } });
    expect(credentials.identity.kind === 'password' && credentials.identity.password.reveal()).toBe('merged');

    at('here/clouds.yaml', CLOUD('c').replace('      password: 0123\n', ''));
    rmSync(join(root, 'etc/secure.yaml'));
    const typed = read({ OS_CLOUD: 'c', OS_PASSWORD: 'typed' }).identity;
    expect(typed.kind === 'password' && typed.password.reveal()).toBe('typed');
  });

  it('know merge keys, and expand no bomb', () => {
    at('here/clouds.yaml', 'base: &b { auth: { token: geheim } }\nclouds: { c: { <<: *b, region_name: r } }\n');
    expect(read({})).toMatchObject({ region: 'r', identity: { kind: 'token' } });
    const levels = 'abcdefghij'.split('').map((name, i, all) => {
      const previous = all[i - 1];
      return `${name}: &${name} [${Array.from({ length: 9 }, () => (previous === undefined ? 'x' : `*${previous}`)).join(', ')}]`;
    });
    at('here/clouds.yaml', `${levels.join('\n')}\nclouds: {}\n`);
    expect(problems({})[0]).toContain('aliases that cannot be resolved');
  });

  it('are refused with the line and no text of the file', () => {
    at('here/clouds.yaml', 'clouds:\n  c:\n    auth: { password: "geheim\n  x: geheim: geheim\n');
    expect(problems({ OS_CLOUD: 'c' })[0]).toMatch(/clouds\.yaml:\d+: a clouds\.yaml with a map `clouds`: [A-Z_]+$/);
    at('here/clouds.yaml', '- geheim\n');
    expect(problems({ OS_CLOUD: 'c' })).toEqual([
      `${join(root, 'here/clouds.yaml')}: a clouds.yaml with a map \`clouds\`: no map \`clouds\``,
    ]);
    at('here/clouds.yaml', CLOUD('c') + CLOUD('d').replace('\nclouds:\n', ''));
    expect(problems({})[0]).toContain('2 clouds, none chosen');
    expect(problems({ OS_CLOUD: 'geheim' })[0]).toContain('the cloud that OS_CLOUD names');
    at('here/clouds.yaml', 'clouds: { c: { profile: vexxhost, auth: { token: [1] } } }\n');
    expect(problems({})).toContain(
      `${join(root, 'here/clouds.yaml')} clouds.c: the address of Keystone: a vendor profile, which is not read`,
    );
  });
});
