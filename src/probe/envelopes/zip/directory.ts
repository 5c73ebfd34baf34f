import { fieldsOf, toOffset, type Fields, type FileHead } from '../../reading/fields.ts';
import { attempted, readExactly, readUpTo, Unreadable, type Reading } from '../../reading/reading.ts';

/** A file in a zip archive. */
export interface ZipEntry {
  /** Comes from the image: compared, never shown. */
  readonly name: string;
  readonly isEncrypted: boolean;
  readonly method: number;
  /** Stored size and expanded size in bytes; null where only a descriptor behind the data tells. */
  readonly packed: number | null;
  readonly size: number | null;
  /** Offset of the local header. */
  readonly header: number;
}

export interface ZipEntries {
  readonly files: readonly ZipEntry[];
  readonly end: 'seen' | 'unseen';
}

const LOCAL = 'PK\x03\x04';
const CENTRAL = 'PK\x01\x02';
const END = 'PK\x05\x06';
const END_64 = 'PK\x06\x06';
const LOCATOR_64 = 'PK\x06\x07';
const LOCAL_LENGTH = 30;
const CENTRAL_LENGTH = 46;
const END_LENGTH = 22;
const LOCATOR_LENGTH = 20;

/** Bytes at the end in which the end record is searched: room for a short comment, which few archives have. */
const TAIL_LENGTH = 4096;
/** Most bytes and entries of the directory that are read. */
const LONGEST_DIRECTORY = 128 * 1024;
const MOST_ENTRIES = 1024;

/**
 * Lists the files, without directories and empty ones, by the central directory or, where that is unreadable, by the
 * local headers from the first one on.
 *
 * Source: PKWARE APPNOTE.TXT 4.3.7 (local header), 4.3.12 to 4.3.16 (directory, zip64), 4.5.3 (sizes of zip64).
 */
export function* zipEntries(file: FileHead): Reading<ZipEntries> {
  const listed = file.size === null ? null : yield* attempted(centralEntries(file.size));
  const { files, end } = listed ?? (yield* localEntries());
  return { files: files.filter(({ name, packed, size }) => !/[/\\]$/u.test(name) && packed !== 0 && size !== 0), end };
}

function* centralEntries(size: number): Reading<ZipEntries | null> {
  const start = Math.max(0, size - TAIL_LENGTH);
  const tail = yield* readUpTo(start, size - start);
  const fields = fieldsOf(tail);
  const at = fields.text(0, tail.length).lastIndexOf(END);
  if (at < 0 || at + END_LENGTH > tail.length) return null;
  let length = fields.u32le(at + 12);
  let offset = fields.u32le(at + 16);
  if (fields.is(at - LOCATOR_LENGTH, LOCATOR_64)) {
    const record = fieldsOf(
      yield* readExactly(toOffset(fields.u64le(at - LOCATOR_LENGTH + 8), 'the place of the zip64 end record'), 56),
    );
    if (!record.is(0, END_64)) return null;
    length = toOffset(record.u64le(40), 'the length of the directory');
    offset = toOffset(record.u64le(48), 'the place of the directory');
  }
  if (offset + length > size) return null;
  const directory = yield* readExactly(offset, Math.min(length, LONGEST_DIRECTORY));
  return entriesOf(fieldsOf(directory), length);
}

function entriesOf(directory: Fields, length: number): ZipEntries {
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at < length) {
    if (entries.length >= MOST_ENTRIES || !directory.has(at, CENTRAL_LENGTH)) return { files: entries, end: 'unseen' };
    const next = at + CENTRAL_LENGTH + directory.u16le(at + 28) + directory.u16le(at + 30) + directory.u16le(at + 32);
    if (!directory.is(at, CENTRAL) || !directory.has(at, next - at)) return { files: entries, end: 'unseen' };
    const nameEnd = at + CENTRAL_LENGTH + directory.u16le(at + 28);
    const extra = sizesOf64(directory, nameEnd, nameEnd + directory.u16le(at + 30));
    const size = extra(directory.u32le(at + 24));
    const packed = extra(directory.u32le(at + 20));
    const header = extra(directory.u32le(at + 42)) ?? 0;
    entries.push({
      name: directory.text(at + CENTRAL_LENGTH, nameEnd),
      isEncrypted: (directory.u16le(at + 8) & 1) !== 0,
      method: directory.u16le(at + 10),
      packed,
      size,
      header,
    });
    at = next;
  }
  return { files: entries, end: 'seen' };
}

/**
 * Returns a function that resolves 32-bit sizes. Sizes that do not fit stand in an extra field one after another, so
 * the calls must come in their order. It returns null where a size is missing.
 */
function sizesOf64(fields: Fields, start: number, end: number): (short: number) => number | null {
  let at = end;
  let left = 0;
  for (let field = start; field + 4 <= end; field += 4 + fields.u16le(field + 2)) {
    if (fields.u16le(field) !== 1) continue;
    at = field + 4;
    left = Math.min(fields.u16le(field + 2), end - at);
    break;
  }
  return (short) => {
    if (short !== 0xffff_ffff) return short;
    if (left < 8) return null;
    const value = fields.u64le(at);
    at += 8;
    left -= 8;
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null;
  };
}

/** Walks local headers as long as they tell the length of their data. */
function* localEntries(): Reading<ZipEntries> {
  const entries: ZipEntry[] = [];
  let at = 0;
  while (entries.length < MOST_LOCAL) {
    const local = yield* attempted(localHeader(at));
    if (local === null) return { files: entries, end: 'unseen' };
    if (local === 'directory') return { files: entries, end: 'seen' };
    entries.push(local.entry);
    if (local.entry.packed === null) return { files: entries, end: 'unseen' };
    at = local.data + local.entry.packed;
  }
  return { files: entries, end: 'unseen' };
}

/** Most local headers that are read: each may cost a request. */
const MOST_LOCAL = 16;
const HAS_DESCRIPTOR = 8;

function* localHeader(at: number): Reading<{ readonly entry: ZipEntry; readonly data: number } | 'directory' | null> {
  const fields = fieldsOf(yield* readUpTo(at, LOCAL_LENGTH));
  if (fields.is(0, CENTRAL)) return 'directory';
  if (!fields.is(0, LOCAL) || !fields.has(0, LOCAL_LENGTH)) return null;
  const nameLength = fields.u16le(26);
  const data = at + LOCAL_LENGTH + nameLength + fields.u16le(28);
  const rest = fieldsOf(yield* readExactly(at + LOCAL_LENGTH, data - at - LOCAL_LENGTH));
  const extra = sizesOf64(rest, nameLength, rest.length);
  const flags = fields.u16le(6);
  const size = extra(fields.u32le(22));
  const packed = extra(fields.u32le(18));
  const isKnown = (flags & HAS_DESCRIPTOR) === 0 || (packed ?? 0) > 0;
  return {
    entry: {
      name: rest.text(0, nameLength),
      isEncrypted: (flags & 1) !== 0,
      method: fields.u16le(8),
      packed: isKnown ? packed : null,
      size: isKnown ? size : null,
      header: at,
    },
    data,
  };
}

/** Reads where the data of an entry begins: the local header may have other extra fields than the directory. */
export function* zipData({ header }: ZipEntry): Reading<number> {
  const fields = fieldsOf(yield* readExactly(header, LOCAL_LENGTH));
  if (!fields.is(0, LOCAL)) throw new Unreadable('malformed', `no local header at ${header}`);
  return header + LOCAL_LENGTH + fields.u16le(26) + fields.u16le(28);
}
