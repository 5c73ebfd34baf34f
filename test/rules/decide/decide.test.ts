import { describe, expect, it } from 'vitest';

import type { Decision } from '../../../src/model/decision.ts';
import { ruleIds } from '../../../src/rules/table/rule-table.ts';
import {
  asBoth,
  asKernel,
  asRamdisk,
  decide as decideUnseen,
  evidence,
  type Example,
  KERNEL_ID,
  liveKernel,
  outcomeText,
  rowsOf,
  table,
} from '../evidence-builder.ts';

const fired = new Set<string>();

function decide(disk: string | null, container: string | null, example: Example = {}): Decision {
  const decision = decideUnseen(evidence(disk, container, example));
  for (const id of rowsOf(decision)) fired.add(id);
  return decision;
}

function outcome(disk: string | null, container: string | null, example: Example = {}): string {
  return outcomeText(decide(disk, container, example));
}

const prop = (name: string, value: string | null): Example => ({ properties: { [name]: value } });
const missingKernel: Example = { kernel: { kind: 'missing', id: 'gone' }, properties: { kernel_id: 'gone' } };
const deletedKernel: Example = { kernel: { kind: 'deleted', id: 'gone' }, properties: { kernel_id: 'gone' } };
const withKernel = (properties: Record<string, string>): Example => ({
  ...liveKernel,
  properties: { ...liveKernel.properties, ...properties },
});

describe('images without a payload (E1, E2, E9)', () => {
  it.each(['queued', 'saving', 'uploading', 'importing', 'killed', 'deleted'])(
    'status %s is not applicable',
    (status) => {
      expect(decide('raw', 'bare', { image: { status } })).toMatchObject({
        status: 'not-applicable',
        rule: 'NA-STATUS',
      });
    },
  );
  it.each(['active', 'pending_delete', 'deactivated', 'ACTIVE', 'Queued'])('status %s is decided', (status) => {
    expect(outcome('qcow2', 'bare', { image: { status } })).toBe('inferred disk/qcow2');
  });
  it('a soft-deleted row is not applicable, whatever its status', () => {
    expect(decide('aki', 'aki', { image: { deleted: true } })).toMatchObject({
      rule: 'NA-DELETED',
      novaToday: 'refuse',
      services: [],
    });
  });
  it.each([0n, null])('size %s with a block device mapping is a volume-backed snapshot', (size) => {
    const decision = decide('qcow2', 'bare', { image: { size }, ...prop('block_device_mapping', '[{"id": 1}]') });
    expect(decision).toMatchObject({
      status: 'not-applicable',
      rule: 'NA-VOLUME-BACKED',
      novaToday: 'boot-disk',
    });
    // Only services that meet such a snapshot, and none of them looks at it.
    expect(decision.services.map(({ service }) => service)).toEqual(['nova', 'cinder']);
    for (const { verdict } of decision.services) expect(verdict).toEqual({ kind: 'accepted', basis: 'not-inspected' });
    expect(decide('qcow2', 'bare', { image: { size }, ...prop('bdm_v2', 'True') }).rule).toBe('NA-VOLUME-BACKED');
  });
  it('a mapping beside bytes, an empty mapping, and size 0 alone do not make an image volume-backed', () => {
    expect(outcome('qcow2', 'bare', prop('bdm_v2', 'True'))).toBe('inferred disk/qcow2');
    expect(outcome('qcow2', 'bare', { image: { size: 0n }, ...prop('block_device_mapping', '[]') })).toBe(
      'inferred disk/qcow2',
    );
    expect(decide('qcow2', 'bare', { image: { size: null } }).findings).toContain('ZERO_SIZE');
    expect(decide('qcow2', 'bare', { image: { size: null, status: 'deactivated' } }).findings).not.toContain(
      'ZERO_SIZE',
    );
  });
  it('an EC2 bundle that was not unpacked to the end is not applicable', () => {
    const decision = decide('ami', 'ami', prop('image_state', 'failed_decrypt'));
    expect(decision).toMatchObject({ rule: 'NA-BUNDLE-INCOMPLETE', findings: ['BUNDLE_REGISTRATION'] });
    expect(decide('ami', 'ami', prop('image_state', 'available')).status).toBe('ambiguous');
  });
});

describe('references from other images (E3)', () => {
  it('prove a kernel and a ramdisk, also in an untyped row', () => {
    expect(outcome('raw', 'bare', { referencedBy: asKernel })).toBe('exact kernel/raw');
    expect(outcome('raw', 'bare', { referencedBy: asRamdisk })).toBe('exact ramdisk/raw');
    expect(outcome(null, null, { referencedBy: asKernel })).toBe('exact kernel/raw');
    expect(outcome('mystery', 'bare', { referencedBy: asKernel })).toBe('exact kernel/raw');
    expect(outcome(' RAW', 'bare', { referencedBy: asKernel })).toBe('exact kernel/raw');
  });
  it('settle words in conflict, and report a kernel inside a virtual disk', () => {
    expect(outcome('aki', 'ari', { referencedBy: asRamdisk })).toBe('exact ramdisk/raw');
    const decision = decide('qcow2', 'aki', { referencedBy: asKernel });
    expect(outcomeText(decision)).toBe('exact kernel/qcow2');
    expect(decision.findings).toContain('KERNEL_IN_NONRAW');
  });
  it('in both roles are a contradiction', () => {
    const decision = decide('raw', 'bare', { referencedBy: asBoth });
    expect(outcomeText(decision)).toBe('ambiguous kernel/raw | ramdisk/raw');
    expect(decision).toMatchObject({ rule: 'REF-BOTH', findings: ['ROLE_CONFLICT'] });
  });
  it('against the words are a contradiction, the reference first', () => {
    const decision = decide('qcow2', 'bare', { referencedBy: asKernel });
    expect(outcomeText(decision)).toBe('ambiguous kernel/qcow2 | disk/qcow2');
    expect(decision.rule).toBe('EVIDENCE-OR-TUPLE');
    expect(decision.findings).toEqual(['KERNEL_IN_NONRAW', 'ROLE_CONFLICT']);
    expect(outcome('iso', 'bare', { referencedBy: asKernel })).toBe('ambiguous kernel/raw | iso9660/raw');
    expect(outcome('ari', 'ari', { referencedBy: asKernel })).toBe('ambiguous kernel/raw | ramdisk/raw');
  });
  it('against the own properties are a contradiction, the reference first', () => {
    const decision = decide('raw', 'bare', { ...liveKernel, referencedBy: asRamdisk });
    expect(outcomeText(decision)).toBe('ambiguous ramdisk/raw | filesystem/raw');
    expect(decision).toMatchObject({ rule: 'REFERENCES-OR-PROPERTIES', findings: ['ROLE_CONFLICT'] });
  });
  it('agree with the property type', () => {
    expect(outcome('raw', 'bare', { ...prop('type', 'kernel'), referencedBy: asKernel })).toBe('exact kernel/raw');
  });
  it('are shown with their count and one example', () => {
    const { evidence } = decide('raw', 'bare', { referencedBy: asKernel });
    expect(evidence).toContainEqual({ kind: 'reference', detail: 'kernel_id of 2 live images, for example r1' });
  });
});

describe('an own kernel (E4)', () => {
  it.each(['ami', 'bare', null, ''])('proves ami,%s to be a filesystem', (container) => {
    expect(outcome('ami', container, liveKernel)).toBe('exact filesystem/raw');
  });
  it('proves the other half of the pair too', () =>
    expect(outcome(null, 'ami', liveKernel)).toBe('exact filesystem/raw'));
  it('makes other rows filesystems by inference, in their own container', () => {
    expect(outcome('qcow2', 'bare', liveKernel)).toBe('inferred filesystem/qcow2');
    expect(outcome('raw', 'bare', liveKernel)).toBe('inferred filesystem/raw');
    expect(outcome('raw', 'compressed', liveKernel)).toBe('inferred filesystem/raw in compressed');
    expect(outcome('ami', 'compressed', liveKernel)).toBe('inferred filesystem/raw in compressed');
    expect(outcome('vhd', 'ovf', liveKernel)).toBe('inferred filesystem/vhd in xenserver-tgz');
    expect(outcome('extdump', 'bare', liveKernel)).toBe('inferred filesystem/raw');
  });
  it('contradicts rows that admit no filesystem', () => {
    expect(outcome('aki', 'aki', liveKernel)).toBe('ambiguous filesystem/raw | kernel/raw');
    expect(outcome('gpt', 'bare', liveKernel)).toBe('ambiguous filesystem/raw | disk/raw');
    expect(outcome('raw', 'ova', liveKernel)).toBe('ambiguous filesystem/raw in ova | disk/raw in ova');
    expect(outcome('root-tar', 'bare', liveKernel)).toBe('ambiguous filesystem/raw | other/raw');
    expect(decide('iso', 'bare', liveKernel).findings).toEqual(['ISO_WITH_KERNEL', 'ROLE_CONFLICT']);
  });
  it('asks for the container where no word names one', () => {
    expect(outcome(null, null, liveKernel)).toBe('ambiguous filesystem/raw | filesystem/qcow2 | filesystem/vhd');
    expect(outcome('mystery', 'bare', liveKernel)).toBe('ambiguous filesystem/raw | filesystem/qcow2 | filesystem/vhd');
  });
  it('that leads nowhere still means a filesystem, never proves it, and is reported', () => {
    const missing = decide('ami', 'ami', missingKernel);
    expect(outcomeText(missing)).toBe('inferred filesystem/raw');
    expect(missing).toMatchObject({
      rule: 'OWN-KERNEL-DANGLING',
      findings: ['FS_NO_KERNEL', 'KERNEL_MISSING'],
      novaToday: 'refuse',
    });
    expect(decide('ami', 'ami', deletedKernel).findings).toEqual(['FS_NO_KERNEL', 'KERNEL_DANGLING', 'KERNEL_MISSING']);
  });
  it.each([
    ['qcow2', 'bare'],
    ['iso', 'bare'],
    ['raw', 'docker'],
  ])('declared as %s,%s is reported and proves nothing', (diskFormat, containerFormat) => {
    const decision = decide('ami', 'ami', { kernel: { kind: 'live', id: KERNEL_ID, diskFormat, containerFormat } });
    expect(outcomeText(decision)).toBe('inferred filesystem/raw');
    expect(decision.findings).toEqual(['KERNEL_REF_WRONG_TYPE']);
  });
  it.each([
    ['raw', 'bare'],
    ['ari', 'ari'],
    [null, null],
    ['mystery', 'bare'],
  ])('declared as %s,%s is taken as it is', (diskFormat, containerFormat) => {
    const decision = decide('ami', 'ami', { kernel: { kind: 'live', id: KERNEL_ID, diskFormat, containerFormat } });
    expect([outcomeText(decision), decision.findings]).toEqual(['exact filesystem/raw', []]);
  });
  it.each(['', 'None', 'nokernel', null])('of %s counts as absent and is reported', (value) => {
    const decision = decide('ami', 'ami', prop('kernel_id', value));
    expect([outcomeText(decision), decision.findings]).toEqual([
      'ambiguous filesystem/raw | disk/raw',
      ['KERNEL_REF_JUNK'],
    ]);
  });
  it('id that is an address is never shown', () => {
    const id = 'http://user:secret@host/x';
    expect(JSON.stringify(decide('ami', 'ami', { kernel: { kind: 'missing', id } }))).not.toContain('secret');
  });
});

describe("Ironic's img_type (E5)", () => {
  it('tells a partition from a whole disk', () => {
    expect(outcome('qcow2', 'bare', prop('img_type', 'partition'))).toBe('inferred filesystem/qcow2');
    expect(outcome('raw', 'bare', prop('img_type', 'whole-disk'))).toBe('inferred disk/raw');
    expect(outcome('gpt', 'bare', prop('img_type', 'whole-disk'))).toBe('exact disk/raw');
    expect(decide('qcow2', 'bare', prop('img_type', 'whole-disk')).rule).toBe('VIRTUAL-DISK');
  });
  it('contradicts an own kernel', () => {
    const decision = decide('raw', 'bare', withKernel({ img_type: 'whole-disk' }));
    expect(outcomeText(decision)).toBe('ambiguous filesystem/raw | disk/raw');
    expect(decision.rule).toBe('KERNEL-OR-WHOLE-DISK');
  });
});

describe('the property type of Bexar (E6)', () => {
  it.each([
    ['kernel', 'inferred kernel/raw'],
    ['ramdisk', 'inferred ramdisk/raw'],
    ['machine', 'inferred filesystem/raw'],
    ['raw', 'inferred disk/raw'],
    ['vhd', 'inferred disk/vhd'],
  ])('%s decides an untyped row: %s', (type, expected) => {
    expect(outcome(null, null, prop('type', type))).toBe(expected);
    expect(outcome('mystery', null, prop('type', type))).toMatch(/^ambiguous /);
  });
  it('keeps the envelope that is declared', () => {
    expect(outcome(null, 'tgz', prop('type', 'raw'))).toBe('inferred disk/raw in tgz');
  });
  it('vhd contradicts another container, raw does not', () => {
    expect(outcome('qcow2', 'bare', prop('type', 'vhd'))).toBe('ambiguous disk/vhd | disk/qcow2');
    expect(outcome('qcow2', 'bare', prop('type', 'raw'))).toBe('inferred disk/qcow2');
  });
  it('raw gives way to an own kernel, of which it was only the default', () => {
    expect(outcome(null, null, withKernel({ type: 'raw' }))).toBe('inferred filesystem/raw');
    expect(outcome(null, null, withKernel({ type: 'machine' }))).toBe('inferred filesystem/raw');
  });
  it.each([
    ['KERNEL-OR-TYPE', withKernel({ type: 'vhd' }), 'ambiguous filesystem/raw | disk/raw'],
    ['KERNEL-OR-TYPE', withKernel({ type: 'kernel' }), 'ambiguous filesystem/raw | kernel/raw'],
    [
      'PARTITION-OR-TYPE',
      { properties: { img_type: 'partition', type: 'ramdisk' } },
      'ambiguous filesystem/raw | ramdisk/raw',
    ],
    ['PARTITION-OR-RAW', { properties: { img_type: 'partition', type: 'raw' } }, 'ambiguous filesystem/raw | disk/raw'],
    [
      'WHOLE-DISK-OR-TYPE',
      { properties: { img_type: 'whole-disk', type: 'machine' } },
      'ambiguous disk/raw | filesystem/raw',
    ],
  ] as const)('contradictions end in %s', (rule, example, expected) => {
    const decision = decide('raw', 'bare', example);
    expect([decision.rule, outcomeText(decision)]).toEqual([rule, expected]);
    expect(decision.findings).toContain('ROLE_CONFLICT');
  });
  it('of another word says nothing', () => expect(outcome(null, null, prop('type', 'server'))).toBe('unmappable -'));
});

describe('snapshots (E7, E8)', () => {
  it.each([
    ['image_type', 'snapshot'],
    ['image_type', 'backup'],
    ['image_location', 'snapshot'],
    ['instance_uuid', 'i-1'],
    ['base_image_ref', 'b-1'],
  ])('are disks by %s=%s, also by a mark lost to glance#901534', (name, value) => {
    expect(outcome('raw', 'bare', prop(name, value))).toBe('inferred disk/raw');
    const lost = decide('raw', 'bare', { lost: { [name]: value } });
    expect([outcomeText(lost), lost.findings]).toEqual(['inferred disk/raw', ['SNAPSHOT_MARKS_LOST']]);
  });
  it('give way to an own kernel, img_type and type', () => {
    expect(outcome('raw', 'bare', withKernel({ image_type: 'snapshot' }))).toBe('inferred filesystem/raw');
    expect(outcome('raw', 'bare', { properties: { image_type: 'snapshot', img_type: 'partition' } })).toBe(
      'inferred filesystem/raw',
    );
    expect(outcome('raw', 'bare', { properties: { image_type: 'snapshot', type: 'machine' } })).toBe(
      'inferred filesystem/raw',
    );
  });
  it('of an ISO server contradict the word iso', () => {
    expect(outcome('iso', 'bare', prop('image_type', 'snapshot'))).toBe('ambiguous disk/raw | iso9660/raw');
  });
  it('of an ami may be qcow2 inside, with a kernel and without', () => {
    const plain = decide('ami', 'ami', prop('image_type', 'snapshot'));
    expect(outcomeText(plain)).toBe('ambiguous disk/qcow2 | disk/raw');
    expect(plain).toMatchObject({ rule: 'AMI-SNAPSHOT', findings: ['SNAPSHOT_CONTAINER_UNSURE'] });
    expect(outcome(null, 'ami', withKernel({ image_type: 'snapshot' }))).toBe(
      'ambiguous filesystem/qcow2 | filesystem/raw',
    );
    expect(outcome('qcow2', 'ami', prop('image_type', 'snapshot'))).toBe('inferred disk/qcow2');
  });
});

describe('encryption (E16) and vmdk (E15)', () => {
  const key = prop('cinder_encryption_key_id', 'k');
  it('a key makes LUKS a disk, and is a finding anywhere', () => {
    const decision = decide('luks', 'bare', key);
    expect([outcomeText(decision), decision.findings]).toEqual([
      'inferred disk/luks',
      ['NOVA_REFUSES', 'PAYLOAD_ENCRYPTED'],
    ]);
    expect(outcome('raw', 'bare', key)).toMatch(/^ambiguous disk/);
    expect(decide('raw', 'bare', prop('os_encrypt_format', 'GPG')).findings).toEqual(['PAYLOAD_ENCRYPTED']);
  });
  it.each([
    ['KEY-OR-KERNEL', withKernel({ cinder_encryption_key_id: 'k' })],
    ['KEY-OR-PARTITION', { properties: { cinder_encryption_key_id: 'k', img_type: 'partition' } }],
    ['KEY-OR-TYPE', { properties: { cinder_encryption_key_id: 'k', type: 'machine' } }],
  ] as const)('a key against a filesystem ends in %s', (rule, example) => {
    const decision = decide('luks', 'bare', example);
    expect([decision.rule, outcomeText(decision)]).toEqual([rule, 'ambiguous disk/luks | filesystem/luks']);
  });
  it.each([
    ['kernel', 'ambiguous disk/luks | kernel/luks | filesystem/luks'],
    ['ramdisk', 'ambiguous disk/luks | ramdisk/luks | filesystem/luks'],
    ['machine', 'ambiguous disk/luks | filesystem/luks'],
    ['raw', 'inferred disk/luks'],
  ])('a key beside type=%s gives %s', (type, expected) => {
    expect(outcome('luks', 'bare', { properties: { cinder_encryption_key_id: 'k', type } })).toBe(expected);
  });
  it('a preallocated or thin vmdk may be flat', () => {
    expect(decide('vmdk', 'bare', prop('vmware_disktype', 'preallocated')).findings).toEqual(['VMDK_MAYBE_FLAT']);
    expect(decide('vmdk', 'bare', prop('vmware_disktype', 'streamOptimized')).findings).toEqual([]);
    expect(decide('qcow2', 'bare', prop('vmware_disktype', 'thin')).findings).toEqual([]);
  });
});

describe('the examples above', () => {
  it('reach every row of the table, so no row is there that nobody has thought through', () => {
    // Every pair of words stands for the tuples section; the evidence above has to reach the other sections by itself.
    for (const disk of table.domains.get('disk') ?? []) {
      for (const container of table.domains.get('container') ?? []) {
        decide(disk === 'NULL' ? null : disk, container === 'NULL' ? null : container);
      }
    }
    // Those of `content` have a test of their own.
    const content = new Set(table.content.map((row) => row.id));
    expect(ruleIds(table).filter((id) => !fired.has(id) && !content.has(id))).toEqual([]);
  });
});
