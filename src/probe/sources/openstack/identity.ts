import type { Problem } from '../../../model/error.ts';
import { Secret } from '../../../model/secret.ts';
import { firstOf, required, type Settings } from './openstack-settings.ts';

type NamedOrId = { readonly id: string } | { readonly name: string };
type InDomain = { readonly id: string } | { readonly name: string; readonly domain: NamedOrId };
type Credential = { readonly id: string } | { readonly name: string; readonly user: InDomain };
type Scope =
  | { readonly project: InDomain }
  | { readonly domain: NamedOrId }
  | { readonly system: { readonly all: true } };

/** Who logs in. Users, credentials and scopes have the form of Identity API v3, `POST /v3/auth/tokens`. */
export type Identity =
  | { readonly kind: 'password'; readonly user: InDomain; readonly password: Secret; readonly scope: Scope }
  | { readonly kind: 'application-credential'; readonly credential: Credential; readonly secret: Secret }
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
  const secret = (keys: readonly [string, ...string[]], expected: string): Secret =>
    new Secret(required(settings, keys, expected, problems));
  const kind = readKind(settings, problems);
  switch (kind) {
    case 'token':
      return { kind, token: readToken(settings, problems) };
    case 'application-credential':
      return {
        kind,
        secret: secret(['application_credential_secret'], 'the secret of the application credential'),
        credential: readCredential(settings, problems),
      };
    case 'password':
      return {
        kind,
        user: readUser(settings, problems),
        password: secret(['password'], 'the password'),
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

function readCredential(settings: Settings, problems: Problem[]): Credential {
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
  if (id !== null) return { project: { id: id.value } };
  const name = firstOf(settings, ['project_name', 'tenant_name']);
  if (name !== null) {
    const domain = readDomain(settings, 'project_domain', "the project's domain", problems);
    return { project: { name: name.value, domain } };
  }
  const domain = namedOrId(settings, 'domain');
  if (domain !== null) return { domain };
  if (firstOf(settings, ['system_scope'])?.value !== 'all') {
    required(settings, ['project_name', 'project_id'], 'a project, a domain or system_scope all', problems);
  }
  return { system: { all: true } };
}

/** Reads the domain's own key, else the common one, else the default, in the order of keystoneauth. */
function readDomain(settings: Settings, key: string, expected: string, problems: Problem[]): NamedOrId {
  for (const prefix of [key, 'domain', 'default_domain']) {
    const domain = namedOrId(settings, prefix);
    if (domain !== null) return domain;
  }
  return { name: required(settings, [`${key}_name`, `${key}_id`], expected, problems) };
}

function namedOrId(settings: Settings, prefix: string): NamedOrId | null {
  const id = firstOf(settings, [`${prefix}_id`]);
  if (id !== null) return { id: id.value };
  const name = firstOf(settings, [`${prefix}_name`]);
  return name === null ? null : { name: name.value };
}
