import type { ImageType } from '../../model/vocabulary.ts';

/** The value of a word column that is NULL or blank. */
export const NULL_WORD = 'NULL';
/** A word that the vocabulary does not list. */
export const UNKNOWN_WORD = 'UNKNOWN';

/**
 * The meaning of Bexar's property `type`. Source: the documentation of glance-upload, Glance 2011.1 to 2011.3: a
 * machine image has its kernel outside, raw and vhd have it inside.
 */
export const BEXAR_MEANING: ReadonlyMap<string, ImageType> = new Map([
  ['kernel', 'kernel'],
  ['ramdisk', 'ramdisk'],
  ['machine', 'filesystem'],
  ['raw', 'disk'],
  ['vhd', 'disk'],
]);

/** The attributes that conditions may name, with every value that each can have. */
const DOMAINS = {
  row: ['live', 'deleted'],
  /** Glance's words, compared exactly. Any other word is `other`. */
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
  /** What is known of the bytes: `contested` if two readings exclude each other, else how sure their type is. */
  content: ['absent', 'unread', 'undetermined', 'contested', 'weak', 'likely', 'certain'],
  /** The container of the bytes. `assumed`: raw, because no magic was found. */
  content_container: ['unsaid', 'assumed', 'luks', 'proven'],
  /** Whether the bytes are what the two words declare. A weak type is not compared. */
  content_tuple: ['fits', 'differs'],
  /** Whether the place of the signature that disk_format declares was read, and the signature is missing. */
  content_declared: ['unrefuted', 'refuted'],
  /** `several`: the bytes allow several types, and no other evidence names one of them. */
  content_readings: ['one', 'several'],
  /** Whether live images use it as something else than the bytes are. */
  content_reference: ['fits', 'contradicts'],
  /** The type of the bytes: the row's answer (same), one of its candidates (open), or another type (other). */
  content_row: ['same', 'open', 'other'],
  content_safety: ['clean', 'unsafe'],
} as const satisfies Record<string, readonly string[]>;

export type Attribute = keyof typeof DOMAINS | 'disk' | 'container';

/** One value for every attribute. Conditions see nothing else of an image. */
export type Facts = Readonly<Record<Attribute, string>>;

/** Every attribute with every value that it can have, including words. */
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
