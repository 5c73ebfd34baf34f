import type { Problem } from '../../../model/error.ts';
import { Secret } from '../../../model/secret.ts';
import { firstOf, required, type Settings } from './openstack-settings.ts';

export type NamedOrId = { readonly id: string } | { readonly name: string };
export type InDomain = { readonly id: string } | { readonly name: string; readonly domain: NamedOrId };

export type Scope =
  | { readonly kind: 'project'; readonly project: InDomain }
  | { readonly kind: 'domain'; readonly domain: NamedOrId }
  | { readonly kind: 'system' };

/** Who logs in (Identity API v3, `POST /v3/auth/tokens`). */
export type Identity =
  | { readonly kind: 'password'; readonly user: InDomain; readonly password: Secret; readonly scope: Scope }
  | {
      readonly kind: 'application-credential';
      readonly credential: { readonly id: string } | { readonly name: string; readonly user: InDomain };
      readonly secret: Secret;
    }
  /** A token that was made elsewhere and cannot be renewed. */
  | { readonly kind: 'token'; readonly token: Secret };

/** The three supported ways to log in, by the names of the plugins of keystoneauth. */
const AUTH_TYPES: ReadonlyMap<string, Identity['kind']> = new Map([
  ['password', 'password'],
  ['v3password', 'password'],
  ['v3applicationcredential', 'application-credential'],
  ['token', 'token'],
  ['v3token', 'token'],
]);

/** Reads who logs in. What is missing goes to `problems`, and its value is empty. */
export function readIdentity(settings: Settings, problems: Problem[]): Identity {
  switch (readKind(settings, problems)) {
    case 'token':
      return { kind: 'token', token: readToken(settings, problems) };
    case 'application-credential': {
      const secret = required(
        settings,
        ['application_credential_secret'],
        'the secret of the application credential',
        problems,
      );
      return {
        kind: 'application-credential',
        credential: readCredential(settings, problems),
        secret: new Secret(secret),
      };
    }
    case 'password':
      return {
        kind: 'password',
        user: readUser(settings, problems),
        password: new Secret(required(settings, ['password'], 'the password', problems)),
        scope: readScope(settings, problems),
      };
  }
}

function readKind(settings: Settings, problems: Problem[]): Identity['kind'] {
  const named = firstOf(settings, ['auth_type', 'auth_plugin']);
  const kind = AUTH_TYPES.get(named?.value ?? '');
  if (kind !== undefined) return kind;
  if (named !== null) {
    problems.push({
      place: named.place,
      expected: [...AUTH_TYPES.keys()].join(', '),
      found: 'another way to log in',
      advice: 'make a token with `openstack token issue`, give it as OS_TOKEN and set OS_AUTH_TYPE=token',
    });
  }
  if (firstOf(settings, ['application_credential_id', 'application_credential_name']) !== null) {
    return 'application-credential';
  }
  return firstOf(settings, ['token', 'auth_token']) === null ? 'password' : 'token';
}

function readToken(settings: Settings, problems: Problem[]): Secret {
  const token = required(settings, ['token', 'auth_token'], 'a token', problems);
  if (!/^[\x21-\x7e]*$/.test(token)) {
    problems.push({
      place: firstOf(settings, ['token', 'auth_token'])?.place ?? settings.place,
      expected: 'printable ASCII without blanks',
      found: 'other characters',
      advice: 'copy the token again; a line break may have come with it',
    });
  }
  return new Secret(token);
}

function readCredential(
  settings: Settings,
  problems: Problem[],
): { readonly id: string } | { readonly name: string; readonly user: InDomain } {
  const id = firstOf(settings, ['application_credential_id']);
  if (id !== null) return { id: id.value };
  const keys = ['application_credential_name', 'application_credential_id'] as const;
  const name = required(settings, keys, 'the application credential', problems);
  return { name, user: readUser(settings, problems) };
}

function readUser(settings: Settings, problems: Problem[]): InDomain {
  const id = firstOf(settings, ['user_id']);
  if (id !== null) return { id: id.value };
  const name = required(settings, ['username', 'user_id'], 'the user', problems);
  return { name, domain: readDomain(settings, 'user_domain', "the user's domain", problems) };
}

/** Openrc files of the dashboard set both the id and the name of the project. The id is used. */
function readScope(settings: Settings, problems: Problem[]): Scope {
  const id = firstOf(settings, ['project_id', 'tenant_id']);
  if (id !== null) return { kind: 'project', project: { id: id.value } };
  const name = firstOf(settings, ['project_name', 'tenant_name']);
  if (name !== null) {
    const domain = readDomain(settings, 'project_domain', "the project's domain", problems);
    return { kind: 'project', project: { name: name.value, domain } };
  }
  const domainId = firstOf(settings, ['domain_id']);
  if (domainId !== null) return { kind: 'domain', domain: { id: domainId.value } };
  const domainName = firstOf(settings, ['domain_name']);
  if (domainName !== null) return { kind: 'domain', domain: { name: domainName.value } };
  if (firstOf(settings, ['system_scope'])?.value === 'all') return { kind: 'system' };
  required(settings, ['project_name', 'project_id'], 'a project, a domain or system_scope all', problems);
  return { kind: 'system' };
}

/** Reads the domain's own key, else the common one, else the default, in the order of keystoneauth. */
function readDomain(settings: Settings, key: string, expected: string, problems: Problem[]): NamedOrId {
  for (const prefix of [key, 'domain', 'default_domain']) {
    const id = firstOf(settings, [`${prefix}_id`]);
    if (id !== null) return { id: id.value };
    const name = firstOf(settings, [`${prefix}_name`]);
    if (name !== null) return { name: name.value };
  }
  return { name: required(settings, [`${key}_name`, `${key}_id`], expected, problems) };
}
