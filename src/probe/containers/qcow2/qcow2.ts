import { type ContainerFormat, type Observations, closed, mapped, openingWith } from '../format/opening.ts';
import type { Fields } from '../../reading/fields.ts';
import { Unreadable } from '../../reading/reading.ts';
import { keepsRules, inspectName, isRemoteName, LONGEST_NAME, REMOTE_NAME_SEEN } from '../format/header-rules.ts';
import {
  hasFeature,
  INCOMPATIBLE,
  QCOW_MAGIC,
  qcow2HeaderOf,
  type Qcow2Header,
  CLUSTER_RULES,
  QCOW2_RULES,
} from './header.ts';
import { qcow2Map } from './cluster-map.ts';

/** Types of header extensions. */
const END = 0;
/** Name of the external data file. */
const DATA_FILE_NAME = 0x44415441;

/** qcow2, versions 2 and 3 (QEMU docs/interop/qcow2.rst). A later version has the magic too, and is refused. */
export const QCOW2: ContainerFormat = {
  containerType: 'qcow2',
  magics: [{ offset: 0, bytes: QCOW_MAGIC }],
  recognise: ({ head }) =>
    head.is(0, QCOW_MAGIC) && head.has(4, 4) && head.u32be(4) >= 2
      ? { offset: 0, detail: `qcow2 magic, version ${head.u32be(4)}` }
      : null,
  open: openingWith('qcow2', function* inspect(file, notes) {
    const header = qcow2HeaderOf(file.head);
    if (!keepsRules(header, file.size, CLUSTER_RULES, notes)) return closed(null, 'malformed header');
    noteFeatures(header, notes);
    // The inspector of Nova and Glance tests the feature bit of an external data file in version 2 as well.
    if (header.version === 2 && file.head.has(79, 1) && (file.head.u8(79) & 4) !== 0) {
      notes.warn('FEATURE_REFUSED', 79, 'version 2: the length of an extension reads as a feature bit');
    }
    const sound = keepsRules(header, file.size, QCOW2_RULES, notes);
    if (header.backingOffset !== 0n) {
      notes.warn('BACKING_FILE', 8, 'name of a backing file');
      yield* inspectName(header.backingOffset, header.backingLength, notes);
    }
    if (!sound) return closed(null, 'malformed header');

    inspectExtensions(file.head, header, notes);
    const virtualSize = Number(header.virtualSize);
    if (hasFeature(header, INCOMPATIBLE.externalData)) return closed(virtualSize, 'data in another file');
    if (header.encryption !== 0) return closed(virtualSize, 'encrypted');
    const stale = hasFeature(header, INCOMPATIBLE.dirty) || hasFeature(header, INCOMPATIBLE.corrupt);
    return yield* mapped(qcow2Map(header), file, notes, { tables: stale ? 'stale' : 'sound' });
  }),
};

function noteFeatures(header: Qcow2Header, notes: Observations): void {
  if (hasFeature(header, INCOMPATIBLE.dirty)) notes.warn('DIRTY', 72, 'marked dirty: refcounts may be wrong');
  if (hasFeature(header, INCOMPATIBLE.corrupt)) notes.warn('DIRTY', 72, 'marked corrupt');
  if (hasFeature(header, INCOMPATIBLE.externalData)) {
    notes.warn('EXTERNAL_DATA_FILE', 72, 'feature bit of an external data file');
  }
  if (hasFeature(header, INCOMPATIBLE.extendedL2)) notes.warn('FEATURE_REFUSED', 72, 'extended L2 entries');
  if (header.encryption !== 0) notes.warn('ENCRYPTED_CONTENT', 32, `encryption method ${header.encryption}`);
  if (header.snapshots > 0) notes.warn('INTERNAL_SNAPSHOTS', 60, `${header.snapshots} internal snapshots`);
}

/**
 * Walks the header extensions: type BE32, length BE32, data padded to 8 bytes, from the end of the header to the name
 * of the backing file or the end of the first cluster (QEMU docs/interop/qcow2.rst, "Header extensions"). Only the name
 * of a data file matters here.
 *
 * @throws Unreadable malformed where an extension reaches out of that area, or none ends it within `head`.
 */
function inspectExtensions(head: Fields, header: Qcow2Header, notes: Observations): void {
  const cluster = 2 ** header.clusterBits;
  const area = header.backingOffset === 0n ? cluster : Number(header.backingOffset);
  const end = head.upTo(0, area).length;
  let offset = header.headerLength;
  while (offset + 8 <= end) {
    const type = head.u32be(offset);
    if (type === END) return;
    const length = head.u32be(offset + 4);
    if (length > end - offset - 8) {
      throw new Unreadable('malformed', `a header extension at ${offset} is longer than its area`);
    }
    if (type === DATA_FILE_NAME) {
      notes.warn('EXTERNAL_DATA_FILE', offset, 'header extension with the name of a data file');
      const name = head.slice(offset + 8, offset + 8 + Math.min(length, LONGEST_NAME));
      if (isRemoteName(name)) notes.warn('REMOTE_NAME', offset + 8, REMOTE_NAME_SEEN);
    }
    offset += 8 + Math.ceil(length / 8) * 8;
  }
  if (end < area) throw new Unreadable('malformed', 'the header extensions have no end');
}
