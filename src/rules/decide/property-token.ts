import { BEXAR_MEANING } from '../table/attribute.ts';
import { foldWord } from '../../model/fold-word.ts';

/**
 * Reads one property down to a token out of a small set, so that nothing else of its text can reach a decision: ids, locations
 * and credentials stay outside. The empty token means that the property says nothing.
 *
 * The conventions behind each name are those of Nova, Ironic and the tools of 2011 (reference: evidence E4 to E16).
 */
type Reader = (folded: string) => string;

const SET: Reader = () => 'set';
const oneOf =
  (words: readonly string[]): Reader =>
  (folded) =>
    words.includes(folded) ? folded : '';

/** Presence of any of these means that somebody meant the image to boot (E11). */
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
/** Presence of any of these means that the content is ciphertext (E16). */
export const ENCRYPTION_PROPERTIES: readonly string[] = [
  'cinder_encryption_key_id',
  'os_encrypt_format',
  'os_encrypt_cipher',
  'os_decrypt_container_format',
];
/** Marks of a server snapshot (E7), with the token that makes each one a mark. */
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
  // What the id leads to is read elsewhere; that the property exists at all is worth a finding.
  if (name === 'kernel_id' || name === 'ramdisk_id') return 'given';
  const reader = READERS.get(name);
  if (reader === undefined || value === null) return '';
  // Most properties are asked for their presence alone; only short or padded values can mean nothing after folding.
  if (reader === SET && value.length > 4 && value.charCodeAt(0) > 32 && value.charCodeAt(4) > 32) return 'set';
  const folded = foldWord(value);
  return folded === '' || folded === 'none' || folded === 'null' ? '' : reader(folded);
}

function readLocation(folded: string): string {
  if (folded === 'snapshot') return 'snapshot';
  if (folded.endsWith('.manifest.xml')) return 'manifest';
  return looksLikeIso(folded) ? 'iso' : '';
}

/** Names of installation media (E12). */
export function looksLikeIso(folded: string): boolean {
  return /\.iso(?![a-z0-9])|(?<![a-z])dvd|netinst/.test(folded);
}

/** `/dev/sda1` is a partition, `/dev/vda` a whole disk (E10). */
function readDevice(folded: string): string {
  const match = /^(?:\/dev\/)?(?:(?:xv|v|s|h)d[a-z]{1,2}(\d*)|nvme\d+n\d+(p\d+)?)$/.exec(folded);
  if (match === null) return '';
  return (match[1] ?? '') !== '' || match[2] !== undefined ? 'partition' : 'whole';
}

/** The device that an EC2 mapping gives to `ami` (E9); the text is JSON or Python's repr, and may be cut. */
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
