import { fieldsOf, latin1 } from '../../reading/fields.ts';
import { readExactly, type Reading } from '../../reading/reading.ts';
import { paxNumber, paxRecords, paxText, type PaxRecords } from './pax-records.ts';
import { TAR_BLOCK, tarHeaderAt, type TarHeader } from './header.ts';
import { readOldMap, readPaxMap, type SparseMap } from './sparse.ts';

/** A member, with its long name and extended headers applied. */
export interface TarMember {
  /** Without a leading `./`; compared, never shown. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'symbolic-link' | 'hard-link' | 'other';
  /** Target of a link: compared, never shown. */
  readonly link: string;
  /** Offset of the stored data. */
  readonly offset: number;
  /** Number of stored bytes. */
  readonly size: number;
  /** Map of a file that is stored without its holes; `unusable` where it is invalid or too long. */
  readonly sparse: SparseMap | 'unusable' | null;
  /** Offset of the next header. */
  readonly next: number;
}

/**
 * Longest name and extended header that are read. Real archives have no longer ones; maps of sparse files are the
 * longest.
 */
const LONGEST_NAME = 4096;
const LONGEST_EXTENSION = 128 * 1024;

/** Most headers in a row that only describe the one after them. */
const MOST_PREFIXES = 5;

interface Prefixes {
  readonly name: string | null;
  readonly link: string | null;
  readonly records: PaxRecords;
}

/**
 * Reads the member whose header or long name is at `start`; null where no header has the right checksum.
 *
 * @throws Unreadable where the archive ends or cannot be read.
 */
export function* readMember(start: number): Reading<TarMember | null> {
  let at = start;
  let prefixes: Prefixes = { name: null, link: null, records: [] };
  for (let count = 0; count <= MOST_PREFIXES; count += 1) {
    const block = yield* readExactly(at, TAR_BLOCK);
    const header = tarHeaderAt(fieldsOf(block), 0);
    if (header === null) return null;
    const data = at + TAR_BLOCK;
    if (!'LKxXg'.includes(header.typeFlag)) return yield* memberOf(header, block, data, prefixes);
    prefixes = yield* withPrefix(prefixes, header, data);
    at = padded(data, header.size);
  }
  return null;
}

/** Reads a header that describes the next one. A header for the whole archive (g) holds nothing that matters here. */
function* withPrefix(before: Prefixes, { typeFlag, size }: TarHeader, data: number): Reading<Prefixes> {
  if ((typeFlag === 'x' || typeFlag === 'X') && size <= LONGEST_EXTENSION) {
    return { ...before, records: [...before.records, ...paxRecords(yield* readExactly(data, size))] };
  }
  if ((typeFlag !== 'L' && typeFlag !== 'K') || size > LONGEST_NAME) return before;
  const text = latin1(yield* readExactly(data, size)).replace(/\0.*$/su, '');
  return typeFlag === 'L' ? { ...before, name: text } : { ...before, link: text };
}

function* memberOf(header: TarHeader, block: Uint8Array, data: number, prefixes: Prefixes): Reading<TarMember> {
  const { records } = prefixes;
  const name = (
    paxText(records, 'GNU.sparse.name') ??
    paxText(records, 'path') ??
    prefixes.name ??
    header.name
  ).replace(/^(?:\.\/+)+/u, '');
  const link = paxText(records, 'linkpath') ?? prefixes.link ?? header.link;
  const kind = kindOf(header.typeFlag, name);
  // A hard link has no data, whatever its size says (GNU tar, src/list.c, read_header).
  const size = kind === 'hard-link' ? 0 : (paxNumber(records, 'size') ?? header.size);
  if (header.typeFlag === 'S') {
    const old = yield* readOldMap(block, data);
    return { name, kind, link, offset: old.data, size, sparse: old.map ?? 'unusable', next: padded(old.data, size) };
  }
  const map = yield* readPaxMap(records, data);
  const sparse = map === undefined ? null : (map ?? 'unusable');
  return { name, kind, link, offset: data, size, sparse, next: padded(data, size) };
}

function padded(data: number, size: number): number {
  return data + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
}

/** Unknown types are files (POSIX.1-2001, ustar). D, M, N and V are lists and labels of GNU tar. */
function kindOf(typeFlag: string, name: string): TarMember['kind'] {
  if (typeFlag === '1') return 'hard-link';
  if (typeFlag === '2') return 'symbolic-link';
  if (typeFlag === '5' || name === '' || name === '.' || name.endsWith('/')) return 'directory';
  return '346DMNV'.includes(typeFlag) ? 'other' : 'file';
}
