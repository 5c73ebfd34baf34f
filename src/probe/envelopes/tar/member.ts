import { fieldsOf, latin1, type FileHead } from '../../reading/fields.ts';
import { readExactly, type Reading, readUpTo, attempted } from '../../reading/reading.ts';
import { paxNumber, paxRecords, paxText, type PaxRecords, TAR_BLOCK, tarHeaderAt, type TarHeader } from './header.ts';
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

/** Longest name and extended header that are read; real ones are shorter. Maps of sparse files are the longest. */
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

/** Most headers that are read, and most that may lie behind the head of the file: each of these costs a request. */
const MOST_MEMBERS = 128;
const MOST_FAR_MEMBERS = 16;

/** What a walk over the headers of an archive found. */
export interface WalkedTar {
  readonly members: readonly TarMember[];
  /** `end`: of the archive; `limit`: too many members; `unread`: the bytes end or the next header is invalid. */
  readonly stopped: 'end' | 'limit' | 'unread';
}

export function* walkTar({ head, size }: FileHead): Reading<WalkedTar> {
  const members: TarMember[] = [];
  let far = 0;
  let at = 0;
  while (members.length < MOST_MEMBERS && far <= MOST_FAR_MEMBERS) {
    // Old programs, and those that only append, write no end mark.
    if (at === size) return { members, stopped: 'end' };
    // An unreadable member ends the walk, and the members before it still count.
    const member = (yield* attempted(memberAt(at))) ?? 'unread';
    if (member === 'end' || member === 'unread') return { members, stopped: member };
    members.push(member);
    at = member.next;
    if (!head.has(at, TAR_BLOCK)) far += 1;
  }
  return { members, stopped: 'limit' };
}

function* memberAt(offset: number): Reading<TarMember | 'end' | 'unread'> {
  const member = yield* readMember(offset);
  if (member !== null) return member;
  const block = yield* readUpTo(offset, TAR_BLOCK);
  return block.every((byte) => byte === 0) ? 'end' : 'unread';
}
