import type { ImageType } from '../../model/vocabulary.ts';

/** A word column that is NULL, or blank, which is read as NULL. */
export const NULL_WORD = 'NULL';
/** A word that the vocabulary does not list. */
export const UNKNOWN_WORD = 'UNKNOWN';

/**
 * What the values of Bexar's property `type` mean. Source: the documentation of glance-upload, Glance 2011.1 to 2011.3:
 * machine has its kernel outside, raw and vhd have it inside.
 */
export const BEXAR_MEANING: ReadonlyMap<string, ImageType> = new Map([
  ['kernel', 'kernel'],
  ['ramdisk', 'ramdisk'],
  ['machine', 'filesystem'],
  ['raw', 'disk'],
  ['vhd', 'disk'],
]);

/** The attributes that conditions may name, each with every value it can have. */
const DOMAINS = {
  row: ['live', 'deleted'],
  /** Glance's words compared exactly; any other word is `other`. */
  status: [
    'active',
    'queued',
    'saving',
    'uploading',
    'importing',
    'killed',
    'deleted',
    'pending_delete',
    'deactivated',
    'other',
  ],
  size: ['empty', 'some'],
  block_devices: ['absent', 'present'],
  image_state: ['absent', 'available', 'other'],
  used_as: ['nothing', 'kernel', 'ramdisk', 'both'],
  own_kernel: ['absent', 'live', 'doubtful', 'dangling'],
  img_type: ['absent', 'partition', 'whole-disk'],
  bexar_type: ['absent', ...BEXAR_MEANING.keys()],
  snapshot: ['absent', 'live', 'lost'],
  encryption_key: ['absent', 'present'],
  /** What was learnt of the bytes: `contested` where two readings of them contend, else how sure their type is. */
  content: ['absent', 'unread', 'undetermined', 'contested', 'weak', 'likely', 'certain'],
  /** The container that the bytes are in: `assumed` is raw for want of a magic. */
  content_container: ['unsaid', 'assumed', 'luks', 'proven'],
  /** Whether the bytes are what the two words declare; a weak type is not compared. */
  content_tuple: ['fits', 'differs'],
  /** Whether the signature that disk_format declares was read for and is not there. */
  content_declared: ['stands', 'refuted'],
  /** `several`: the bytes allow several types, and nothing else names one of them. */
  content_readings: ['one', 'several'],
  /** Whether live images use it as something that the bytes are not. */
  content_reference: ['fits', 'contradicts'],
  /** The type of the bytes beside what the row, without them, says: its answer, one of what it leaves open, neither. */
  content_row: ['same', 'open', 'other'],
  content_safety: ['clean', 'unsafe'],
} as const satisfies Record<string, readonly string[]>;

export type Attribute = keyof typeof DOMAINS | 'disk' | 'container';

/** One value for every attribute: all that conditions see of an image. */
export type Facts = Readonly<Record<Attribute, string>>;

/** Every attribute with every value it can have, words included. */
export type Domains = ReadonlyMap<Attribute, readonly string[]>;

export const STATUS_VALUES: readonly string[] = DOMAINS.status;

/** Adds the words of a vocabulary to the fixed attributes. */
export function domainsOf(disk: Iterable<string>, container: Iterable<string>): Domains {
  return new Map<Attribute, readonly string[]>([
    ...(Object.entries(DOMAINS) as [keyof typeof DOMAINS, readonly string[]][]),
    ['disk', [NULL_WORD, ...disk, UNKNOWN_WORD]],
    ['container', [NULL_WORD, ...container, UNKNOWN_WORD]],
  ]);
}
