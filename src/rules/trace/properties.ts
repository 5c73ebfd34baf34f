import type { ImageEvidence } from '../../model/image.ts';
import { isSnapshotMark } from '../decide/facts.ts';
import { ENCRYPTION_PROPERTIES, PLATFORM_PROPERTIES, propertyToken } from '../decide/property-token.ts';

/** A property that a rule, a hint or a finding may use, as it was read. */
export interface PropertyReading {
  readonly name: string;
  /** The text as far as it may be shown; null for NULL. */
  readonly shown: string | null;
  /** The word that the text was reduced to; empty if it says nothing. */
  readonly token: string;
  /** What the property counts as, for a person: `a snapshot mark`. */
  readonly countsAs: string;
}

const SHOWN_LENGTH = 64;
/** Text with any of these may contain an address or a credential. */
const MAY_HOLD_SECRET = /:\/\/|@|passw|secret|token|auth|credential/i;

/** The live properties of an image that are used, sorted by name. */
export function readProperties({ properties, kernel, ramdisk }: ImageEvidence): readonly PropertyReading[] {
  const targets = new Map([
    ['kernel_id', kernel.kind],
    ['ramdisk_id', ramdisk.kind],
  ]);
  const role = (name: string, token: string) =>
    targets.get(name) === 'absent' ? 'nothing: a placeholder' : roleOf(name, token);
  return [...properties].toSorted(byName).map(([name, value]) => reading(name, value, role));
}

/** The properties lost by Launchpad bug glance#901534. Only those that identify snapshots count. */
export function readLostProperties({ lostProperties }: ImageEvidence): readonly PropertyReading[] {
  return [...lostProperties].toSorted(byName).map(([name, value]) => reading(name, value, lostRoleOf));
}

/** A property's text as it may be shown: cut, and left out if it may contain an address with a password. */
function shownValue(value: string): string {
  if (MAY_HOLD_SECRET.test(value)) return `(${value.length} characters, not shown: it may hold an address or a secret)`;
  return value.length <= SHOWN_LENGTH ? value : `${value.slice(0, SHOWN_LENGTH)}…`;
}

function reading(name: string, value: string | null, role: (name: string, token: string) => string): PropertyReading {
  const token = propertyToken(name, value);
  return {
    name,
    shown: value === null ? null : shownValue(value),
    token,
    countsAs: token === '' ? 'nothing' : role(name, token),
  };
}

function roleOf(name: string, token: string): string {
  if (name === 'kernel_id' || name === 'ramdisk_id') return 'a reference';
  if (isSnapshotMark(name, token)) return 'a snapshot mark';
  if (PLATFORM_PROPERTIES.includes(name)) return 'a hint: meant to boot';
  if (name === 'cinder_encryption_key_id') return 'the key of an encrypted volume';
  if (ENCRYPTION_PROPERTIES.includes(name)) return 'encryption, a finding';
  return ROLES[name]?.(token) ?? token;
}

const ROLES: Readonly<Record<string, (token: string) => string>> = {
  img_type: (token) => `img_type ${token}`,
  type: (token) => `bexar_type ${token}`,
  image_state: (token) => `image_state ${token}`,
  block_device_mapping: () => 'block devices',
  bdm_v2: () => 'block devices',
  image_location: (token) => (token === 'iso' ? 'a hint: an ISO file' : 'an EC2 bundle, a finding'),
  mappings: (token) => (token === 'set' ? 'an EC2 bundle, a finding' : `a hint: ${token}`),
  root_device_name: (token) => `a hint: ${token}`,
  hw_rescue_device: () => 'a hint: an ISO image',
  vmware_disktype: () => 'a flat VMDK perhaps, a finding',
};

function lostRoleOf(name: string, token: string): string {
  return isSnapshotMark(name, token) ? 'a lost snapshot mark' : 'nothing';
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
