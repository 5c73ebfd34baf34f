/**
 * What the image inspection of OpenStack's services can see in the bytes of an image, reduced to a few facts. The
 * releases differ in what they conclude from these facts, so no fact names a release or a service: the conclusions are
 * data (config/services.yaml). Offsets and rules: oslo.utils, imageutils/format_inspector.py (8.2.0, 10.2.0), and the
 * copies of it in Nova 26.2.2-1~deb12u5 and Cinder 21.3.1 of Debian.
 */

interface WordFact {
  readonly kind: 'word';
  readonly words: readonly string[];
  /** One sentence: which bytes. */
  readonly title: string;
}
interface NumberFact {
  readonly kind: 'number';
  readonly title: string;
}
interface FlagFact {
  readonly kind: 'flag';
  readonly title: string;
}

/** Every fact that a condition in config/services.yaml may name. */
export const INSPECTION_FACTS = {
  size: { kind: 'number', title: 'bytes of the file, or of the disk inside a container; 65536 stands for any more' },
  signature: {
    kind: 'word',
    words: ['qcow2', 'qed', 'vhd', 'vhdx', 'vmdk', 'luks', 'zstd', 'none'],
    title: 'the signature at byte 0: QFI and FB, QED and 00, conectix, vhdxfile, KDMV, LUKS and BA BE, 28 B5 2F FD',
  },
  'vdi-signature': { kind: 'flag', title: '7F 10 DA BE at byte 64' },
  'iso-signature': { kind: 'word', words: ['CD001', 'NSR02', 'NSR03', 'none'], title: 'bytes 32,769 to 32,773' },
  'boot-signature': { kind: 'flag', title: '55 AA at byte 510' },
  'fat-boot-sector': { kind: 'flag', title: '02 at byte 16 and F8 at byte 21' },
  mbr: {
    kind: 'word',
    words: ['sound', 'boot-flag', 'gpt-start-chs', 'gpt-start-lba', 'gpt-not-alone', 'no-partitions'],
    title: 'the first fault of the four entries from byte 446; only where byte 510 has 55 AA',
  },
  'qcow2-version': { kind: 'number', title: 'bytes 4 to 7' },
  'qcow2-backing-file': { kind: 'flag', title: 'bytes 8 to 15 are not 0' },
  'qcow2-data-file-bit': { kind: 'flag', title: 'bit 2 of byte 79, whatever the version' },
  'qcow2-feature-bits': {
    kind: 'word',
    words: ['none', 'known', 'above-3'],
    title: 'bits of bytes 72 to 79: none, only 0 to 3, or above',
  },
  'qcow2-encryption': { kind: 'word', words: ['none', 'aes', 'luks', 'other'], title: 'bytes 32 to 35' },
  'luks-version': { kind: 'number', title: 'bytes 6 and 7' },
  'vmdk-version': { kind: 'number', title: 'bytes 4 to 7' },
  'vmdk-descriptor-sector': { kind: 'number', title: 'bytes 28 to 35; 1048576 stands for any more' },
  'vmdk-grain-directory': {
    kind: 'word',
    words: ['header', 'footer'],
    title: 'bytes 56 to 63: all ones mean that a footer has it',
  },
  'vmdk-descriptor': {
    kind: 'word',
    words: ['sound', 'cut', 'not-text', 'line', 'path', 'no-extent'],
    title: 'the text of the descriptor up to a NUL, its createType apart: its first fault',
  },
  'vmdk-descriptor-all': {
    kind: 'word',
    words: ['sound', 'cut', 'not-text', 'line', 'path', 'no-extent'],
    title: 'the same with the text behind the first NUL, the NULs at the end apart',
  },
  'vmdk-create-type': {
    kind: 'word',
    words: ['monolithicSparse', 'streamOptimized', 'other', 'none'],
    title: 'createType of the descriptor, compared without case',
  },
  'vmdk-footer': {
    kind: 'word',
    words: ['sound', 'faulty', 'cut'],
    title: 'the last 1,536 bytes, where a footer has the grain directory',
  },
  text: {
    kind: 'word',
    words: ['none', 'ascii', 'ascii-then-other'],
    title: 'the first 512 bytes are printable ASCII; a byte of 80 or more follows before a NUL, within 4,096 bytes',
  },
  'text-ends': {
    kind: 'flag',
    title: 'the text ends, by a NUL or with the file, within 4,096 bytes: longer steps of reading see no more of it',
  },
  'text-create-type': {
    kind: 'flag',
    title: 'createtype=" in the first 4,096 bytes up to a NUL, with a value shorter than 64 characters',
  },
  'vhdx-tables': {
    kind: 'word',
    words: ['sound', 'cut', 'no-region-table', 'no-metadata-entry', 'no-metadata-signature', 'no-size-item'],
    title:
      'region table at 196,608, metadata table, and the item with the size: the first that is not there; cut: the file ends before one of them',
  },
  'qemu-format': {
    kind: 'word',
    words: ['raw', 'qcow', 'qcow2', 'qed', 'vpc', 'vdi', 'vhdx', 'vmdk', 'luks', 'parallels', 'bochs', 'cloop', 'dmg'],
    title: 'what qemu-img finds by itself',
  },
  'qemu-opens': { kind: 'flag', title: 'qemu-img can open it: its header has no fault that QEMU refuses' },
  'qemu-create-type': {
    kind: 'word',
    words: ['monolithicSparse', 'streamOptimized', 'other'],
    title: 'the create type that qemu-img reports of a VMDK: by the header, whatever the descriptor says',
  },
  'qemu-backing-file': { kind: 'flag', title: 'the descriptor of a VMDK names a parent, which qemu-img reports' },
} as const satisfies Readonly<Record<string, WordFact | NumberFact | FlagFact>>;

export type FactName = keyof typeof INSPECTION_FACTS;

type ValueOf<F> = F extends { readonly kind: 'word'; readonly words: readonly (infer W)[] }
  ? W
  : F extends NumberFact
    ? number
    : boolean;

/**
 * The facts of one layer. A fact that is left out does not apply: an image without a qcow2 signature has no version of
 * qcow2. null: its bytes were not seen. Null and absence are never the same.
 */
export type LayerFacts = { readonly [Name in FactName]?: ValueOf<(typeof INSPECTION_FACTS)[Name]> | null };

/** What the services can see of an image whose bytes were read. */
export interface Inspection {
  /** The file as stored in Glance. The services do not look into envelopes. */
  readonly file: LayerFacts;
  /** The disk inside a container that QEMU converts; `none`: the file is no such container. */
  readonly guest:
    | { readonly kind: 'none' }
    | { readonly kind: 'read'; readonly facts: LayerFacts }
    | { readonly kind: 'unread'; readonly why: string };
}

/** The facts of bytes that were not seen: whatever could be asked of them is unknown. */
export const UNSEEN_LAYER: LayerFacts = Object.freeze(
  Object.fromEntries(Object.keys(INSPECTION_FACTS).map((name) => [name, null])),
);

/** The inspection of an image of which nothing was seen. */
export const NOTHING_SEEN: Inspection = Object.freeze({
  file: UNSEEN_LAYER,
  guest: Object.freeze({ kind: 'unread', why: 'the bytes were not read' }),
});

const FACT_NAMES = Object.keys(INSPECTION_FACTS) as readonly FactName[];

/** One text for each different inspection. The facts are many, and are written without their names. */
export function inspectionKey({ file, guest }: Inspection): string {
  const inside = guest.kind === 'read' ? layerKey(guest.facts) : guest.kind === 'unread' ? `unread ${guest.why}` : '';
  return `${layerKey(file)};${inside}`;
}

/** Values in the order of the registry: nothing for a fact that does not apply, `?` for one that was not seen. */
function layerKey(facts: LayerFacts): string {
  return FACT_NAMES.map((name) => facts[name] ?? (facts[name] === null ? '?' : '')).join(',');
}
