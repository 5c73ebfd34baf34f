import { BEXAR_MEANING } from '../table/attribute.ts';
import { foldWord } from '../../model/fold-word.ts';

/**
 * Reduces one property to a token from a small set, so that no other part of its text, such as an id, a location or a
 * credential, can reach a decision. The empty token means that the property says nothing.
 *
 * The names and their values are conventions of Nova, Ironic, Cinder and the EC2 tools of 2011.
 */
type Reader = (folded: string) => string;

const SET: Reader = () => 'set';
const oneOf =
  (words: readonly string[]): Reader =>
  (folded) =>
    words.includes(folded) ? folded : '';

/** Any of these properties means that the image is meant to boot. */
export const PLATFORM_PROPERTIES: readonly string[] = [
  'os_distro',
  'os_type',
  'os_admin_user',
  'hw_disk_bus',
  'hw_firmware_type',
  'hw_machine_type',
  'hw_vif_model',
  'rootfs_uuid',
  'vm_mode',
];
/** Any of these properties means that the content is encrypted. */
export const ENCRYPTION_PROPERTIES: readonly string[] = [
  'cinder_encryption_key_id',
  'os_encrypt_format',
  'os_encrypt_cipher',
  'os_decrypt_container_format',
];
/** Properties that Nova writes on the snapshot of a server. */
export const SNAPSHOT_PROPERTIES: readonly string[] = [
  'image_type',
  'image_location',
  'instance_uuid',
  'base_image_ref',
];

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['img_type', oneOf(['partition', 'whole-disk'])],
  ['type', oneOf([...BEXAR_MEANING.keys()])],
  ['image_type', oneOf(['snapshot', 'backup'])],
  ['image_location', readLocation],
  ['image_state', (folded) => (folded === 'available' ? 'available' : 'other')],
  ['instance_uuid', SET],
  ['base_image_ref', SET],
  ['block_device_mapping', (folded) => (folded === '[]' || folded === '{}' ? '' : 'set')],
  ['bdm_v2', (folded) => (['false', '0', 'no'].includes(folded) ? '' : 'set')],
  ['mappings', readMappings],
  ['root_device_name', readDevice],
  ['hw_rescue_device', oneOf(['cdrom'])],
  ['vmware_disktype', oneOf(['preallocated', 'thin'])],
  ...PLATFORM_PROPERTIES.map((name) => [name, SET] as const),
  ...ENCRYPTION_PROPERTIES.map((name) => [name, SET] as const),
]);

export function propertyToken(name: string, value: string | null): string {
  // The target of the id is read elsewhere. That the property exists may be a finding.
  if (name === 'kernel_id' || name === 'ramdisk_id') return 'given';
  const reader = READERS.get(name);
  if (reader === undefined || value === null) return '';
  // For most properties only their presence counts. Only short or padded values can be empty after folding.
  if (reader === SET && value.length > 4 && value.charCodeAt(0) > 32 && value.charCodeAt(4) > 32) return 'set';
  const folded = foldWord(value);
  return folded === '' || folded === 'none' || folded === 'null' ? '' : reader(folded);
}

function readLocation(folded: string): string {
  if (folded === 'snapshot') return 'snapshot';
  if (folded.endsWith('.manifest.xml')) return 'manifest';
  return looksLikeIso(folded) ? 'iso' : '';
}

/** Whether a name looks like installation media. */
export function looksLikeIso(folded: string): boolean {
  return /\.iso(?![a-z0-9])|(?<![a-z])dvd|netinst/.test(folded);
}

/** `/dev/sda1` is a partition, `/dev/vda` a whole disk. */
function readDevice(folded: string): string {
  const match = /^(?:\/dev\/)?(?:(?:xv|v|s|h)d[a-z]{1,2}(\d*)|nvme\d+n\d+(p\d+)?)$/.exec(folded);
  if (match === null) return '';
  return (match[1] ?? '') !== '' || match[2] !== undefined ? 'partition' : 'whole';
}

/** The device that an EC2 mapping gives to `ami`. The text is JSON or a Python repr, and may be cut. */
function readMappings(folded: string): string {
  if (folded === '[]') return '';
  for (const entry of folded.split('{')) {
    if (!/['"]virtual['"]: *u?['"]ami['"]/.test(entry)) continue;
    const device = /['"]device['"]: *u?['"]([a-z0-9/]{1,32})['"]/.exec(entry)?.[1];
    const token = device === undefined ? '' : readDevice(device);
    if (token !== '') return token;
  }
  return 'set';
}
