import type { LayerFacts } from '../../model/inspection.ts';
import { latin1 } from '../reading/fields.ts';

type CreateType = NonNullable<LayerFacts['vmdk-create-type']>;
type DescriptorFault = NonNullable<LayerFacts['vmdk-descriptor']>;

const ACCESS: readonly string[] = ['rw', 'rdonly', 'noaccess'];

const CREATE_TYPE = 'createtype="';
/** A value from this length on counts as none. */
const LONGEST_TYPE = 64;
/** The value by which the inspector says that there is none. */
const NOT_FOUND = 'formatnotfound';

/** ASCII that Python counts as white space in `str.isspace` and `str.strip`: 1C to 1F too. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || (byte >= 0x1c && byte <= 0x1f);
}

/** The first fault of a descriptor, line by line, and its createType apart from that. */
function descriptorFault(bytes: Uint8Array): DescriptorFault {
  if (bytes.some((byte) => byte >= 0x80)) return 'not-text';
  const extents: string[] = [];
  for (const whole of latin1(bytes).toLowerCase().split('\n')) {
    const line = stripped(whole);
    if (line === '' || line.startsWith('#') || line.startsWith('ddb')) continue;
    const equals = line.indexOf('=');
    if (equals >= 0 && !line.slice(0, equals).includes(' ')) continue;
    if (!ACCESS.includes(line.split(' ', 1)[0] ?? '')) return 'line';
    extents.push(line);
  }
  if (extents.some((line) => line.includes('/'))) return 'path';
  return extents.length === 0 ? 'no-extent' : 'sound';
}

/** Without the white space at both ends; by hand, because a regular expression takes quadratic time at the end. */
function stripped(line: string): string {
  let [start, end] = [0, line.length];
  while (start < end && isSpace(line.charCodeAt(start))) start += 1;
  while (end > start && isSpace(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

/** Words without null: a whole descriptor has been seen. */
interface DescriptorFacts {
  readonly 'vmdk-descriptor': DescriptorFault;
  readonly 'vmdk-descriptor-all': DescriptorFault;
  readonly 'vmdk-create-type': CreateType;
}

/**
 * Facts of a whole descriptor (oslo.utils, format_inspector.py, VMDKInspector). Newer inspectors end the text at its
 * first NUL, older ones only take the NULs at its end off.
 */
export function descriptorFacts(bytes: Uint8Array): DescriptorFacts {
  const nul = bytes.indexOf(0);
  const text = nul < 0 ? bytes : bytes.subarray(0, nul);
  const fault = descriptorFault(text);
  const type = fault === 'not-text' ? null : createTypeOf(latin1(text).toLowerCase());
  return {
    'vmdk-descriptor': fault,
    'vmdk-descriptor-all': descriptorFault(bytes.subarray(0, lengthWithoutPadding(bytes))),
    'vmdk-create-type': wordOf(type),
  };
}

function lengthWithoutPadding(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end;
}

function wordOf(type: string | null): CreateType {
  if (type === null) return 'none';
  if (type === 'monolithicsparse') return 'monolithicSparse';
  return type === 'streamoptimized' ? 'streamOptimized' : 'other';
}

/**
 * The first createType in a text of lower case, even in a comment. Without a closing quote it is the rest of the text,
 * its last character apart, because the inspector cuts at position -1. Null where there is none.
 */
function createTypeOf(text: string): string | null {
  const found = text.indexOf(CREATE_TYPE);
  if (found < 0) return null;
  const start = found + CREATE_TYPE.length;
  const end = text.indexOf('"', start);
  if (end - start >= LONGEST_TYPE) return null;
  const type = text.slice(start, end < 0 ? Math.max(start, text.length - 1) : end);
  return type === NOT_FOUND ? null : type;
}
