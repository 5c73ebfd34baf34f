import { type Problem, RetypeError } from '../../../model/error.ts';

/** One setting and, for messages, its place: `OS_PASSWORD`, `/etc/openstack/clouds.yaml clouds.prod.auth.password`. */
export interface Setting {
  readonly value: string;
  readonly place: string;
}

/** The settings of one cloud by their names in clouds.yaml. Those of `auth` are among them, and none is empty. */
export interface Settings {
  /** Where a missing setting would be added. */
  readonly place: string;
  /** The name of a setting there. */
  readonly nameOf: (key: string) => string;
  readonly values: ReadonlyMap<string, Setting>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** All OS_* variables that are not empty. Openrc files set unused ones to the empty string. */
export function environmentSettings(env: Environment): Settings {
  const values = new Map<string, Setting>();
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('OS_') && value !== undefined && value !== '') {
      values.set(name.slice(3).toLowerCase(), { value, place: name });
    }
  }
  const nameOf = (key: string): string => `OS_${key.toUpperCase()}`;
  return { place: 'environment', nameOf, values };
}

/** Settings that people leave out of a file on purpose. openstackclient takes them from the environment as well. */
const COMPLETED = ['password', 'application_credential_secret', 'region_name', 'interface', 'cacert', 'cert', 'key'];

/** The settings of a cloud, completed from the environment. */
export function completed(cloud: Settings, environment: Settings): Settings {
  const values = new Map(cloud.values);
  for (const key of COMPLETED) {
    // The key of the environment would not belong to the certificate of the cloud.
    if (key === 'key' && cloud.values.has('cert')) continue;
    const setting = environment.values.get(key);
    if (setting !== undefined && !values.has(key)) values.set(key, setting);
  }
  return { ...cloud, values };
}

/** The first of `keys` that is set. */
export function firstOf(settings: Settings, keys: readonly string[]): Setting | null {
  for (const key of keys) {
    const setting = settings.values.get(key);
    if (setting !== undefined) return setting;
  }
  return null;
}

/** The first of `keys` that is set, else a problem. `expected` describes the setting. */
export function required(
  settings: Settings,
  keys: readonly [string, ...string[]],
  expected: string,
  problems: Problem[],
): string {
  const setting = firstOf(settings, keys);
  if (setting !== null) return setting.value;
  const names = keys.map(settings.nameOf);
  problems.push({ place: settings.place, expected, found: 'nothing', advice: `set ${names.join(' or ')}` });
  return '';
}

/** @throws RetypeError CREDENTIALS if there are problems. */
export function refuse([first, ...others]: readonly Problem[]): void {
  if (first !== undefined) throw new RetypeError('CREDENTIALS', [first, ...others]);
}
