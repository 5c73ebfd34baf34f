import type { SafetyCode } from '../../../model/safety.ts';
import type { FileHead } from '../../reading/file-head.ts';
import type { Fields } from '../../reading/fields.ts';
import { readUpTo, type Reading } from '../../reading/reading.ts';
import type { Observations } from '../format/observations.ts';
import { closed, type Inspected } from '../format/opening.ts';
import { EXTENT_START, LONGEST_DESCRIPTOR, LONGEST_LINE, parseDescriptor } from './descriptor.ts';
import { noteNames } from './embedded-descriptor.ts';

const TITLE = /^#\s*disk\s*descriptorfile/i;
const VERSION = /^version\s*=\s*\d+$/i;
const SETTING = /^[\w.]+\s*=/;
const CREATE_TYPE = /createtype/i;
const PARENT = /parentfilenamehint/i;
/**
 * The types for which QEMU follows names in a text, behind the two characters that it skips (block/vmdk.c,
 * vmdk_open_desc_file).
 */
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
  if (!SETTING.test(first) && !EXTENT_START.test(first)) return null;
  return typed && (extent || PARENT.test(text)) ? text.length : null;
}

/**
 * Codes for what QEMU follows in a text that does not begin like a descriptor, once it is told that the file is a VMDK.
 */
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
