import type { LayerFacts } from '../../model/inspection.ts';
import { latin1 } from '../reading/fields.ts';
import { seenAt, type SeenBytes } from './seen-bytes.ts';

const SECTOR = 512;
/** Bytes of the step in which Nova and Ironic read. All that they see of a text lies in the first. */
const FIRST_READ = 4096;
/** A shorter file never completes the header that is tested for text. */
const SHORTEST = 64;

const CREATE_TYPE = 'createtype="';
/** A value from this length on counts as none. */
const LONGEST_TYPE = 64;
/** The value by which the inspector says that there is none. */
const NOT_FOUND = 'formatnotfound';

type TextFacts = Pick<LayerFacts, 'text' | 'text-ends' | 'text-create-type'>;

const NO_TEXT: TextFacts = { text: 'none' };
const UNSEEN: TextFacts = { text: null, 'text-ends': null, 'text-create-type': null };

/**
 * Facts of a file that may be a descriptor of VMDK in a file of its own (oslo.utils, format_inspector.py,
 * VMDKInspector): text in its first sector, then whatever the first step of reading brings, up to a NUL.
 */
export function textFacts(seen: SeenBytes): TextFacts {
  const { bytes, size } = seen;
  const sector = bytes.subarray(0, SECTOR);
  if (size !== null && size < SHORTEST) return NO_TEXT;
  if (!sector.every(isTextByte) || latin1(sector, 0, 4) === 'KDMV') return NO_TEXT;
  if (seenAt(seen, 0, FIRST_READ) === null) return UNSEEN;
  const step = bytes.subarray(0, FIRST_READ);
  const nul = step.indexOf(0);
  const known = step.subarray(0, nul < 0 ? step.length : nul);
  const ends = nul >= 0 || size === step.length;
  if (known.some((byte) => byte >= 0x80)) return { text: 'ascii-then-other', 'text-ends': ends };
  const type = createTypeOf(latin1(known).toLowerCase());
  return { text: 'ascii', 'text-ends': ends, 'text-create-type': type !== null };
}

/** ASCII that Python counts as white space in `str.isspace` and `str.strip`: 1C to 1F too. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || (byte >= 0x1c && byte <= 0x1f);
}

/** ASCII that Python calls printable or white space. */
function isTextByte(byte: number): boolean {
  return (byte >= 0x20 && byte <= 0x7e) || isSpace(byte);
}

/**
 * The first createType in a text of lower case, even in a comment. Without a closing quote it is the rest of the text,
 * its last character apart, because the inspector cuts at position -1. Null where there is none.
 */
export function createTypeOf(text: string): string | null {
  const found = text.indexOf(CREATE_TYPE);
  if (found < 0) return null;
  const start = found + CREATE_TYPE.length;
  const end = text.indexOf('"', start);
  if (end - start >= LONGEST_TYPE) return null;
  const type = text.slice(start, end < 0 ? Math.max(start, text.length - 1) : end);
  return type === NOT_FOUND ? null : type;
}
