import { latin1, type FileHead, type Fields } from '../../reading/fields.ts';
import { readUpTo, type Reading } from '../../reading/reading.ts';
import { pastEnd, REMOTE_NAME_SEEN } from '../format/header-rules.ts';
import { type Observations, closed, type Inspected } from '../format/opening.ts';
import { SECTOR, type SparseHeader } from './sparse-header.ts';
import type { SafetyCode } from '../../../model/safety.ts';

/** What a descriptor says. Names are not kept, only their kind. */
export interface VmdkDescriptor {
  /** In lower case, without quotes; more than one where the text contradicts itself. */
  readonly createTypes: readonly string[];
  readonly extents: readonly VmdkExtent[];
  /** A parent's content id, or the name of its file, is given. */
  readonly hasParent: boolean;
  readonly namesParent: boolean;
  /** The parent's or an extent's name is an address or a json: description. */
  readonly namesAddress: boolean;
  /** A file that tracks changes is named. */
  readonly namesTracking: boolean;
  /** Number of lines that are no comment, setting or extent; a text of more than `MOST_LINES` lines adds one. */
  readonly strangeLines: number;
}

interface VmdkExtent {
  /** FLAT, SPARSE, VMFS and so on, in lower case. */
  readonly kind: string;
  readonly sectors: bigint;
  /** The name leaves the directory: a slash, a backslash, two dots. */
  readonly leadsOut: boolean;
}

/** No descriptor is longer (QEMU block/vmdk.c, vmdk_read_desc). */
export const LONGEST_DESCRIPTOR = 1024 * 1024 - 1;

const MOST_LINES = 4096;
/** Only this much of a line is read. */
const LONGEST_LINE = 4096;

/**
 * Where an extent begins by the rules of sscanf: the first word of a line, blanks, a number with or without a sign. The
 * beginning of the line is tested last, so that blanks are scanned once.
 */
export const EXTENT_START =
  /(?:rw|rdonly|noaccess)(?<=(?:^|\n)[ \t\v\f\r]*(?:rw|rdonly|noaccess))[ \t\v\f\r\n]+[+-]?\d/i;

const EXTENT = /^(?:rw|rdonly|noaccess)\s+([+-]?\d{1,400})(?!\d)\s*(\w+)(?:\s*"([^"]*)"?)?/;
/** The same with line ends as blanks, which sscanf skips too. */
const SPLIT_EXTENT =
  /(?:rw|rdonly|noaccess)(?<=(?:^|\n)[ \t\v\f\r]*(?:rw|rdonly|noaccess))\s+([+-]?\d{1,400})(?!\d)\s*(\w+)(?:\s*"([^"\n]*))?/g;
/** The name as QEMU reads it: behind any two characters, up to a quote (block/vmdk.c, vmdk_parent_open). */
const PARENT_NAME = /parentfilenamehint[^]{2}([^"]{0,1024})/g;
const SETTING = /^([\w.]+)\s*=\s*"?([^"]*)/;
/** A single letter is a Windows drive. */
const ADDRESS = /^[a-z][a-z0-9+.-]+:/;
const NO_PARENT = 'ffffffff';

/**
 * Reads a descriptor; its words are not case-sensitive (VMware, "Virtual Disk Format 5.0", "The Descriptor File"). NULs
 * end lines: some programs stop at a NUL, others skip it.
 */
export function parseDescriptor(bytes: Uint8Array): VmdkDescriptor {
  const text = latin1(bytes).toLowerCase();
  const lines = text.split(/[\n\r\0]+/, MOST_LINES + 1);
  const settings: [key: string, value: string][] = [];
  const extents: (VmdkExtent & { readonly namesAddress: boolean })[] = [];
  let strangeLines = lines.length > MOST_LINES ? 1 : 0;
  for (const whole of lines) {
    const line = whole.slice(0, LONGEST_LINE).trim();
    const extent = EXTENT.exec(line);
    const setting = SETTING.exec(line);
    if (extent !== null) extents.push(extentOf(extent));
    else if (setting !== null) settings.push([setting[1] ?? '', (setting[2] ?? '').trim()]);
    else if (line !== '' && !line.startsWith('#')) strangeLines += 1;
  }
  let followed = 0;
  for (const match of text.matchAll(SPLIT_EXTENT)) {
    if (match[0].includes('\n')) extents.push(extentOf(match));
    followed += 1;
    if (followed > MOST_LINES) break;
  }
  const valuesOf = (key: string): readonly string[] =>
    settings.filter(([name]) => name === key).map(([, value]) => value);
  // QEMU finds this word anywhere, even in comments (vmdk_parent_open).
  const namesParent = text.includes('parentfilenamehint');
  return {
    createTypes: [...new Set(valuesOf('createtype'))],
    extents: extents.map(({ kind, sectors, leadsOut }) => ({ kind, sectors, leadsOut })),
    hasParent: namesParent || valuesOf('parentcid').some((id) => id !== NO_PARENT),
    namesParent,
    namesAddress:
      extents.some(({ namesAddress }) => namesAddress) ||
      valuesOf('parentfilenamehint').some((name) => ADDRESS.test(name)) ||
      [...text.matchAll(PARENT_NAME)].some(([, name = '']) => ADDRESS.test(name)),
    namesTracking: valuesOf('changetrackpath').length > 0,
    strangeLines,
  };
}

function extentOf(match: RegExpExecArray): VmdkExtent & { readonly namesAddress: boolean } {
  const [, sectors = '0', kind = '', name = ''] = match;
  return {
    kind,
    sectors: sectors.startsWith('-') ? 0n : BigInt(sectors.replace('+', '')),
    leadsOut: /[/\\]|\.\./.test(name),
    namesAddress: ADDRESS.test(name),
  };
}

/** Types that Glance and Nova accept by default ([DEFAULT] or [compute] vmdk_allowed_types), in lower case. */
const ALLOWED_TYPES: readonly string[] = ['monolithicsparse', 'streamoptimized'];

/** Where QEMU searches for the name of a parent, whatever the header says (block/vmdk.c, vmdk_parent_open). */
const USUAL_PLACE = SECTOR;
const USUAL_LENGTH = 20 * SECTOR;

export interface Embedded {
  /** Grains that are not in this file are in a parent. */
  readonly hasParent: boolean;
}

/** Reads the descriptor inside a sparse extent; notes what Glance refuses in it, and more. */
export function* inspectEmbedded(header: SparseHeader, file: FileHead, notes: Observations): Reading<Embedded> {
  const covered = header.descriptorOffset === 1n && header.descriptorSize * 512n >= BigInt(USUAL_LENGTH);
  const none = covered ? { hasParent: false } : inspectUsualPlace(file, notes);
  if (header.descriptorOffset === 0n) {
    notes.warn('SUBTYPE_REFUSED', 28, 'no descriptor: a part of a split disk');
    return none;
  }
  if (header.descriptorOffset !== 1n) {
    notes.warn('SMUGGLED_DESCRIPTOR', 28, 'the descriptor is not in the sector behind the header');
  }
  const length = header.descriptorSize * 512n;
  if (length > LONGEST_DESCRIPTOR) {
    notes.warn('OVERSIZED_TABLE', 36, 'a descriptor of 1 MiB or more');
    return none;
  }
  if (length === 0n || header.descriptorOffset > BigInt(Number.MAX_SAFE_INTEGER) / 512n) {
    notes.warn('MALFORMED_HEADER', 28, 'a descriptor of no length or beyond any file');
    return none;
  }
  const offset = Number(header.descriptorOffset) * SECTOR;
  if (pastEnd(BigInt(offset), length, file.size)) {
    notes.warn('TABLE_OUT_OF_BOUNDS', 28, 'the descriptor does not lie in the file');
  }
  const bytes = yield* readUpTo(offset, Number(length));
  if (bytes.every((byte) => byte === 0)) {
    notes.warn('SUBTYPE_REFUSED', offset, 'an empty descriptor: a part of a split disk');
    return none;
  }
  const descriptor = parseDescriptor(bytes);
  noteNames(descriptor, offset, notes);
  noteKind(descriptor, offset, notes);
  return { hasParent: descriptor.hasParent || none.hasParent };
}

/**
 * Notes a parent that QEMU follows although the header points to another descriptor, a shorter one or none. COWD has no
 * descriptor, and QEMU searches there all the same.
 */
export function inspectUsualPlace({ head }: FileHead, notes: Observations): Embedded {
  const descriptor = parseDescriptor(head.upTo(USUAL_PLACE, USUAL_PLACE + USUAL_LENGTH));
  if (!descriptor.namesParent) return { hasParent: false };
  notes.warn('SMUGGLED_DESCRIPTOR', USUAL_PLACE, 'a parent is named where the header says no descriptor is');
  noteNames(descriptor, USUAL_PLACE, notes);
  return descriptor;
}

/** Notes the kinds of names in a descriptor, alone or embedded. */
function noteNames(descriptor: VmdkDescriptor, at: number, notes: Observations): void {
  if (descriptor.namesParent) notes.warn('BACKING_FILE', at, 'descriptor: the file of a parent is named');
  if (descriptor.hasParent) notes.warn('PARENT_NEEDED', at, 'descriptor: the disk has a parent');
  if (descriptor.namesAddress) notes.warn('REMOTE_NAME', at, REMOTE_NAME_SEEN);
  if (descriptor.namesTracking) notes.warn('EXTERNAL_EXTENTS', at, 'descriptor: a file for change tracking is named');
  if (descriptor.createTypes.length === 0 || descriptor.createTypes.some((type) => !ALLOWED_TYPES.includes(type))) {
    notes.warn('SUBTYPE_REFUSED', at, 'descriptor: createType is neither monolithicSparse nor streamOptimized');
  }
}

function noteKind({ extents, strangeLines }: VmdkDescriptor, at: number, notes: Observations): void {
  const [extent] = extents;
  if (extent === undefined) notes.warn('MALFORMED_HEADER', at, 'descriptor: no extent');
  else if (extents.length > 1 || extent.kind !== 'sparse' || extent.leadsOut) {
    notes.warn('EXTERNAL_EXTENTS', at, 'descriptor: extents that are not this file');
  }
  if (strangeLines > 0) notes.warn('MALFORMED_HEADER', at, 'descriptor: lines that the format does not know');
}

const TITLE = /^#\s*disk\s*descriptorfile/i;
const VERSION = /^version\s*=\s*\d+$/i;
const FIRST_SETTING = /^[\w.]+\s*=/;
const CREATE_TYPE = /createtype/i;
const PARENT = /parentfilenamehint/i;
/** Types for which QEMU follows names, behind two characters that it skips (block/vmdk.c, vmdk_open_desc_file). */
const FOLLOWED_TYPE =
  /createtype[^]{2}(?:monolithicflat|vmfs|vmfssparse|sesparse|twogbmaxextentsparse|twogbmaxextentflat)"/i;

/**
 * Finds the text of a descriptor: its title in the first comment, or a createType with an extent or a parent in a text
 * whose first line is a setting or an extent. For other texts that contain a descriptor, such as a manual, see
 * `followedTextCodes`.
 *
 * @returns bytes before the first NUL, or null.
 */
export function findDescriptor(head: Fields): number | null {
  const text = textOf(head);
  const first = firstLineOf(text);
  if (TITLE.test(first)) return text.length;
  const [typed, extent] = [CREATE_TYPE.test(text), EXTENT_START.test(text)];
  if (VERSION.test(first)) return typed || extent ? text.length : null;
  if (!FIRST_SETTING.test(first) && !EXTENT_START.test(first)) return null;
  return typed && (extent || PARENT.test(text)) ? text.length : null;
}

/** Codes for what QEMU follows in a text that does not begin like a descriptor, once told that the file is a VMDK. */
export function followedTextCodes(head: Fields): readonly SafetyCode[] {
  const text = textOf(head);
  if (!FOLLOWED_TYPE.test(text)) return [];
  const { namesAddress } = parseDescriptor(Buffer.from(text, 'latin1'));
  return [
    ...(PARENT.test(text) ? (['BACKING_FILE'] as const) : []),
    ...(EXTENT_START.test(text) ? (['EXTERNAL_EXTENTS'] as const) : []),
    ...(namesAddress ? (['REMOTE_NAME'] as const) : []),
  ];
}

/** A file that is no text has a NUL in these bytes, so no more is read of it. */
const USUAL_TEXT = 64 * 1024;

/** The text that QEMU reads: the first MiB up to a NUL, in Latin-1, as far as the head holds it. */
function textOf(head: Fields): string {
  const beginning = head.upTo(0, USUAL_TEXT);
  const searched = beginning.includes(0) ? beginning : head.upTo(0, LONGEST_DESCRIPTOR);
  const nul = searched.indexOf(0);
  return head.text(0, nul < 0 ? searched.length : nul);
}

/** Whether the text that QEMU reads holds no `createType`. False also where that text continues behind the head. */
export function lacksCreateType({ head, size }: FileHead): boolean {
  const text = textOf(head);
  const isAll = text.length === size || text.length === LONGEST_DESCRIPTOR || head.is(text.length, [0]);
  return isAll && !CREATE_TYPE.test(text);
}

/** The title, or the first line that is neither blank nor a comment. */
function firstLineOf(text: string): string {
  for (let start = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, Math.min(end, start + LONGEST_LINE)).trim();
    if (TITLE.test(line) || (line !== '' && !line.startsWith('#'))) return line;
    start = end + 1;
  }
  return '';
}

/** A descriptor in a file of its own: its data lies in other files, which are never opened. */
export function* inspectDescriptorFile(file: FileHead, notes: Observations): Reading<Inspected> {
  const bytes = yield* readUpTo(0, file.head.length);
  const descriptor = parseDescriptor(bytes);
  notes.warn('EXTERNAL_EXTENTS', 0, 'descriptor: the data of the disk lies in other files');
  const nul = bytes.indexOf(0);
  if (nul >= 0) notes.warn('SMUGGLED_DESCRIPTOR', nul, 'NULs behind the text of the descriptor');
  noteNames(descriptor, 0, notes);
  const sectors = descriptor.extents.reduce((sum, extent) => sum + extent.sectors, 0n);
  const virtualSize = sectors * 512n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sectors) * 512 : null;
  return closed(descriptor.extents.length === 0 ? null : virtualSize, 'its data lies in other files');
}
