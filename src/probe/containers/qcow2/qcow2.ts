import type { ContainerFormat } from '../format/container.ts';
import type { FileHead } from '../../reading/file-head.ts';
import type { Reading } from '../../reading/reading.ts';
import { keepsRules } from '../format/header-rules.ts';
import type { Observations } from '../format/observations.ts';
import { closed, mappedGuest, openingWith, type Inspected } from '../format/opening.ts';
import { inspectExtensions } from './extensions.ts';
import { hasFeature, INCOMPATIBLE, qcow2HeaderOf, type Qcow2Header } from './header.ts';
import { qcow2Map } from './map.ts';
import { CLUSTER_RULES, QCOW2_RULES } from './rules.ts';
import { inspectName } from '../format/remote-name.ts';

/** qcow2, versions 2 and 3 (QEMU docs/interop/qcow2.rst). A later version has the magic too, and is refused. */
export const QCOW2: ContainerFormat = {
  containerType: 'qcow2',
  recognise: ({ head }) =>
    head.is(0, 'QFI\u00fb') && head.has(4, 4) && head.u32be(4) >= 2
      ? { offset: 0, detail: `qcow2 magic, version ${head.u32be(4)}` }
      : null,
  open: openingWith('qcow2', inspect),
};

function* inspect(file: FileHead, notes: Observations): Reading<Inspected> {
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
  const guest = yield* mappedGuest(qcow2Map(header), file, notes, stale ? 'stale' : 'sound');
  return { virtualSize, sectorSize: 512, guest };
}

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
