import { type Problem, RetypeError } from '../../../model/error.ts';
import { type CloudsPlaces, findClouds, usualPlaces } from './clouds-file.ts';
import { type Identity, readIdentity } from './identity.ts';
import {
  completed,
  type Environment,
  environmentSettings,
  firstOf,
  refuse,
  type Settings,
} from './openstack-settings.ts';
import type { TlsSettings } from '../http/tls-settings.ts';
import { readTls } from './tls-files.ts';

export type EndpointInterface = 'public' | 'internal' | 'admin';

export interface Credentials {
  /** Keystone, without `/v3`; null if there is only a token, which needs --image-api. */
  readonly authUrl: URL | null;
  readonly identity: Identity;
  /** null: any. */
  readonly region: string | null;
  readonly interface: EndpointInterface;
  readonly tls: TlsSettings;
}

/**
 * Reads OpenStack credentials: the cloud of clouds.yaml that OS_CLOUD names; else the OS_* variables, if they name
 * Keystone or hold a token; else the only cloud of clouds.yaml. Reads the files of certificates as well, and sends
 * nothing.
 *
 * @throws RetypeError CREDENTIALS with everything that is wrong, and no value.
 */
export function readCredentials(env: Environment, places: CloudsPlaces = usualPlaces()): Credentials {
  const problems: Problem[] = [];
  const settings = chooseSettings(env, places, problems);
  const identity = readIdentity(settings, problems);
  const credentials = {
    authUrl: readAuthUrl(settings, identity.kind, problems),
    identity,
    region: firstOf(settings, ['region_name'])?.value ?? null,
    interface: readInterface(settings, problems),
    tls: readTls(settings, places.home, problems),
  };
  refuse(problems);
  return credentials;
}

function chooseSettings(env: Environment, places: CloudsPlaces, problems: Problem[]): Settings {
  const environment = environmentSettings(env);
  const named = env['OS_CLOUD'] ?? '';
  const direct = firstOf(environment, ['auth_url', 'token', 'auth_token']) !== null;
  if (named === '' && direct) return environment;

  const clouds = findClouds(env, places, problems);
  const only = clouds?.names.length === 1 ? clouds.names[0] : undefined;
  const chosen = named === '' ? only : named;
  if (clouds !== null && chosen !== undefined && clouds.names.includes(chosen)) {
    return completed(clouds.cloud(chosen), environment);
  }
  refuse(problems);
  const problem = {
    place: clouds?.path ?? (named === '' ? 'environment' : 'OS_CLOUD'),
    expected: named === '' ? 'OS_AUTH_URL or a cloud in clouds.yaml' : 'the cloud that OS_CLOUD names',
    found: clouds === null ? 'neither variables nor a clouds.yaml' : `${clouds.names.length} clouds, none chosen`,
    advice: 'source an openrc file, or set OS_CLOUD to the name of a cloud in clouds.yaml',
  };
  throw new RetypeError('CREDENTIALS', [problem]);
}

function readAuthUrl(settings: Settings, kind: Identity['kind'], problems: Problem[]): URL | null {
  const setting = firstOf(settings, ['auth_url']);
  if (setting === null) {
    if (kind === 'token') return null;
    const profile = firstOf(settings, ['profile', 'cloud']) !== null;
    problems.push({
      place: settings.place,
      expected: 'the address of Keystone',
      found: profile ? 'a vendor profile, which is not read' : 'nothing',
      advice: `set ${settings.nameOf('auth_url')}`,
    });
    return null;
  }
  const url = URL.canParse(setting.value) ? new URL(setting.value) : null;
  const web = url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '';
  if (url === null || !web || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    problems.push({
      place: setting.place,
      expected: 'http(s)://HOST[:PORT][/PATH]',
      found: web ? 'an address with a user, a query or a fragment' : 'no http or https address',
      advice: 'correct the address of Keystone',
    });
    return null;
  }
  // Old openrc files still name v2.0, which Keystone no longer has.
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/v(?:2\.0|3)$/, '');
  return url;
}

/** `publicURL` is the spelling of the old clients. */
function readInterface(settings: Settings, problems: Problem[]): EndpointInterface {
  const setting = firstOf(settings, ['interface', 'endpoint_type']);
  const word = (setting?.value ?? 'public').replace(/URL$/, '');
  if (word === 'public' || word === 'internal' || word === 'admin') return word;
  problems.push({
    place: setting?.place ?? settings.place,
    expected: 'public, internal or admin',
    found: 'another word',
    advice: 'correct the interface',
  });
  return 'public';
}
