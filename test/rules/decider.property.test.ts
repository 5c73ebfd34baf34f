import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Decision, Typing } from '../../src/model/decision.ts';
import { FINDING_CODES } from '../../src/model/finding.ts';
import { SAFETY_CODES } from '../../src/model/safety.ts';
import type { ContentEvidence, Verdict } from '../../src/model/verdict.ts';
import {
  EVIDENCE_PROPERTIES,
  type ImageEvidence,
  type ReferencedBy,
  type ReferenceTarget,
} from '../../src/model/image.ts';
import { CONTAINER_TYPES, DISPOSITIONS, ENVELOPES, IMAGE_TYPES } from '../../src/model/vocabulary.ts';
import { createDecider } from '../../src/rules/decider.ts';
import { ruleIds } from '../../src/rules/rule-table.ts';
import { asBoth, asKernel, asRamdisk, decide, outcomeText, rowsOf, table } from './evidence-builder.ts';

const RUNS = { numRuns: 10_000 };
const ids: ReadonlySet<string> = new Set(ruleIds(table));

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
const property = fc
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

const target: fc.Arbitrary<ReferenceTarget> = fc.oneof(
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

const anyImage: fc.Arbitrary<ImageEvidence> = fc.record({
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
    standing: fc.constantFrom('open' as const, 'contested' as const),
    why: fc.string({ unit: 'binary' }),
  }),
);
const content: fc.Arbitrary<ContentEvidence> = fc.oneof(
  { weight: 8, arbitrary: verdict.map((read) => ({ kind: 'read', verdict: read }) as const) },
  fc.record({ kind: fc.constant('unread' as const), why: fc.string({ unit: 'binary' }) }),
);
const probedImage: fc.Arbitrary<ImageEvidence> = fc.oneof(
  anyImage,
  fc.tuple(anyImage, content).map(([image, read]) => ({ ...image, content: read })),
);

function isTyping({ imageType, containerType, envelope }: Typing): boolean {
  return (
    IMAGE_TYPES.includes(imageType) &&
    CONTAINER_TYPES.includes(containerType) &&
    (envelope === null || ENVELOPES.includes(envelope))
  );
}

function typingsOf(decision: Decision): readonly Typing[] {
  if (decision.status === 'ambiguous') return decision.candidates;
  return decision.status === 'exact' || decision.status === 'inferred' ? [decision.typing] : [];
}

/** Everything that is wrong with a decision. One text, because an `expect` for each check takes most of the time. */
function faultsOf(decision: Decision): string {
  const typings = typingsOf(decision);
  const distinct = new Set(typings.map((typing) => JSON.stringify(typing))).size;
  const codes = [...new Set(decision.findings)].toSorted();
  const checks: readonly (readonly [string, boolean])[] = [
    ['a word outside the vocabulary', typings.every(isTyping)],
    ['a repeated candidate', distinct === typings.length],
    ['fewer than two candidates', decision.status !== 'ambiguous' || distinct >= 2],
    ['no such rule', rowsOf(decision).every((id) => ids.has(id))],
    ['no reason', decision.reason !== ''],
    ['no evidence', decision.evidence.length > 0],
    ['no such finding', codes.every((code) => FINDING_CODES.includes(code))],
    ['findings unsorted or repeated', codes.join() === decision.findings.join()],
    ['no such disposition', DISPOSITIONS.includes(decision.novaToday)],
  ];
  return checks.flatMap(([fault, fine]) => (fine ? [] : [fault])).join('; ');
}

/** Clean words and strong evidence only: where facts meet each other often enough to disagree. */
const strongProperty = fc
  .constantFrom('img_type', 'type', 'image_type', 'cinder_encryption_key_id')
  .chain((name) => fc.tuple(fc.constant(name as string), fc.constantFrom(...(VALUES[name] ?? ['x']))));
const strongImage: fc.Arbitrary<ImageEvidence> = fc
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

const decidedType = (decision: Decision) =>
  decision.status === 'exact' || decision.status === 'inferred' ? decision.typing.imageType : null;

describe('for every conceivable row', () => {
  it('there is exactly one valid decision, and it is explained', () => {
    fc.assert(
      fc.property(probedImage, (image) => {
        expect(faultsOf(decide(image))).toBe('');
      }),
      RUNS,
    );
  });

  it('the decision depends on the row alone: same object again, equal one from another decider, any order of properties', () => {
    const other = createDecider(table);
    fc.assert(
      fc.property(probedImage, (image) => {
        const decision = decide(image);
        const turned = { ...image, properties: new Map([...image.properties].toReversed()) };
        expect(decide({ ...turned, image: { ...image.image, id: 'another', owner: 'another' } })).toBe(decision);
        expect(JSON.stringify(other(image))).toBe(JSON.stringify(decision));
      }),
      RUNS,
    );
  });

  it('case and blanks around a word change nothing but the finding and the status exact', () => {
    const loud = fc.constantFrom<(text: string) => string>(
      (text) => ` ${text}`,
      (text) => `${text}\t\n`,
      (text) => text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()),
    );
    fc.assert(
      fc.property(probedImage, loud, (image, change) => {
        const { diskFormat } = image.image;
        const changed = {
          ...image,
          image: { ...image.image, diskFormat: diskFormat === null ? '  ' : change(diskFormat) },
        };
        const [plain, folded] = [decide(image), decide(changed)];
        const uncapped = (decision: Decision) => outcomeText(decision).replace('exact', 'inferred');
        expect(uncapped(folded)).toBe(uncapped(plain));
        expect(folded.rule).toBe(plain.rule);
      }),
      RUNS,
    );
  });

  it('no id, name, owner, location or credential gets into a decision, other than ids of kernels and referrers', () => {
    const secret = 's3cr3t';
    fc.assert(
      fc.property(probedImage, fc.constantFrom(...EVIDENCE_PROPERTIES), (image, name) => {
        const told = {
          ...image,
          image: { ...image.image, id: secret, name: `${secret}.iso`, owner: secret },
          properties: new Map([...image.properties, [name, `http://u:${secret}@host/x.iso`]]),
          lostProperties: new Map([...image.lostProperties, [name, secret]]),
          kernel: { kind: 'missing', id: `http://u:${secret}@host/x` } as const,
        };
        expect(JSON.stringify(decide(told))).not.toContain(secret);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('evidence is monotone', () => {
  /** What gives way without a contradiction: a snapshot mark to all others, type=raw to a kernel. */
  const yields = (rule: string, to: string) =>
    ((rule === 'SNAPSHOT' || rule === 'SNAPSHOT-LOST') && !['REF-KERNEL', 'REF-RAMDISK'].includes(to)) ||
    (rule === 'TYPE-RAW' && ['OWN-KERNEL', 'OWN-KERNEL-DANGLING', 'KERNEL-AND-RAW'].includes(to));
  const tupleRules = new Set(table.tuples.map((row) => row.id));

  const fact = fc.oneof<fc.Arbitrary<(image: ImageEvidence) => ImageEvidence>[]>(
    fc.oneof(property, strongProperty, strongProperty).map(([name, value]) => (image) => ({
      ...image,
      properties: image.properties.has(name) ? image.properties : new Map([...image.properties, [name, value]]),
    })),
    property.map(([name, value]) => (image) => ({
      ...image,
      lostProperties: image.lostProperties.has(name)
        ? image.lostProperties
        : new Map([...image.lostProperties, [name, value]]),
    })),
    target.map((kernel) => (image) => (image.kernel.kind === 'absent' ? { ...image, kernel } : image)),
    fc.constantFrom(asKernel, asRamdisk).map((by) => (image) => ({ ...image, referencedBy: image.referencedBy ?? by })),
  );

  it('one more fact never turns an exact answer, or one that rests on evidence, into another type', () => {
    let flips = 0;
    let kept = 0;
    fc.assert(
      fc.property(fc.oneof(anyImage, strongImage, strongImage), fact, (image, add) => {
        const [before, after] = [decide(image), decide(add(image))];
        const [was, is] = [decidedType(before), decidedType(after)];
        const protectedAnswer = before.status === 'exact' || (was !== null && !tupleRules.has(before.rule));
        if (!protectedAnswer || is === null) return;
        kept += 1;
        if (is === was) return;
        flips += 1;
        const claims = rowsOf(before).filter((id) => !tupleRules.has(id));
        const claimsAfter = rowsOf(after).filter((id) => !tupleRules.has(id));
        expect(claims.some((from) => claimsAfter.some((to) => yields(from, to)))).toBe(true);
      }),
      RUNS,
    );
    // The generator must reach both sides, or the property says nothing.
    expect(kept).toBeGreaterThan(800);
    expect(flips).toBeGreaterThan(10);
  });
});
