import * as fc from 'fast-check';

import {
  EVIDENCE_PROPERTIES,
  type ImageEvidence,
  type ReferencedBy,
  type ReferenceTarget,
} from '../../src/model/image.ts';
import { SAFETY_CODES } from '../../src/model/safety.ts';
import { REFUTABLE_FORMATS, type ContentEvidence, type Verdict } from '../../src/model/verdict.ts';
import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../src/model/vocabulary.ts';
import { asBoth, asKernel, asRamdisk, table } from './evidence-builder.ts';
import { NOTHING_SEEN } from '../../src/model/inspection.ts';

/** Conceivable images, most of them odd in some way. */

const odd = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'NULL',
  'UNKNOWN',
  '$disk',
  '\u0130SO',
  'raw\u00a0',
  '\ud800',
  '\0',
);
function word(column: 'disk' | 'container'): fc.Arbitrary<string | null> {
  const known = fc.constantFrom(...table.vocabulary[column].words.keys());
  return fc.oneof(
    { weight: 12, arbitrary: known },
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom('', ' ', 'RAW', ' Qcow2', 'bare ') },
    { weight: 1, arbitrary: odd },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  );
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  img_type: ['partition', 'whole-disk', 'Partition ', 'none'],
  type: ['kernel', 'ramdisk', 'machine', 'raw', 'vhd', 'server'],
  image_type: ['snapshot', 'backup', 'base'],
  image_location: ['snapshot', 'b/x.manifest.xml', 'file:///x.iso'],
  image_state: ['available', 'pending'],
  block_device_mapping: ['[]', '[{}]'],
  bdm_v2: ['True', 'False'],
  mappings: ['[]', '[{"virtual": "ami", "device": "sda1"}]', "[{u'device': u'vda', u'virtual': u'ami'}]"],
  root_device_name: ['/dev/sda1', '/dev/vda', 'nvme0n1p2'],
  hw_rescue_device: ['cdrom', 'disk'],
  vmware_disktype: ['preallocated', 'thin', 'sparse'],
};
export const property = fc
  .constantFrom(...EVIDENCE_PROPERTIES)
  .chain((name) =>
    fc.tuple(
      fc.constant(name as string),
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...(VALUES[name] ?? ['x', '1'])) },
        { weight: 1, arbitrary: fc.constantFrom(null, '', 'None') },
        { weight: 1, arbitrary: odd },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
      ),
    ),
  );
const properties = fc.array(property, { maxLength: 5 }).map((list) => new Map<string, string | null>(list));

export const target: fc.Arbitrary<ReferenceTarget> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'absent' } as const) },
  fc.record({ kind: fc.constantFrom('deleted', 'missing'), id: fc.oneof(odd, fc.constant('k-2')) }),
  fc.record({
    kind: fc.constant('live'),
    id: fc.constantFrom('k-1', 'http://u:p@h/k'),
    diskFormat: word('disk'),
    containerFormat: word('container'),
  }),
);
const referencedBy: fc.Arbitrary<ReferencedBy | null> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  fc.constantFrom(asKernel, asRamdisk, asBoth),
);

export const anyImage: fc.Arbitrary<ImageEvidence> = fc.record({
  image: fc.record({
    id: fc.constantFrom('k-1', 'http://u:p@h/k'),
    name: fc.oneof(fc.constantFrom(null, 'vmlinuz', 'x.iso', 'rootfs', 'initrd'), fc.string({ unit: 'binary' })),
    owner: fc.constant(null),
    status: fc.oneof(
      { weight: 12, arbitrary: fc.constant('active') },
      fc.constantFrom('queued', 'deactivated', 'pending_delete', 'Active', '__proto__', ''),
    ),
    deleted: fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, fc.constant(true)),
    diskFormat: word('disk'),
    containerFormat: word('container'),
    size: fc.constantFrom(null, -1n, 0n, 1n, 5_000_000n, 100_000_000n, 9_223_372_036_854_775_807n),
    minDisk: fc.constantFrom(null, 0, 20),
  }),
  properties,
  lostProperties: fc.oneof({ weight: 3, arbitrary: fc.constant(new Map<string, string>()) }, properties),
  kernel: target,
  ramdisk: target,
  referencedBy,
});

const READ_BASE = {
  containerBasis: fc.constantFrom('proven' as const, 'assumed' as const),
  reach: fc.constantFrom('whole' as const, 'cut' as const),
  refutes: fc.subarray([...REFUTABLE_FORMATS]),
  inspection: fc.constant(NOTHING_SEEN),
  envelope: fc.constantFrom(null, null, ...ENVELOPES),
  evidence: fc.array(fc.record({ offset: fc.nat(), detail: fc.string({ unit: 'binary', maxLength: 120 }) }), {
    maxLength: 5,
  }),
  safety: fc.uniqueArray(fc.constantFrom(...SAFETY_CODES), { maxLength: 2 }),
  cost: fc.constant({ requests: 1, bytes: 1 }),
};
const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  fc.record({
    ...READ_BASE,
    imageType: fc.constantFrom(...IMAGE_TYPES),
    containerType: fc.constantFrom(...CONTAINER_TYPES),
    confidence: fc.constantFrom('certain' as const, 'likely' as const, 'weak' as const),
    alsoReadAs: fc.uniqueArray(fc.constantFrom(...IMAGE_TYPES), { maxLength: 2 }),
  }),
  fc.record({
    ...READ_BASE,
    imageType: fc.constant(null),
    containerType: fc.constantFrom(null, ...CONTAINER_TYPES),
    confidence: fc.constant('undetermined' as const),
    state: fc.constantFrom('open' as const, 'contested' as const),
    why: fc.string({ unit: 'binary' }),
  }),
);
const content: fc.Arbitrary<ContentEvidence> = fc.oneof(
  { weight: 8, arbitrary: verdict.map((read) => ({ kind: 'read', verdict: read }) as const) },
  fc.record({ kind: fc.constant('unread' as const), why: fc.string({ unit: 'binary' }) }),
);
export const probedImage: fc.Arbitrary<ImageEvidence> = fc.oneof(
  anyImage,
  fc.tuple(anyImage, content).map(([image, read]) => ({ ...image, content: read })),
);

/** Clean words and strong evidence only: where facts meet each other often enough to disagree. */
export const strongProperty = fc
  .constantFrom('img_type', 'type', 'image_type', 'cinder_encryption_key_id')
  .chain((name) => fc.tuple(fc.constant(name as string), fc.constantFrom(...(VALUES[name] ?? ['x']))));
export const strongImage: fc.Arbitrary<ImageEvidence> = fc
  .record({
    image: anyImage,
    disk: fc.constantFrom('raw', 'qcow2', 'luks', 'ami', 'aki', 'iso', 'gpt', null),
    container: fc.constantFrom('bare', 'bare', 'ami', 'ovf', null),
    properties: fc.array(strongProperty, { maxLength: 2 }),
  })
  .map(({ image, disk, container, properties }) => ({
    ...image,
    image: { ...image.image, status: 'active', deleted: false, size: 1n, diskFormat: disk, containerFormat: container },
    properties: new Map<string, string | null>(properties),
    lostProperties: new Map<string, string>(),
  }));
