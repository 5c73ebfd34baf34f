import { fieldsOf } from '../fields.ts';
import { readExactly, type Reading } from '../reading.ts';
import { latin1, TAR_BLOCK, tarHeaderAt } from './tar-header.ts';

/** A member with what long names and extended headers say of it. */
export interface TarMember {
  /** For comparing only; without a leading `./`. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'other';
  /** Where its data begins. */
  readonly offset: number;
  readonly size: number;
  /** Where the next header is. */
  readonly next: number;
}

/** Names and extended headers are not longer than this in any archive that is meant well. */
const LONGEST_NAME = 4096;

/** Headers in a row that only describe the one after them. */
const MOST_PREFIXES = 4;

/** The member whose header, or whose long name, is at `start`; null at the end of the archive and where it is broken; `truncated` where the file ends. */
export function* readMember(start: number): Reading<TarMember | null> {
  let at = start;
  let longName: string | null = null;
  let longSize: number | null = null;
  for (let prefixes = 0; prefixes <= MOST_PREFIXES; prefixes += 1) {
    const header = tarHeaderAt(fieldsOf(yield* readExactly(at, TAR_BLOCK)), 0);
    if (header === null) return null;
    const data = at + TAR_BLOCK;
    if (!'LKxg'.includes(header.typeFlag)) {
      const size = longSize ?? header.size;
      const name = (longName ?? header.name).replace(/^\.\//u, '');
      return { name, kind: kindOf(header.typeFlag, name), offset: data, size, next: padded(data, size) };
    }
    if (header.size <= LONGEST_NAME && (header.typeFlag === 'L' || header.typeFlag === 'x')) {
      const text = latin1(yield* readExactly(data, header.size), 0, header.size);
      if (header.typeFlag === 'L') {
        longName = text.replace(/\0.*$/su, '');
      } else {
        longName = paxValue(text, 'path') ?? longName;
        longSize = paxSize(text) ?? longSize;
      }
    }
    at = padded(data, header.size);
  }
  return null;
}

function padded(data: number, size: number): number {
  return data + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
}

function kindOf(typeFlag: string, name: string): TarMember['kind'] {
  if (typeFlag === '5' || name.endsWith('/')) return 'directory';
  return '0\x007S'.includes(typeFlag) ? 'file' : 'other';
}

/** Records of an extended header are `LENGTH KEY=VALUE\n`. Source: POSIX.1-2001, pax, "pax Extended Header". */
function paxValue(text: string, key: string): string | null {
  return new RegExp(`(?:^|\\n)\\d+ ${key}=([^\\n]*)`, 'u').exec(text)?.[1] ?? null;
}

function paxSize(text: string): number | null {
  const size = Number(paxValue(text, 'size') ?? Number.NaN);
  return Number.isSafeInteger(size) && size >= 0 ? size : null;
}
