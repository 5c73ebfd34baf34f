import { HEAD_LENGTH, type FileHead } from '../container.ts';
import type { Fields } from '../fields.ts';
import { fieldsOf } from '../fields.ts';
import { labelled, undetermined, type Judgement } from '../judgement.ts';
import { ofPlaintext, openPlaintext, type Plaintext } from '../layer.ts';
import { readUpTo, Unreadable, type Compression, type Reading } from '../reading.ts';
import { judgeArchive } from './archive.ts';
import type { EnvelopeFormat, EnvelopeSign, Wrapped } from './envelope.ts';
import { tarHeaderAt } from './tar-header.ts';

interface Method {
  readonly name: Compression;
  readonly magic: EnvelopeSign['magic'];
  readonly isThere: (head: Fields) => boolean;
}

/** Bytes of a compressed file that are read at the most, where the first block does not end sooner: only bzip2 needs so many. */
const INPUT_LIMIT = 1024 * 1024;

/**
 * Sources: RFC 1952 2.3.1 (gzip), bzip2 1.0.8 manual, ".xz File Format" 2.1.1, lzma-specification.txt, RFC 8878 3.1.1,
 * lz4_Frame_format.md.
 */
const METHODS: readonly Method[] = [
  {
    name: 'gzip',
    magic: 'strong',
    isThere: (head) => head.is(0, [0x1f, 0x8b, 8]) && head.has(3, 1) && head.u8(3) <= 0x1f,
  },
  {
    name: 'bzip2',
    magic: 'strong',
    isThere: (head) => head.is(0, 'BZh') && head.is(4, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]),
  },
  { name: 'xz', magic: 'strong', isThere: (head) => head.is(0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]) },
  { name: 'zstd', magic: 'strong', isThere: (head) => head.is(0, [0x28, 0xb5, 0x2f, 0xfd]) },
  { name: 'lz4-frame', magic: 'strong', isThere: (head) => head.is(0, [0x04, 0x22, 0x4d, 0x18]) },
  { name: 'lz4-legacy', magic: 'strong', isThere: (head) => head.is(0, [0x02, 0x21, 0x4c, 0x18]) },
  { name: 'lzma', magic: 'weak', isThere: isLzmaAlone },
];

/** No magic: the usual properties byte, a dictionary of a size that encoders choose and a plaintext size that can be. */
function isLzmaAlone(head: Fields): boolean {
  if (!head.has(0, 18) || head.u8(0) !== 0x5d || head.u8(13) !== 0) return false;
  const dictionary = head.u32le(1);
  const size = head.u64le(5);
  const isRound =
    dictionary >= 4096 && [dictionary, (dictionary / 3) * 2].some((power) => Number.isInteger(Math.log2(power)));
  return isRound && (size === 0xffff_ffff_ffff_ffffn || size < 1n << 48n);
}

export const COMPRESSED_FORMATS: readonly EnvelopeFormat[] = METHODS.map((method) => ({
  recognise: ({ head }) =>
    method.isThere(head) ? { offset: 0, detail: `${method.name} data`, magic: method.magic } : null,
  open: (wrapped) => openCompressed(method, wrapped),
}));

function* openCompressed({ name, magic }: Method, wrapped: Wrapped): Reading<Judgement | null> {
  try {
    const plaintext = yield* openWhole(name, wrapped.file);
    return yield* judgePlaintext(plaintext, wrapped);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    if (magic === 'weak') return null;
    return undetermined(`compressed data that cannot be expanded: ${error.message}`, 'raw', { envelope: 'compressed' });
  }
}

/** Begins with the head; where that does not hold one whole block, with more. */
function* openWhole(name: Compression, file: FileHead): Reading<Plaintext> {
  const { bytes } = file.head;
  const end = file.size !== null && bytes.length >= file.size ? 'whole' : 'cut';
  try {
    return yield* openPlaintext(name, bytes, end);
  } catch (error) {
    if (name !== 'bzip2' || end === 'whole' || !(error instanceof Unreadable)) throw error;
  }
  const more = yield* readUpTo(bytes.length, INPUT_LIMIT - bytes.length);
  return yield* openPlaintext(name, Buffer.concat([bytes, more]), 'cut');
}

/** Judges what a stream expands to, and says which envelope is around it. */
export function* judgePlaintext(plaintext: Plaintext, { depth, judge }: Wrapped): Reading<Judgement> {
  const first = fieldsOf(plaintext.first);
  if (plaintext.compression === 'gzip' && tarHeaderAt(first, 0) !== null) {
    return yield* ofPlaintext(judgeTarGz(depth, judge), plaintext);
  }
  const inner = yield* ofPlaintext(judge({ size: null, depth: depth + 1, bytes: 'costly' }), plaintext);
  return around(inner, depth);
}

function* judgeTarGz(depth: number, judge: Wrapped['judge']): Reading<Judgement> {
  const file: FileHead = { head: fieldsOf(yield* readUpTo(0, HEAD_LENGTH)), size: null };
  const inner = yield* judgeArchive({ file, depth: depth + 1, judge }, 'gzip');
  return { ...inner, evidence: labelled('decompressed', inner.evidence) };
}

function around(inner: Judgement, depth: number): Judgement {
  const evidence = labelled('decompressed', inner.evidence);
  // Polyglots stay what they are, whatever is around them.
  if (inner.containerType === null) return { ...inner, evidence };
  // Boot loaders and kernels take these as they are: nothing has to be unwrapped.
  const isLoadable = inner.imageType === 'kernel' || inner.imageType === 'ramdisk';
  if (isLoadable && inner.containerType === 'raw' && inner.envelope === null && depth === 0)
    return { ...inner, evidence };
  const envelope = inner.envelope === 'docker' ? 'docker' : 'compressed';
  // An initial ramdisk of the old kind is a compressed filesystem.
  if (inner.imageType === 'filesystem' && inner.containerType === 'raw') {
    return { ...inner, evidence, envelope, alsoReadAs: [...inner.alsoReadAs, 'ramdisk'] };
  }
  return { ...inner, evidence, envelope };
}
