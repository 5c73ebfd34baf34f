import type { SafetyCode } from '../../../model/safety.ts';
import type { Envelope } from '../../../model/vocabulary.ts';
import { atMost } from '../../judgement/content-judgement.ts';
import { fieldsOf } from '../../reading/fields.ts';
import { joined, labelled, ofTypeOther, shifted, undetermined, type Judgement } from '../../judgement/judgement.ts';
import { readUpTo, Unreadable, type Reading } from '../../reading/reading.ts';
import type { Wrapped } from '../format/envelope.ts';

/** A file in an archive. */
export interface ArchiveFile {
  /** Comes from the image: compared, never shown. */
  readonly name: string;
  /** Unpacked size in bytes; null where the archive does not tell. */
  readonly size: number | null;
  /** Offset of its bytes in the archive, if they are stored uncompressed and in one piece; null otherwise. */
  readonly place: number | null;
  /** `near`: the bytes are stored; `costly`: they must be expanded. */
  readonly bytes: 'near' | 'costly';
  /** Runs a reading over the bytes of the file. Throws `Unreadable` where they cannot be read. */
  readonly over: <T>(reading: Reading<T>) => Reading<T>;
}

/**
 * A file and what it can be. `disk`: a disk, a file system or a container. `no disk`: clearly none. `slight`: not
 * recognised, but hardly a disk. `unknown`: it may be a disk.
 */
interface OpenedFile {
  readonly inner: Judgement;
  readonly role: 'disk' | 'no disk' | 'slight' | 'unknown';
}

export interface OpenedFiles {
  readonly opened: readonly OpenedFile[];
  /** `all`: every file that may be a disk was opened; `some`: a limit was reached, or bytes could not be read. */
  readonly reached: 'all' | 'some';
  /** Codes of all opened files. */
  readonly safety: readonly SafetyCode[];
}

/** Most files that are opened, large ones first: each costs at least one request. */
const MOST_OPENED = 16;

/**
 * Smaller than any disk in use: an optical disc has its first descriptor at 32 KiB, floppy disks have at least 160 KiB.
 */
const SMALLEST_DISK = 32 * 1024;

const MEMBER = 'archive member';

/** Number of files from which an archive is a directory tree: files that were not reached are hardly disks then. */
const FILES_OF_A_TREE = 16;

/** Judges the files of an archive, in its order. */
export function* openFiles(files: readonly ArchiveFile[], { depth, judge }: Wrapped): Reading<OpenedFiles> {
  const chosen = new Set([...files.filter(isLarge), ...files.filter((file) => !isLarge(file))].slice(0, MOST_OPENED));
  const opened: OpenedFile[] = [];
  let reached: OpenedFiles['reached'] = files.every((file) => chosen.has(file) || !isLarge(file)) ? 'all' : 'some';
  for (const file of files) {
    if (!chosen.has(file) || file.size === 0) continue;
    try {
      const inner = yield* file.over(judge({ size: file.size, depth: depth + 1, bytes: file.bytes }));
      const evidence = placed(file, inner.evidence);
      opened.push({ inner: { ...inner, evidence }, role: yield* roleOf(file, inner) });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      if (isLarge(file)) reached = 'some';
    }
  }
  const codes = opened.flatMap(({ inner, role }) => inner.safety.filter((code) => counts(code, role)));
  return { opened, reached, safety: codes };
}

function placed({ place }: ArchiveFile, traces: Judgement['evidence']): Judgement['evidence'] {
  if (place === null) return labelled(MEMBER, traces);
  return shifted(place, traces).map((trace) => ({ ...trace, detail: `${MEMBER}: ${trace.detail}` }));
}

function isLarge({ size }: ArchiveFile): boolean {
  return size === null || size >= SMALLEST_DISK;
}

/**
 * Whether a code counts for the archive. Small compressed texts in a wrapped archive are no danger, though unopened.
 */
function counts(code: SafetyCode, role: OpenedFile['role']): boolean {
  return code !== 'NESTED_TOO_DEEP' || role === 'disk' || role === 'unknown';
}

function* roleOf(file: ArchiveFile, inner: Judgement): Reading<OpenedFile['role']> {
  if (isDiskLike(inner)) return 'disk';
  if (inner.imageType !== null) return 'no disk';
  if (inner.state === 'contested') return 'unknown';
  if (!isLarge(file)) return inner.envelope === null ? 'no disk' : 'slight';
  if (inner.envelope !== null) return 'unknown';
  const head = yield* file.over(readUpTo(0, TEXT_LENGTH));
  return isText(head) || NO_DISKS.some((magic) => fieldsOf(head).is(0, magic)) ? 'no disk' : 'unknown';
}

/** Whether a file is what somebody unpacks an archive for. */
function isDiskLike({ imageType, containerBasis }: Judgement): boolean {
  if (containerBasis === 'proven') return true;
  return imageType === 'disk' || imageType === 'filesystem' || imageType === 'iso9660';
}

const TEXT_LENGTH = 4096;

/** Whether bytes are printable ASCII and blanks, of which no disk structure consists. */
function isText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => (byte >= 0x20 && byte <= 0x7e) || (byte >= 0x09 && byte <= 0x0d));
}

/** First bytes of files that are no disks. Sources: file(1), magic/Magdir elf, images, pdf, sql. */
const NO_DISKS: readonly string[] = [
  '\x7fELF',
  '\x89PNG\r\n\x1a\n',
  '\xff\xd8\xff',
  'GIF87a',
  'GIF89a',
  '%PDF-',
  'SQLite format 3\0',
];

const CLEAR: ReadonlySet<OpenedFile['role']> = new Set(['disk', 'no disk']);

/** What was seen of an archive. */
export interface ArchiveSeen {
  /** `package`: the first file is the disk, recognised or not. */
  readonly content: 'package' | 'files';
  /** Whether all members were seen. */
  readonly end: 'seen' | 'unseen';
  /** Highest confidence for a disk in it. */
  readonly most: 'certain' | 'likely';
  /** Null where no envelope type exists for it; the image type is then `other`. */
  readonly envelope: Envelope | null;
  /** Number of files seen. */
  readonly files: number;
}

/** Judges an archive by its opened files: the disk among them, or `other` where there clearly is none. */
export function archiveJudgement({ opened, reached, safety }: OpenedFiles, seen: ArchiveSeen): Judgement {
  const { envelope } = seen;
  const disk = opened.find(({ role }) => role === 'disk')?.inner;
  if (envelope === null) {
    const isDisk = disk !== undefined;
    const archive = ofTypeOther(
      null,
      'likely',
      isDisk ? [{ offset: 0, detail: 'a disk image is among the members' }] : [],
    );
    return isDisk
      ? { ...joined(archive, [], disk.evidence), safety }
      : { ...archive, alsoWrappedAs: ['docker'], safety };
  }
  const isWhole = seen.end === 'seen' && reached === 'all';
  const chosen = disk ?? (seen.content === 'package' ? opened[0]?.inner : undefined);
  if (chosen !== undefined) {
    const judgement = { ...chosen, envelope, safety };
    if (judgement.imageType === null) return judgement;
    // Among files that may be anything, the disk need not be what the archive is for.
    const isClear = seen.content === 'package' || opened.every(({ role }) => CLEAR.has(role));
    if (!isClear) return { ...judgement, confidence: 'weak' };
    return { ...judgement, confidence: atMost(isWhole ? seen.most : 'likely', judgement.confidence) };
  }
  if (opened.some(({ role }) => role === 'unknown')) {
    return undetermined('an archive with a member that is not recognised', 'raw', { envelope, safety });
  }
  const isSlight = opened.some(({ role }) => role === 'slight');
  const isTree = reached === 'all' && seen.files >= FILES_OF_A_TREE;
  if (!isWhole && !isTree) {
    const why = 'an archive that could not be read to a disk or to its end';
    return undetermined(why, 'raw', { envelope, safety });
  }
  // Never `certain`: a root file system or the layers of a container image look the same.
  const confidence = isWhole && !isSlight ? 'likely' : 'weak';
  const judgement = ofTypeOther(envelope, confidence, [{ offset: 0, detail: 'no disk among the members' }]);
  return { ...judgement, safety, alsoWrappedAs: envelope === 'tgz' ? ['docker'] : [] };
}
