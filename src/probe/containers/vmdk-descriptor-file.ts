import type { FileHead } from '../container.ts';
import type { Fields } from '../fields.ts';
import { readUpTo, type Reading } from '../reading.ts';
import type { Observations } from './observations.ts';
import { closed, type Inspected } from './opening.ts';
import { EXTENT_START, LONGEST_DESCRIPTOR, parseDescriptor } from './vmdk-descriptor.ts';
import { noteNames } from './vmdk-embedded.ts';

const TITLE = /^#\s*disk\s*descriptorfile/i;
const VERSION = /^version\s*=\s*\d+$/i;
const CREATE_TYPE = /createtype/i;
const PARENT = /parentfilenamehint/i;

/**
 * Whether a file is the text of a descriptor: its title in the first comment, or a version behind nothing but comments and blank lines
 * (QEMU block/vmdk.c, vmdk_probe); or a createType with an extent or a parent anywhere, which QEMU follows
 * once it has been told that the file is a VMDK (vmdk_open_desc_file). The word alone, as in a manual, leads nowhere.
 *
 * @returns bytes before the first NUL, or null.
 */
export function findDescriptor(head: Fields): number | null {
  const searched = head.upTo(0, LONGEST_DESCRIPTOR);
  const nul = searched.indexOf(0);
  const end = nul < 0 ? searched.length : nul;
  const text = Buffer.from(searched.buffer, searched.byteOffset, end)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '');
  if (beginsAsDescriptor(text)) return end;
  if (!CREATE_TYPE.test(text)) return null;
  return EXTENT_START.test(text) || PARENT.test(text) ? end : null;
}

function beginsAsDescriptor(text: string): boolean {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).trim();
    if (TITLE.test(line) || VERSION.test(line)) return true;
    if (line !== '' && !line.startsWith('#')) return false;
    start = end + 1;
  }
  return false;
}

/** A descriptor alone: its data lies in other files, which are never opened. */
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
