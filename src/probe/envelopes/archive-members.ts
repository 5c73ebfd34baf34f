import type { SafetyCode } from '../../model/safety.ts';
import type { Envelope } from '../../model/vocabulary.ts';
import { atMost } from '../judgement/content-judgement.ts';
import { fieldsOf } from '../reading/fields.ts';
import { joined, labelled, otherwise, shifted, undetermined, type Judgement } from '../judgement/judgement.ts';
import { readUpTo, Unreadable, type Reading } from '../reading/reading.ts';
import type { Wrapped } from './envelope.ts';

/** A file in an archive. */
export interface ArchiveFile {
  /** For comparing only: it comes from the image. */
  readonly name: string;
  /** Bytes of the file once unpacked; null where the archive does not tell. */
  readonly size: number | null;
  /** Where its bytes begin, if they lie in the archive as they are; null otherwise. */
  readonly place: number | null;
  /** `near`: they are read as they are; `costly`: they are expanded. */
  readonly bytes: 'near' | 'costly';
  /** Runs a reading over the bytes of the file. Throws `Unreadable` where they cannot be had. */
  readonly over: <T>(reading: Reading<T>) => Reading<T>;
}

/**
 * What became of a file. `disk`: a disk, a file system or a container. `no disk`: clearly none. `slight`: not known,
 * but hardly one. `unknown`: it may be a disk.
 */
interface OpenedFile {
  readonly inner: Judgement;
  readonly standing: 'disk' | 'no disk' | 'slight' | 'unknown';
}

export interface OpenedFiles {
  readonly opened: readonly OpenedFile[];
  /** `all`: every file that may be a disk was opened; `some`: a limit was hit, or bytes could not be read. */
  readonly reached: 'all' | 'some';
  /** Of every file that was opened. */
  readonly safety: readonly SafetyCode[];
}

/** Files that are opened: each costs a request or more. Large ones go before small ones. */
const MOST_OPENED = 16;

/**
 * Smaller than any disk that is handed out: a disc has its first descriptor at 32 KiB, floppy disks have 160 KiB and
 * more.
 */
const SMALLEST_DISK = 32 * 1024;

const MEMBER = 'archive member';

/** Files in a tree: where so many are no disks, those that were not reached hardly are. */
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
      opened.push({ inner: { ...inner, evidence }, standing: yield* standingOf(file, inner) });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      if (isLarge(file)) reached = 'some';
    }
  }
  const codes = opened.flatMap(({ inner, standing }) => inner.safety.filter((code) => counts(code, standing)));
  return { opened, reached, safety: codes };
}

function placed({ place }: ArchiveFile, traces: Judgement['evidence']): Judgement['evidence'] {
  if (place === null) return labelled(MEMBER, traces);
  return shifted(place, traces).map((trace) => ({ ...trace, detail: `${MEMBER}: ${trace.detail}` }));
}

function isLarge({ size }: ArchiveFile): boolean {
  return size === null || size >= SMALLEST_DISK;
}

/** Texts that are compressed are nothing to fear in a wrapped archive, though nobody looks into them. */
function counts(code: SafetyCode, standing: OpenedFile['standing']): boolean {
  return code !== 'NESTED_TOO_DEEP' || standing === 'disk' || standing === 'unknown';
}

function* standingOf(file: ArchiveFile, inner: Judgement): Reading<OpenedFile['standing']> {
  if (isDiskLike(inner)) return 'disk';
  if (inner.imageType !== null) return 'no disk';
  if (inner.state === 'contested') return 'unknown';
  if (!isLarge(file)) return inner.envelope === null ? 'no disk' : 'slight';
  if (inner.envelope !== null) return 'unknown';
  const head = yield* file.over(readUpTo(0, TEXT_LENGTH));
  return isText(head) || NO_DISKS.some((magic) => fieldsOf(head).is(0, magic)) ? 'no disk' : 'unknown';
}

/** Whether it is what an archive would be unpacked for. */
function isDiskLike({ imageType, containerBasis }: Judgement): boolean {
  if (containerBasis === 'proven') return true;
  return imageType === 'disk' || imageType === 'filesystem' || imageType === 'iso9660';
}

const TEXT_LENGTH = 4096;

/** Printable ASCII and blanks: no structure of a disk is made of these alone. */
function isText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => (byte >= 0x20 && byte <= 0x7e) || (byte >= 0x09 && byte <= 0x0d));
}

/** How files begin that are no disks. Sources: file(1), magic/Magdir elf, images, pdf, sql. */
const NO_DISKS: readonly string[] = [
  '\x7fELF',
  '\x89PNG\r\n\x1a\n',
  '\xff\xd8\xff',
  'GIF87a',
  'GIF89a',
  '%PDF-',
  'SQLite format 3\0',
];

const CLEAR: ReadonlySet<OpenedFile['standing']> = new Set(['disk', 'no disk']);

/** An archive around files. */
export interface ArchiveSeen {
  /** `package`: its first file is the disk, whatever can be said of it. */
  readonly content: 'package' | 'files';
  /** Whether all its members were seen. */
  readonly end: 'seen' | 'unseen';
  /** What a disk in it can be said to be at the most. */
  readonly most: 'certain' | 'likely';
  /** Null where the model has no word for it: it is then called what it is, an archive. */
  readonly envelope: Envelope | null;
  /** Files in it, as far as it was seen. */
  readonly files: number;
}

/** The judgement on an archive whose files were opened: its disk, or `other` where it is clear that there is none. */
export function archiveJudgement({ opened, reached, safety }: OpenedFiles, seen: ArchiveSeen): Judgement {
  const { envelope } = seen;
  const disk = opened.find(({ standing }) => standing === 'disk')?.inner;
  if (envelope === null) {
    const isDisk = disk !== undefined;
    const archive = otherwise(
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
    // Beside files that may be anything, a disk is one of several things that are handed out together.
    const isClear = seen.content === 'package' || opened.every(({ standing }) => CLEAR.has(standing));
    if (!isClear) return { ...judgement, confidence: 'weak' };
    return { ...judgement, confidence: atMost(isWhole ? seen.most : 'likely', judgement.confidence) };
  }
  if (opened.some(({ standing }) => standing === 'unknown')) {
    return undetermined('an archive with a member that is not recognised', 'raw', { envelope, safety });
  }
  const isSlight = opened.some(({ standing }) => standing === 'slight');
  const isTree = reached === 'all' && seen.files >= FILES_OF_A_TREE;
  if (!isWhole && !isTree) {
    const why = 'an archive that could not be read to a disk or to its end';
    return undetermined(why, 'raw', { envelope, safety });
  }
  // Never more: a root file system or the layers of an image look the same.
  const confidence = isWhole && !isSlight ? 'likely' : 'weak';
  const judgement = otherwise(envelope, confidence, [{ offset: 0, detail: 'no disk among the members' }]);
  return { ...judgement, safety, alsoWrappedAs: envelope === 'tgz' ? ['docker'] : [] };
}
