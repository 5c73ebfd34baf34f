import type { LayerFacts } from '../../model/inspection.ts';
import { DIRECTORY_AT_END, FLAG, hasFlag, isCompressed, sparseHeaderOf } from '../containers/vmdk/sparse-header.ts';
import { fieldsOf, latin1, type Fields } from '../reading/fields.ts';
import { attempted, type Reading } from '../reading/reading.ts';
import { seenAt, firstSectorOf, type LayerReader, type SeenBytes } from './seen-bytes.ts';

type OpensFacts = Pick<LayerFacts, 'qemu-opens' | 'qemu-create-type' | 'qemu-backing-file'>;

const UNKNOWN: OpensFacts = { 'qemu-opens': null, 'qemu-create-type': null, 'qemu-backing-file': null };
const REFUSED: OpensFacts = { 'qemu-opens': false };

const SECTOR = 512;
/** QEMU reads so much text behind the header, whatever the header says about the descriptor. */
const TEXT_LENGTH = 20 * SECTOR;
const FOOTER_LENGTH = 3 * SECTOR;
/** Sectors of the largest disk whose numbers stay exact. */
const MOST_SECTORS = 2n ** 44n;

/** What QEMU says of a file that it takes for a VMDK (block/vmdk.c of 7.2, vmdk_open). */
export function* opensVmdk(seen: SeenBytes, read: LayerReader): Reading<OpensFacts> {
  const first = firstSectorOf(seen);
  if (first === null || first.is(0, 'COWD')) return UNKNOWN;
  if (!first.is(0, 'KDMV')) return opensDescriptor(seen);
  const header = sparseHeaderOf(first);
  if (header.capacity === 0n && header.descriptorOffset !== 0n) return UNKNOWN;
  const last = header.directory === DIRECTORY_AT_END ? yield* readFooter(seen.size, read) : first;
  if (last === null) return UNKNOWN;
  const opens = last === 'faulty' ? false : opensExtent(last, seen.size);
  return opens === false || last === 'faulty' ? REFUSED : withText(seen, last, opens);
}

/** The footer, which QEMU uses in place of the header; null where it cannot be read. */
function* readFooter(size: number | null, read: LayerReader): Reading<Fields | 'faulty' | null> {
  if (size === null || size % SECTOR !== 0 || size < FOOTER_LENGTH) return null;
  const bytes = yield* attempted(read(size - FOOTER_LENGTH, FOOTER_LENGTH));
  if (bytes === null || bytes.length < FOOTER_LENGTH) return null;
  const [marker, footer, end] = [0, SECTOR, 2 * SECTOR].map((at) => fieldsOf(bytes.subarray(at, at + SECTOR)));
  const isSound =
    marker?.u32le(8) === 0 &&
    marker.u32le(12) === 3 &&
    footer?.is(0, 'KDMV') === true &&
    end?.slice(0, 16).every((byte) => byte === 0) === true;
  return isSound ? (footer ?? null) : 'faulty';
}

/** Whether QEMU takes the numbers of a header or footer (vmdk_open_vmdk4, vmdk_add_extent). */
function opensExtent(fields: Fields, size: number | null): boolean | null {
  const header = sparseHeaderOf(fields);
  const { version, entriesPerTable, grainSize, capacity, overhead, directory, redundantDirectory } = header;
  const perTable = BigInt.asUintN(32, BigInt(entriesPerTable) * grainSize);
  if (version > 3 || entriesPerTable > 512 || perTable === 0n || grainSize > 0x20_0000n) return false;
  if (capacity > MOST_SECTORS) return null;
  if ((capacity + perTable - 1n) / perTable > 32n * 1024n * 1024n) return false;
  if (size === null) return null;
  if (BigInt(Math.ceil(size / SECTOR)) < overhead) return false;
  const directories = hasFlag(header, FLAG.redundantDirectory) ? [directory, redundantDirectory] : [directory];
  return directories.every((sector) => sector < MOST_SECTORS) ? true : null;
}

/** The content identifiers and the parent in the text, without which QEMU opens nothing (vmdk_read_cid). */
function withText(seen: SeenBytes, last: Fields, opens: true | null): OpensFacts {
  const place = seenAt(seen, SECTOR, TEXT_LENGTH);
  if (place === null) return UNKNOWN;
  const text = upToNul(place.slice(0, TEXT_LENGTH - 1));
  const parent = quotedBehind(text, 'parentFileNameHint');
  if (parent === 'unquoted' || !isNumbered(text, 'CID') || !isNumbered(text, 'parentCID')) return REFUSED;
  return {
    'qemu-opens': opens,
    'qemu-create-type': isCompressed(sparseHeaderOf(last)) ? 'streamOptimized' : 'monolithicSparse',
    'qemu-backing-file': parent !== null && parent.value !== '',
  };
}

/** What QEMU reads behind the first place of a word: it skips two characters and reads up to a quote. */
function quotedBehind(text: string, word: string): { readonly value: string } | 'unquoted' | null {
  const at = text.indexOf(word);
  if (at < 0) return null;
  const start = at + word.length + 2;
  const end = text.indexOf('"', start);
  return end < 0 ? 'unquoted' : { value: text.slice(start, end) };
}

/** Whether a hexadecimal number stands one character behind the first place of a word. */
function isNumbered(text: string, word: string): boolean {
  const at = text.indexOf(word);
  return at >= 0 && /^[^]\s*[+-]?(?:0[xX])?[0-9a-fA-F]/.test(text.slice(at + word.length, at + word.length + 64));
}

function upToNul(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  return latin1(bytes, 0, nul < 0 ? bytes.length : nul);
}

/** Types of a descriptor whose extents QEMU opens, which are other files. */
const FOLLOWED = ['monolithicFlat', 'vmfs', 'vmfsSparse', 'seSparse', 'twoGbMaxExtentSparse', 'twoGbMaxExtentFlat'];

/** Names of other files, in lines that QEMU takes for extents (vmdk_parse_extents). */
const EXTENT = /^RW\s+\d+\s+(?:FLAT|SPARSE|VMFS|VMFSSPARSE|SESPARSE)\s+"[^"/\\:]+"/;

/**
 * A descriptor in a file of its own. Its extents are other files, which are never beside an image that a service has
 * downloaded; one that is named by a path may exist on a host.
 */
function opensDescriptor({ bytes, size }: SeenBytes): OpensFacts {
  const nul = bytes.indexOf(0);
  if (nul < 0 && bytes.length !== size) return UNKNOWN;
  const text = upToNul(bytes);
  const type = quotedBehind(text, 'createType');
  if (type === null || type === 'unquoted' || !FOLLOWED.includes(type.value)) return REFUSED;
  return text.split('\n').some((line) => EXTENT.test(line)) ? REFUSED : UNKNOWN;
}
