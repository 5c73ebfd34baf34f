import type { Problem } from '../../../model/error.ts';

/** One setting and where it stands, for messages: `OS_PASSWORD`, `/etc/openstack/clouds.yaml clouds.prod.auth.password`. */
export interface Setting {
  readonly value: string;
  readonly place: string;
}

/** Settings of one cloud by their name in clouds.yaml, `auth` laid flat; never empty strings. */
export interface Settings {
  /** Where a missing setting belongs. */
  readonly place: string;
  /** What a setting of that name is called there. */
  readonly nameOf: (key: string) => string;
  readonly values: ReadonlyMap<string, Setting>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every OS_* variable that is set to something; openrc files set unused ones to nothing. */
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

/** What people leave out of a file on purpose; openstackclient fills these from the environment as well. */
const COMPLETED = ['password', 'application_credential_secret', 'region_name', 'interface', 'cacert', 'cert', 'key'];

/** A cloud's settings, with what it leaves open taken from the environment. */
export function completed(cloud: Settings, environment: Settings): Settings {
  const values = new Map(cloud.values);
  for (const key of COMPLETED) {
    // A key without the certificate of the same place would not belong to it.
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

/** The first of `keys`, or a problem. `expected` says what it is. */
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
