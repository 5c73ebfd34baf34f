import { HEAD_LENGTH, type FileHead, type Fields, fieldsOf } from '../reading/fields.ts';
import { labelled, undetermined, type Judgement } from '../judgement/judgement.ts';
import { FIRST_STEP, ofPlaintext, openPlaintext, type Plaintext } from '../reading/layer.ts';
import { readUpTo, Unreadable, type Compression, type Reading } from '../reading/reading.ts';
import { judgeArchive } from './tar/archive.ts';
import type { EnvelopeFormat, EnvelopeSign, Wrapped } from './format/envelope.ts';
import { tarHeaderAt } from './tar/header.ts';

interface Method {
  readonly name: Compression;
  readonly magic: EnvelopeSign['magic'];
  readonly is: (head: Fields) => boolean;
}

/** Methods whose two bytes of magic prove nothing: the data must end, or continue for a whole step, without error. */
const UNMARKED: readonly Compression[] = ['zlib', 'lzw'];

/** Most bytes of a compressed file that are read to reach the end of its first block. Only bzip2 needs so many. */
const INPUT_LIMIT = 1024 * 1024;

/**
 * Sources: RFC 1952 2.3.1 (gzip), bzip2 1.0.8 manual, ".xz File Format" 2.1.1, lzma-specification.txt, lzip manual, RFC
 * 8878 3.1, lz4_Frame_format.md, RFC 1950 2.2 (zlib), ncompress 5.0 (.Z).
 */
const METHODS: readonly Method[] = [
  { name: 'gzip', magic: 'strong', is: (head) => head.is(0, [0x1f, 0x8b, 8]) && head.has(3, 1) && head.u8(3) <= 0x1f },
  { name: 'bzip2', magic: 'strong', is: (head) => head.is(0, 'BZh') && BZIP2_NEXT.some((magic) => head.is(4, magic)) },
  { name: 'xz', magic: 'strong', is: (head) => head.is(0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]) },
  { name: 'zstd', magic: 'strong', is: (head) => firstFrame(head) === 0xfd2fb528 },
  { name: 'lz4-frame', magic: 'strong', is: (head) => firstFrame(head) === 0x184d2204 },
  { name: 'lz4-legacy', magic: 'strong', is: (head) => firstFrame(head) === 0x184c2102 },
  { name: 'lzip', magic: 'strong', is: (head) => head.is(0, 'LZIP\x01') && head.has(5, 1) && isLzipSize(head.u8(5)) },
  { name: 'lzma', magic: 'weak', is: isLzmaAlone },
  { name: 'lzw', magic: 'weak', is: (head) => head.is(0, [0x1f, 0x9d]) && head.has(2, 1) && isLzwMode(head.u8(2)) },
  { name: 'zlib', magic: 'weak', is: isZlib },
];

/** What follows the header: the magic of a block, or of the end of an empty stream. */
const BZIP2_NEXT = [
  [0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
  [0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
] as const;

/** Returns the magic of the first frame that is not skippable. pzstd begins with a skippable one. */
function firstFrame(head: Fields): number | null {
  let at = 0;
  while (head.has(at, 8) && (head.u32le(at) & ~15) >>> 0 === 0x184d2a50) at += 8 + head.u32le(at + 4);
  return head.has(at, 4) ? head.u32le(at) : null;
}

/** Whether a code means a dictionary of 4 KiB to 512 MiB. */
function isLzipSize(code: number): boolean {
  return (code & 0x1f) >= 12 && (code & 0x1f) <= 29;
}

/** Whether flags mean codes of 9 to 16 bits and set no reserved bit. */
function isLzwMode(flags: number): boolean {
  return (flags & 0x60) === 0 && (flags & 0x1f) >= 9 && (flags & 0x1f) <= 16;
}

/** Whether two bytes mean deflate with a window up to 32 KiB, no preset dictionary, and their check is right. */
function isZlib(head: Fields): boolean {
  if (!head.has(0, 2)) return false;
  const [method, flags] = [head.u8(0), head.u8(1)];
  return (method & 0x0f) === 8 && method >> 4 <= 7 && (flags & 0x20) === 0 && (method * 256 + flags) % 31 === 0;
}

/**
 * Whether a head can be .lzma, which has no magic: it has the usual properties byte, a dictionary size that encoders
 * choose and a possible plaintext size.
 */
function isLzmaAlone(head: Fields): boolean {
  if (!head.has(0, 18) || head.u8(0) !== 0x5d || head.u8(13) !== 0) return false;
  const dictionary = head.u32le(1);
  const size = head.u64le(5);
  const isRound =
    dictionary >= 4096 && [dictionary, (dictionary / 3) * 2].some((power) => Number.isInteger(Math.log2(power)));
  return isRound && (size === 0xffff_ffff_ffff_ffffn || size < 1n << 48n);
}

export const COMPRESSED_FORMATS: readonly EnvelopeFormat[] = METHODS.map((method) => ({
  recognise: ({ head }) => (method.is(head) ? { offset: 0, detail: `${method.name} data`, magic: method.magic } : null),
  open: (wrapped) => openCompressed(method, wrapped),
}));

function* openCompressed({ name, magic }: Method, wrapped: Wrapped): Reading<Judgement | null> {
  try {
    const plaintext = yield* openWhole(name, wrapped.file);
    if (UNMARKED.includes(name) && plaintext.end === null && plaintext.first.length < FIRST_STEP) return null;
    return yield* judgePlaintext(plaintext, wrapped);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    if (magic === 'weak') return null;
    return undetermined(`compressed data that cannot be expanded: ${error.message}`, 'raw', { envelope: 'compressed' });
  }
}

/** Opens the plaintext from the head of the file, or from more of it where the head holds no whole block. */
function* openWhole(name: Compression, file: FileHead): Reading<Plaintext> {
  const { bytes } = file.head;
  const reaches = (input: Uint8Array) => (file.size !== null && input.length >= file.size ? 'whole' : 'cut');
  try {
    return yield* openPlaintext(name, bytes, reaches(bytes));
  } catch (error) {
    if (name !== 'bzip2' || reaches(bytes) === 'whole' || !(error instanceof Unreadable)) throw error;
  }
  const input = Buffer.concat([bytes, yield* readUpTo(bytes.length, INPUT_LIMIT - bytes.length)]);
  return yield* openPlaintext(name, input, reaches(input));
}

function* judgePlaintext(plaintext: Plaintext, { depth, judge }: Wrapped): Reading<Judgement> {
  const first = fieldsOf(plaintext.first);
  const size = plaintext.end?.size ?? null;
  if (plaintext.compression === 'gzip' && tarHeaderAt(first, 0) !== null) {
    return yield* ofPlaintext(judgeTarGz(size, depth, judge), plaintext);
  }
  const inner = yield* ofPlaintext(judge({ size, depth: depth + 1, bytes: 'costly' }), plaintext);
  return around(inner, depth);
}

function* judgeTarGz(size: number | null, depth: number, judge: Wrapped['judge']): Reading<Judgement> {
  const file: FileHead = { head: fieldsOf(yield* readUpTo(0, HEAD_LENGTH)), size };
  const inner = yield* judgeArchive({ file, depth: depth + 1, judge }, 'gzip');
  return { ...inner, evidence: labelled('decompressed', inner.evidence) };
}

function around(inner: Judgement, depth: number): Judgement {
  const evidence = labelled('decompressed', inner.evidence);
  // A polyglot stays one in any envelope.
  if (inner.containerType === null) return { ...inner, evidence };
  // Boot loaders and kernels load these compressed.
  const isLoadable = inner.imageType === 'kernel' || inner.imageType === 'ramdisk';
  if (isLoadable && inner.containerType === 'raw' && inner.envelope === null && depth === 0)
    return { ...inner, evidence };
  const envelope = inner.envelope === 'docker' ? 'docker' : 'compressed';
  // An old initial ramdisk (initrd) is a compressed filesystem.
  if (inner.imageType === 'filesystem' && inner.containerType === 'raw') {
    return { ...inner, evidence, envelope, alsoReadAs: [...inner.alsoReadAs, 'ramdisk'] };
  }
  return { ...inner, evidence, envelope };
}
