import { HEAD_LENGTH } from '../../reading/fields.ts';
import { undetermined, type Judgement } from '../../judgement/judgement.ts';
import { ofPlaintext, openPlaintext, within } from '../../reading/layer.ts';
import { readUpTo, Unreadable, type Compression, type Reading } from '../../reading/reading.ts';
import { archiveJudgement, openFiles, type ArchiveFile, leavesDirectory } from '../members/archive-members.ts';
import type { EnvelopeFormat, Wrapped } from '../format/envelope.ts';
import { zipData, zipEntries, type ZipEntry } from './directory.ts';

/** Newest version of the format, 6.3. Only the low byte is the version; the high byte tells the system of origin. */
const NEWEST_VERSION = 63;
const HEADER_LENGTH = 30;

/** A zip archive. Glance's import unpacks archives with one member. */
export const ZIP_FORMAT: EnvelopeFormat = {
  recognise: ({ head }) =>
    head.is(0, 'PK\x03\x04') && head.has(0, HEADER_LENGTH) && head.u8(4) <= NEWEST_VERSION
      ? { offset: 0, detail: 'zip archive', magic: 'strong' }
      : null,
  open: openZip,
};

const STORED = 0;
const LZMA = 14;

/** Methods with a decoder. Source: PKWARE APPNOTE.TXT 4.4.5. */
const METHODS: ReadonlyMap<number, Compression> = new Map([
  [8, 'deflate-raw'],
  [12, 'bzip2'],
  [LZMA, 'lzma'],
  [93, 'zstd'],
  [95, 'xz'],
]);

function* openZip(wrapped: Wrapped): Reading<Judgement> {
  const { files, end } = yield* zipEntries(wrapped.file);
  const known = files.filter((entry) => !entry.isEncrypted && isExpandable(entry));
  const opened = yield* openFiles(known.map(fileOf), wrapped);
  const reached = known.length === files.length ? opened.reached : 'some';
  const [only] = files;
  const judgement =
    only !== undefined && files.length === 1
      ? judgeOnly(only, opened.opened[0]?.inner)
      : archiveJudgement(
          { ...opened, reached },
          { content: 'files', end, most: 'likely', envelope: 'compressed', files: files.length },
        );
  return {
    ...judgement,
    safety: [
      ...judgement.safety,
      ...(files.some(({ name }) => leavesDirectory(name)) ? (['UNSAFE_MEMBER'] as const) : []),
      ...(files.some(({ isEncrypted }) => isEncrypted) ? (['ENCRYPTED_CONTENT'] as const) : []),
    ],
  };
}

/** Judges the only file of an archive like the plaintext of gzip. */
function judgeOnly(entry: ZipEntry, inner: Judgement | undefined): Judgement {
  // A polyglot stays one in any envelope.
  if (inner !== undefined) return inner.containerType === null ? inner : { ...inner, envelope: 'compressed' };
  const why = entry.isEncrypted
    ? 'encrypted'
    : isExpandable(entry)
      ? 'compressed data that cannot be expanded'
      : `no decoder for zip method ${entry.method}`;
  return undetermined(why, 'raw', { envelope: 'compressed' });
}

function isExpandable({ method }: ZipEntry): boolean {
  return method === STORED || METHODS.has(method);
}

function fileOf(entry: ZipEntry): ArchiveFile {
  const { name, method, size, packed } = entry;
  const compression = METHODS.get(method);
  // The offset of the data is unknown until its local header is read, so `place` is null even for stored files.
  if (compression !== undefined)
    return { name, size, place: null, bytes: 'costly', over: (reading) => expanded(reading, entry, compression) };
  const length = packed ?? Number.MAX_SAFE_INTEGER - HEADER_LENGTH - 2 * 0xffff - entry.header;
  return { name, size: size ?? packed, place: null, bytes: 'near', over: (reading) => stored(reading, entry, length) };
}

function* stored<T>(reading: Reading<T>, entry: ZipEntry, length: number): Reading<T> {
  const data = yield* zipData(entry);
  return yield* within(reading, data, length);
}

function* expanded<T>(reading: Reading<T>, entry: ZipEntry, compression: Compression): Reading<T> {
  const data = yield* zipData(entry);
  // Bytes in the head cost no further request.
  const length = data < HEAD_LENGTH / 2 ? HEAD_LENGTH - data : HEAD_LENGTH / 2;
  const input = yield* readUpTo(data, Math.min(length, entry.packed ?? length));
  const end = entry.packed !== null && input.length >= entry.packed ? 'whole' : 'cut';
  const plaintext = yield* openPlaintext(compression, entry.method === LZMA ? lzmaAlone(input) : input, end);
  return yield* ofPlaintext(reading, plaintext);
}

/** Puts the header of a .lzma file before the data: properties and an unknown size (APPNOTE.TXT 5.8.8). */
function lzmaAlone(input: Uint8Array): Uint8Array {
  const properties = 5;
  if (input.length < 4 + properties || input[2] !== properties || input[3] !== 0)
    throw new Unreadable('malformed', 'lzma properties of another length than 5');
  const header = new Uint8Array(properties + 8).fill(0xff);
  header.set(input.subarray(4, 4 + properties));
  return Buffer.concat([header, input.subarray(4 + properties)]);
}
