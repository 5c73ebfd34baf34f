import { NOTHING_SEEN } from '../../../src/model/inspection.ts';
import { describe, expect, it } from 'vitest';

import { PREDICTIONS } from '../../../src/model/finding.ts';
import type { Decision } from '../../../src/model/decision.ts';
import { REFUTABLE_FORMATS, type RefutableFormat } from '../../../src/model/verdict.ts';
import { contentJudgement } from '../../../src/probe/judgement/content-judgement.ts';
import { createDecider } from '../../../src/rules/decide/decider.ts';
import { loadRules } from '../../../src/rules/table/load.ts';
import { shippedRules } from '../../../src/rules/table/rule-files.ts';
import {
  asBoth,
  asKernel,
  asRamdisk,
  decide as decideUnseen,
  evidence,
  type Example,
  liveKernel,
  outcomeText,
  rowsOf,
  table,
  typed,
  untyped,
  predict,
} from '../evidence-builder.ts';

const fired = new Set<string>();

function decide(disk: string | null, container: string | null, ...examples: readonly Example[]): Decision {
  const properties = Object.assign({}, ...examples.map((example) => example.properties ?? {})) as Record<
    string,
    string
  >;
  const decision = decideUnseen(
    evidence(disk, container, { ...Object.assign({}, ...examples), properties } as Example),
  );
  for (const id of rowsOf(decision)) fired.add(id);
  return decision;
}

/** Rule, outcome and findings, without the prediction of what Nova does: `RULE: outcome; FINDING …`. */
function told(disk: string | null, container: string | null, ...examples: readonly Example[]): string {
  const decision = decide(disk, container, ...examples);
  const findings = decision.findings.filter((code) => !PREDICTIONS.has(code));
  return `${decision.rule}: ${outcomeText(decision)}; ${findings.join(' ')}`;
}

const prop = (name: string, value: string): Example => ({ properties: { [name]: value } });
const snapshot = prop('image_type', 'snapshot');
const key = prop('cinder_encryption_key_id', 'k');
const missingKernel: Example = { kernel: { kind: 'missing', id: 'gone' }, properties: { kernel_id: 'gone' } };
const usedAsKernel: Example = { referencedBy: asKernel };
const usedAsRamdisk: Example = { referencedBy: asRamdisk };
const unread: Example = { content: { kind: 'unread', why: 'no such file' } };
const udf = { alsoReadAs: ['iso9660'] } as const;
const oldRamdisk = { alsoReadAs: ['ramdisk'], envelope: 'compressed' } as const;
const polyglot = untyped(null, 'two formats at once', { safety: ['POLYGLOT'] });

type Case = readonly [disk: string | null, container: string | null, examples: readonly Example[], told: string];

function check(cases: readonly Case[]): void {
  const named = cases.map(([disk, container, examples, expected]) => ({ disk, container, examples, expected }));
  it.each(named)('$disk,$container is $expected', ({ disk, container, examples, expected }) => {
    expect(told(disk, container, ...examples)).toBe(expected);
  });
}

const SIX = 'disk/raw | filesystem/raw | kernel/raw | ramdisk/raw | iso9660/raw | other/raw';

describe('no payload and operators (E0, E1, E2)', () => {
  it('content never changes a row without a payload', () => {
    for (const example of [
      { image: { status: 'queued' } },
      { image: { deleted: true } },
      prop('image_state', 'failed'),
    ]) {
      const plain = decide('raw', 'bare', example);
      for (const content of [typed('disk', 'qcow2', 'certain', { safety: ['BACKING_FILE'] }), polyglot, unread]) {
        expect(decide('raw', 'bare', example, content)).toEqual(plain);
      }
    }
    const volumes = { image: { size: 0n }, ...prop('bdm_v2', 'True') };
    expect(decide('raw', 'bare', volumes, typed('disk', 'raw', 'certain'))).toEqual(decide('raw', 'bare', volumes));
  });

  const rows = `
rows:
  - id: SITE
    when: { disk: raw }
    then: { type: disk, container: raw }
    reason: so it is here
  - id: SITE-CONTENT
    when: { disk: qcow2, content: [absent, undetermined] }
    then: { type: filesystem, container: qcow2 }
    reason: so it is here where nothing speaks against it`;
  const site = createDecider(
    loadRules([{ path: 'site.yaml', text: rows, origin: 'operator' }, shippedRules()]),
    predict,
  );
  it.each([
    [typed('disk', 'raw', 'certain'), []],
    [typed('kernel', 'raw', 'certain'), ['CONTENT_MISMATCH']],
    [typed('kernel', 'raw', 'likely', { alsoReadAs: ['disk'] }), []],
    [typed('kernel', 'raw', 'weak'), ['CONTENT_DOUBTFUL']],
    [typed('disk', 'qcow2', 'weak'), ['CONTENT_MISMATCH']],
    [typed('disk', 'raw', 'certain', { envelope: 'tgz' }), ['CONTENT_MISMATCH']],
    [untyped('raw', 'blank'), ['CONTENT_UNDETERMINED']],
    [
      untyped('qcow2', 'needs a backing file', { safety: ['BACKING_FILE', 'DIRTY'] }),
      ['CONTENT_CAUTION', 'CONTENT_MISMATCH', 'CONTENT_UNDETERMINED', 'UNSAFE_CONTENT'],
    ],
    [unread, ['CONTENT_UNREAD']],
  ])("an operator's answer stands, and %j is reported", (content, findings) => {
    const decision = site(evidence('raw', 'bare', content));
    expect(outcomeText(decision)).toBe('inferred disk/raw');
    expect(decision.findings).toEqual(findings);
  });
  it("an operator's row can leave the answer to the content", () => {
    expect(site(evidence('qcow2', 'bare')).rule).toBe('SITE-CONTENT');
    expect(site(evidence('qcow2', 'bare', untyped('qcow2'))).rule).toBe('SITE-CONTENT');
    expect(site(evidence('qcow2', 'bare', typed('disk', 'qcow2', 'certain'))).rule).toBe('CONTENT-PROOF');
  });
});

describe('contradictions: nothing is written', () => {
  check([
    ['raw', 'bare', [polyglot], `CONTENT-CONTESTED: ambiguous ${SIX}; CONTENT_UNDETERMINED UNSAFE_CONTENT`],
    [
      'qcow2',
      'bare',
      [polyglot],
      'CONTENT-CONTESTED: ambiguous disk/qcow2 | other/raw; CONTENT_UNDETERMINED UNSAFE_CONTENT',
    ],
    [null, null, [polyglot], 'CONTENT-CONTESTED: ambiguous other/raw | disk/raw; CONTENT_UNDETERMINED UNSAFE_CONTENT'],
    [
      'aki',
      'aki',
      [usedAsKernel, typed('disk', 'raw', 'certain')],
      'CONTENT-OR-REFERENCE: ambiguous disk/raw | kernel/raw; CONTENT_MISMATCH ROLE_CONFLICT',
    ],
    [
      'raw',
      'bare',
      [usedAsRamdisk, typed('kernel', 'raw', 'likely')],
      'CONTENT-OR-REFERENCE: ambiguous kernel/raw | ramdisk/raw; ROLE_CONFLICT',
    ],
    [
      'qcow2',
      'bare',
      [usedAsKernel, typed('disk', 'qcow2', 'certain')],
      'CONTENT-OR-REFERENCE: ambiguous disk/qcow2 | kernel/qcow2; KERNEL_IN_NONRAW ROLE_CONFLICT',
    ],
    [
      'raw',
      'bare',
      [{ referencedBy: asBoth }, typed('kernel', 'raw', 'certain')],
      'CONTENT-OR-REFERENCE: ambiguous kernel/raw | ramdisk/raw; ROLE_CONFLICT',
    ],
    [
      'aki',
      'aki',
      [usedAsKernel, untyped('qcow2')],
      'CONTENT-OR-REFERENCE: ambiguous disk/qcow2 | kernel/raw; CONTENT_MISMATCH CONTENT_UNDETERMINED ROLE_CONFLICT',
    ],
    // The bytes side with the references, against the words: no contradiction is left.
    [
      'qcow2',
      'bare',
      [usedAsKernel, typed('kernel', 'raw', 'certain')],
      'CONTENT-PROOF: exact kernel/raw; CONTENT_MISMATCH',
    ],
    [
      'raw',
      'bare',
      [usedAsRamdisk, typed('filesystem', 'raw', 'certain', oldRamdisk)],
      'CONTENT-PROOF: exact ramdisk/raw; ',
    ],
    // Declared and found.
    [
      'raw',
      'bare',
      [typed('disk', 'qcow2', 'certain', { safety: ['BACKING_FILE'] })],
      'CONTENT-UNSAFE: ambiguous disk/raw | disk/qcow2; CONTENT_MISMATCH UNSAFE_CONTENT',
    ],
    [
      'iso',
      'bare',
      [typed('disk', 'qcow2', 'likely', { safety: ['EXTERNAL_DATA_FILE'] })],
      'CONTENT-UNSAFE: ambiguous iso9660/raw | disk/qcow2; CONTENT_MISMATCH UNSAFE_CONTENT',
    ],
    [
      'vmdk',
      'bare',
      [untyped('qcow2', 'needs a backing file', { safety: ['BACKING_FILE'] })],
      'CONTENT-UNSAFE: ambiguous disk/vmdk | disk/qcow2; CONTENT_MISMATCH CONTENT_UNDETERMINED UNSAFE_CONTENT',
    ],
    [
      'raw',
      'bare',
      [untyped('qcow2', 'needs a backing file', { safety: ['BACKING_FILE'] })],
      'CONTENT-UNSAFE: ambiguous disk/raw | filesystem/raw | iso9660/raw | other/raw | disk/qcow2 | filesystem/qcow2 | iso9660/qcow2 | other/qcow2; CONTENT_MISMATCH CONTENT_UNDETERMINED UNSAFE_CONTENT',
    ],
    [
      'root-tar',
      'bare',
      [typed('disk', 'qcow2', 'certain', { safety: ['BACKING_FILE'] })],
      'CONTENT-UNSAFE: ambiguous disk/qcow2 | other/qcow2; CONTENT_MISMATCH UNSAFE_CONTENT',
    ],
    // Dangerous, but what it says it is: decided, and reported.
    [
      'qcow2',
      'bare',
      [untyped('qcow2', 'needs a backing file', { safety: ['BACKING_FILE'] })],
      'VIRTUAL-DISK: inferred disk/qcow2; CONTENT_UNDETERMINED UNSAFE_CONTENT',
    ],
    [
      'raw',
      'bare',
      [typed('disk', 'raw', 'certain', { safety: ['TABLE_OUT_OF_BOUNDS'] })],
      'CONTENT-PROOF: exact disk/raw; UNSAFE_CONTENT',
    ],
  ]);

  it('raw bytes whose end was not seen may be the fixed VHD that they are declared as', () => {
    const cut = typed('disk', 'raw', 'likely', { reach: 'cut' });
    expect(told('vhd', 'bare', cut)).toBe(told('vhd', 'bare', typed('disk', 'vhd', 'likely')));
    expect(told('vhd', 'bare', typed('disk', 'raw', 'likely'))).toContain('CONTENT_MISMATCH');
    expect(told('qcow2', 'bare', cut)).toContain('disk/raw; CONTENT_MISMATCH');
  });

  it('contents that contend within one container are contested, as the prober itself says it', () => {
    const judgement = contentJudgement({ kind: 'contested', evidence: [], safety: [] }, [], {
      containerType: 'raw',
      containerBasis: 'assumed',
      evidence: [],
      safety: [],
      most: 'certain',
    });
    const verdict = {
      ...judgement,
      inspection: NOTHING_SEEN,
      reach: 'whole' as const,
      cost: { requests: 1, bytes: 1 },
    };
    expect(told('gpt', 'bare', { content: { kind: 'read', verdict } })).toBe(
      'CONTENT-CONTESTED: ambiguous disk/raw | other/raw; CONTENT_UNDETERMINED',
    );
  });
});

describe('certain is a proof, likely an inference, and both win over properties and tuple', () => {
  check([
    ['raw', 'bare', [typed('disk', 'raw', 'certain')], 'CONTENT-PROOF: exact disk/raw; '],
    ['raw', 'bare', [typed('disk', 'raw', 'likely')], 'CONTENT-LIKELY: inferred disk/raw; '],
    ['raw', 'bare', [typed('iso9660', 'raw', 'certain')], 'CONTENT-PROOF: exact iso9660/raw; '],
    ['raw', 'bare', [typed('disk', 'qcow2', 'certain')], 'CONTENT-PROOF: exact disk/qcow2; CONTENT_MISMATCH'],
    [' RAW', 'bare', [typed('disk', 'raw', 'certain')], 'CONTENT-PROOF: exact disk/raw; TUPLE_NOT_NORMALISED'],
    ['qcow2', 'bare', [typed('disk', 'qcow2', 'certain')], 'CONTENT-PROOF: exact disk/qcow2; '],
    ['qcow2', 'bare', [typed('disk', 'qcow2', 'likely')], 'VIRTUAL-DISK: inferred disk/qcow2; '],
    ['qcow2', 'bare', [typed('filesystem', 'qcow2', 'certain')], 'CONTENT-PROOF: exact filesystem/qcow2; FS_NO_KERNEL'],
    ['qcow2', 'bare', [typed('iso9660', 'qcow2', 'certain')], 'CONTENT-PROOF: exact iso9660/qcow2; CONTENT_MISMATCH'],
    ['qcow2', 'bare', [typed('disk', 'raw', 'likely')], 'CONTENT-LIKELY: inferred disk/raw; CONTENT_MISMATCH'],
    ['iso', 'bare', [typed('iso9660', 'raw', 'likely')], 'ISO: exact iso9660/raw; '],
    ['aki', 'aki', [typed('ramdisk', 'raw', 'certain')], 'CONTENT-PROOF: exact ramdisk/raw; CONTENT_MISMATCH'],
    [null, null, [typed('disk', 'qcow2', 'certain')], 'CONTENT-PROOF: exact disk/qcow2; '],
    ['vpc', 'bare', [typed('disk', 'vhd', 'likely')], 'CONTENT-LIKELY: inferred disk/vhd; WORD_UNKNOWN'],
    [
      'raw',
      'x',
      [typed('disk', 'raw', 'certain', { envelope: 'tgz' })],
      'CONTENT-PROOF: exact disk/raw in tgz; WORD_UNKNOWN',
    ],
    // The words rule a ramdisk out, a live reference says it: of two readings of the bytes, its one is taken.
    [
      'iso',
      'bare',
      [usedAsRamdisk, typed('filesystem', 'raw', 'certain', oldRamdisk)],
      'CONTENT-PROOF: exact ramdisk/raw; CONTENT_MISMATCH',
    ],
    [
      'vhd',
      'tgz',
      [typed('disk', 'vhd', 'certain', { envelope: 'xenserver-tgz' })],
      'CONTENT-PROOF: exact disk/vhd in xenserver-tgz; ',
    ],
    // A tuple that names a type and no container.
    ['root-tar', 'bare', [typed('other', 'vmdk', 'certain')], 'CONTENT-PROOF: exact other/vmdk; '],
    // E4, E5, E6, E7: properties.
    ['qcow2', 'bare', [liveKernel, typed('disk', 'qcow2', 'certain')], 'CONTENT-PROOF: exact disk/qcow2; '],
    [
      'qcow2',
      'bare',
      [missingKernel, typed('disk', 'qcow2', 'likely')],
      'CONTENT-LIKELY: inferred disk/qcow2; KERNEL_MISSING',
    ],
    ['qcow2', 'bare', [liveKernel, typed('filesystem', 'qcow2', 'certain')], 'CONTENT-PROOF: exact filesystem/qcow2; '],
    [
      'raw',
      'bare',
      [prop('img_type', 'partition'), typed('disk', 'raw', 'likely')],
      'CONTENT-LIKELY: inferred disk/raw; ',
    ],
    [
      'raw',
      'bare',
      [prop('img_type', 'whole-disk'), typed('disk', 'raw', 'likely')],
      'IMG-WHOLE-DISK: inferred disk/raw; ',
    ],
    ['raw', 'bare', [prop('type', 'kernel'), typed('ramdisk', 'raw', 'certain')], 'CONTENT-PROOF: exact ramdisk/raw; '],
    [
      'raw',
      'bare',
      [prop('type', 'vhd'), typed('disk', 'vhd', 'certain')],
      'CONTENT-PROOF: exact disk/vhd; CONTENT_MISMATCH',
    ],
    [
      'raw',
      'bare',
      [snapshot, typed('filesystem', 'raw', 'certain')],
      'CONTENT-PROOF: exact filesystem/raw; FS_NO_KERNEL',
    ],
    // E3: a live reference, and bytes that agree.
    ['raw', 'bare', [usedAsKernel, typed('kernel', 'raw', 'likely')], 'REF-KERNEL: exact kernel/raw; '],
    // Snapshots: an iso or an ami that is neither (E7, E8).
    ['iso', 'bare', [snapshot, typed('disk', 'qcow2', 'certain')], 'CONTENT-PROOF: exact disk/qcow2; CONTENT_MISMATCH'],
    ['iso', 'bare', [snapshot, typed('iso9660', 'raw', 'certain')], 'CONTENT-PROOF: exact iso9660/raw; '],
    ['ami', 'ami', [snapshot, typed('disk', 'qcow2', 'certain')], 'CONTENT-PROOF: exact disk/qcow2; '],
    [
      'ami',
      'ami',
      [snapshot, typed('filesystem', 'raw', 'likely')],
      'CONTENT-LIKELY: inferred filesystem/raw; FS_NO_KERNEL',
    ],
    ['ami', 'ami', [typed('disk', 'raw', 'certain')], 'CONTENT-PROOF: exact disk/raw; '],
    ['ami', 'ami', [typed('disk', 'qcow2', 'certain')], 'CONTENT-PROOF: exact disk/qcow2; CONTENT_MISMATCH'],
    ['ami', 'ami', [liveKernel, typed('filesystem', 'raw', 'certain')], 'CONTENT-PROOF: exact filesystem/raw; '],
    ['ami', 'ami', [liveKernel, typed('filesystem', 'raw', 'likely')], 'OWN-KERNEL: exact filesystem/raw; '],
    // Hints (E9 to E14) never stand against the bytes.
    [
      'raw',
      'bare',
      [prop('root_device_name', '/dev/sda1'), prop('hw_rescue_device', 'cdrom'), typed('disk', 'raw', 'certain')],
      'CONTENT-PROOF: exact disk/raw; ',
    ],
    // Flat extents (E15).
    [
      'vmdk',
      'bare',
      [prop('vmware_disktype', 'preallocated'), typed('disk', 'raw', 'certain')],
      'CONTENT-PROOF: exact disk/raw; CONTENT_MISMATCH',
    ],
    [
      'vmdk',
      'bare',
      [prop('vmware_disktype', 'thin'), typed('disk', 'vmdk', 'likely')],
      'VIRTUAL-DISK: inferred disk/vmdk; ',
    ],
    [
      'vmdk',
      'bare',
      [prop('vmware_disktype', 'thin'), untyped('raw', 'blank', { refutes: ['vmdk'] })],
      'CONTENT-REFUTED: ambiguous disk/raw | other/raw; CONTENT_MISMATCH CONTENT_UNDETERMINED VMDK_MAYBE_FLAT',
    ],
    // A declaration may choose among readings of the same bytes.
    ['iso', 'bare', [typed('filesystem', 'raw', 'likely', udf)], 'ISO: exact iso9660/raw; '],
    ['iso', 'ami', [typed('filesystem', 'raw', 'certain', udf)], 'CONTENT-PROOF: exact iso9660/raw; AMAZON_MISMATCH'],
    ['raw', 'bare', [typed('filesystem', 'raw', 'certain', udf)], 'CONTENT-PROOF: exact filesystem/raw; FS_NO_KERNEL'],
    ['ari', 'ari', [typed('filesystem', 'raw', 'certain', oldRamdisk)], 'CONTENT-PROOF: exact ramdisk/raw; '],
    [null, 'ari', [typed('filesystem', 'raw', 'certain', oldRamdisk)], 'CONTENT-PROOF: exact ramdisk/raw; '],
    [
      'raw',
      'bare',
      [typed('filesystem', 'raw', 'certain', oldRamdisk)],
      'CONTENT-PROOF: exact filesystem/raw in compressed; CONTENT_MISMATCH FS_NO_KERNEL',
    ],
  ]);
});

describe('weak signs choose among what is left open, and contradict nothing', () => {
  check([
    ['raw', 'bare', [typed('kernel', 'raw', 'weak')], 'CONTENT-WEAK-CHOICE: inferred kernel/raw; '],
    [
      'raw',
      'bare',
      [typed('filesystem', 'qcow2', 'weak')],
      'CONTENT-WEAK-CHOICE: inferred filesystem/qcow2; CONTENT_MISMATCH FS_NO_KERNEL',
    ],
    ['ami', 'ami', [snapshot, typed('disk', 'raw', 'weak')], 'CONTENT-WEAK-AGREES: inferred disk/raw; '],
    ['ami', 'ami', [typed('disk', 'raw', 'weak')], 'CONTENT-WEAK-CHOICE: inferred disk/raw; '],
    ['qcow2', 'bare', [typed('filesystem', 'qcow2', 'weak')], 'VIRTUAL-DISK: inferred disk/qcow2; CONTENT_DOUBTFUL'],
    ['qcow2', 'bare', [typed('disk', 'qcow2', 'weak')], 'VIRTUAL-DISK: inferred disk/qcow2; '],
    ['iso', 'bare', [typed('filesystem', 'raw', 'weak')], 'ISO: exact iso9660/raw; CONTENT_DOUBTFUL'],
    [
      'raw',
      'bare',
      [usedAsKernel, typed('filesystem', 'raw', 'weak')],
      'REF-KERNEL: exact kernel/raw; CONTENT_DOUBTFUL',
    ],
    [
      'raw',
      'bare',
      [liveKernel, prop('img_type', 'whole-disk'), typed('disk', 'raw', 'weak')],
      'KERNEL-OR-WHOLE-DISK: ambiguous filesystem/raw | disk/raw; CONTENT_DOUBTFUL ROLE_CONFLICT',
    ],
    [null, null, [typed('disk', 'raw', 'weak')], 'UNTYPED: unmappable -; CONTENT_DOUBTFUL'],
    ['vmdk', 'bare', [typed('disk', 'qcow2', 'weak')], 'CONTENT-WEAK-AGREES: inferred disk/qcow2; CONTENT_MISMATCH'],
  ]);
});

describe('bytes without a type leave the declared one; a proven container stands', () => {
  check([
    ['raw', 'bare', [untyped('raw', 'blank')], `RAW: ambiguous ${SIX}; CONTENT_UNDETERMINED`],
    ['iso', 'bare', [untyped('raw', 'blank')], 'ISO: exact iso9660/raw; CONTENT_UNDETERMINED'],
    ['qcow2', 'bare', [untyped('qcow2', 'encrypted')], 'VIRTUAL-DISK: inferred disk/qcow2; CONTENT_UNDETERMINED'],
    ['qcow2', 'bare', [untyped(null, 'empty')], 'VIRTUAL-DISK: inferred disk/qcow2; CONTENT_UNDETERMINED'],
    [
      'vmdk',
      'bare',
      [untyped('qcow2')],
      'CONTENT-UNTYPED-DIFFERS: inferred disk/qcow2; CONTENT_MISMATCH CONTENT_UNDETERMINED',
    ],
    [
      'raw',
      'bare',
      [untyped('qcow2')],
      'CONTENT-UNTYPED-DIFFERS: ambiguous disk/qcow2 | filesystem/qcow2 | iso9660/qcow2 | other/qcow2; CONTENT_MISMATCH CONTENT_UNDETERMINED',
    ],
    [
      'raw',
      'bare',
      [liveKernel, untyped('qcow2')],
      'CONTENT-UNTYPED-DIFFERS: inferred filesystem/qcow2; CONTENT_MISMATCH CONTENT_UNDETERMINED',
    ],
    ['qcow2', 'bare', [untyped('raw', 'blank')], 'VIRTUAL-DISK: inferred disk/qcow2; CONTENT_UNDETERMINED'],
    [
      'iso',
      'bare',
      [untyped('vhd')],
      'CONTENT-UNTYPED-DIFFERS: inferred iso9660/vhd; CONTENT_MISMATCH CONTENT_UNDETERMINED',
    ],
    // A role by the words, a virtual disk by the bytes: as (qcow2, aki) is.
    [
      'aki',
      'aki',
      [untyped('qcow2')],
      'CONTENT-UNTYPED-DIFFERS: ambiguous kernel/qcow2 | disk/qcow2; CONTENT_MISMATCH CONTENT_UNDETERMINED',
    ],
    ['aki', 'aki', [usedAsKernel, untyped('raw')], 'REF-KERNEL: exact kernel/raw; CONTENT_UNDETERMINED'],
    ['ami', 'ami', [liveKernel, untyped('raw', 'blank')], 'OWN-KERNEL: exact filesystem/raw; CONTENT_UNDETERMINED'],
    ['ami', 'ami', [snapshot, untyped('qcow2')], 'CONTENT-UNTYPED: inferred disk/qcow2; CONTENT_UNDETERMINED'],
    ['ami', 'ami', [snapshot, untyped('raw', 'blank')], 'CONTENT-UNTYPED: inferred disk/raw; CONTENT_UNDETERMINED'],
    [
      null,
      null,
      [untyped('qcow2')],
      'CONTENT-UNTYPED: ambiguous disk/qcow2 | filesystem/qcow2 | iso9660/qcow2 | other/qcow2; CONTENT_UNDETERMINED',
    ],
    [null, null, [untyped('raw', 'blank')], 'UNTYPED: unmappable -; CONTENT_UNDETERMINED'],
    [null, null, [prop('type', 'vhd'), untyped('qcow2')], 'CONTENT-UNTYPED: inferred disk/qcow2; CONTENT_UNDETERMINED'],
    [
      'qcow2',
      'no-such-word',
      [untyped('raw', 'blank')],
      'VIRTUAL-DISK-UNKNOWN: ambiguous disk/qcow2 | other/raw; CONTENT_UNDETERMINED WORD_UNKNOWN',
    ],
    [
      'qcow2',
      'no-such-word',
      [untyped('qcow2')],
      'CONTENT-UNTYPED: inferred disk/qcow2; CONTENT_UNDETERMINED WORD_UNKNOWN',
    ],
    ['raw', 'bare', [unread], `RAW: ambiguous ${SIX}; CONTENT_UNREAD`],
    ['qcow2', 'bare', [unread], 'VIRTUAL-DISK: inferred disk/qcow2; CONTENT_UNREAD'],
  ]);

  describe('LUKS (E16)', () => {
    check([
      [
        'luks',
        'bare',
        [untyped('luks', 'encrypted')],
        'LUKS: ambiguous disk/luks | filesystem/luks; CONTENT_UNDETERMINED',
      ],
      [
        'luks',
        'bare',
        [key, untyped('luks', 'encrypted')],
        'LUKS-KEY: inferred disk/luks; CONTENT_UNDETERMINED PAYLOAD_ENCRYPTED',
      ],
      [
        'raw',
        'bare',
        [key, untyped('luks', 'encrypted')],
        'CONTENT-LUKS-KEY: inferred disk/luks; CONTENT_MISMATCH CONTENT_UNDETERMINED PAYLOAD_ENCRYPTED',
      ],
      [
        'raw',
        'bare',
        [untyped('luks', 'encrypted')],
        'CONTENT-LUKS: ambiguous disk/luks | filesystem/luks; CONTENT_MISMATCH CONTENT_UNDETERMINED',
      ],
      [
        'qcow2',
        'bare',
        [untyped('luks', 'encrypted')],
        'CONTENT-LUKS: ambiguous disk/luks | filesystem/luks; CONTENT_MISMATCH CONTENT_UNDETERMINED',
      ],
      [
        'raw',
        'bare',
        [liveKernel, untyped('luks', 'encrypted')],
        'OWN-KERNEL: inferred filesystem/luks; CONTENT_MISMATCH CONTENT_UNDETERMINED',
      ],
      ['luks', 'bare', [untyped('raw', 'blank')], 'LUKS: ambiguous disk/luks | filesystem/luks; CONTENT_UNDETERMINED'],
      [
        'luks',
        'bare',
        [key, typed('disk', 'raw', 'certain')],
        'CONTENT-PROOF: exact disk/raw; CONTENT_MISMATCH PAYLOAD_ENCRYPTED',
      ],
    ]);
  });
});

describe('envelopes', () => {
  check([
    [
      'vhd',
      'ovf',
      [typed('disk', 'vhd', 'certain', { envelope: 'tgz' })],
      'CONTENT-PROOF: exact disk/vhd in xenserver-tgz; ',
    ],
    [
      'vhd',
      'ovf',
      [typed('disk', 'vhd', 'likely', { envelope: 'xenserver-tgz' })],
      'XENSERVER-VHD: inferred disk/vhd in xenserver-tgz; ',
    ],
    ['vhd', 'ovf', [typed('disk', 'vhd', 'certain')], 'CONTENT-PROOF: exact disk/vhd; '],
    ['raw', 'ovf', [typed('disk', 'raw', 'certain')], 'CONTENT-PROOF: exact disk/raw; '],
    ['qcow2', 'ovf', [untyped('qcow2', 'blank')], 'CONTENT-UNTYPED: inferred disk/qcow2; CONTENT_UNDETERMINED'],
    ['vmdk', 'ovf', [typed('disk', 'vmdk', 'certain', { envelope: 'ova' })], 'CONTENT-PROOF: exact disk/vmdk in ova; '],
    ['vmdk', 'ova', [typed('disk', 'vmdk', 'certain')], 'CONTENT-PROOF: exact disk/vmdk; CONTENT_MISMATCH'],
    ['vmdk', 'ova', [typed('disk', 'vmdk', 'likely', { envelope: 'ova' })], 'OVA-DISK: inferred disk/vmdk in ova; '],
    [
      'qcow2',
      'bare',
      [typed('disk', 'qcow2', 'likely', { envelope: 'compressed' })],
      'CONTENT-LIKELY: inferred disk/qcow2 in compressed; CONTENT_MISMATCH',
    ],
    [
      'qcow2',
      'compressed',
      [untyped('qcow2')],
      'CONTENT-UNTYPED-DIFFERS: inferred disk/qcow2; CONTENT_MISMATCH CONTENT_UNDETERMINED',
    ],
    [
      'raw',
      'compressed',
      [untyped('raw', 'blank')],
      'RAW-COMPRESSED: inferred disk/raw in compressed; CONTENT_MISMATCH CONTENT_UNDETERMINED',
    ],
    [
      'raw',
      'compressed',
      [untyped('raw', 'blank', { envelope: 'compressed' })],
      'RAW-COMPRESSED: inferred disk/raw in compressed; CONTENT_UNDETERMINED',
    ],
    [
      'raw',
      'tgz',
      [untyped('raw', 'blank', { envelope: 'compressed' })],
      'CONTENT-UNTYPED-DIFFERS: inferred disk/raw in compressed; CONTENT_MISMATCH CONTENT_UNDETERMINED',
    ],
    [
      'raw',
      'tgz',
      [typed('disk', 'vhd', 'certain', { envelope: 'xenserver-tgz' })],
      'CONTENT-PROOF: exact disk/vhd in xenserver-tgz; CONTENT_MISMATCH',
    ],
    [
      'iso',
      'docker',
      [typed('other', 'raw', 'certain', { envelope: 'docker' })],
      'CONTENT-PROOF: exact other/raw in docker; ',
    ],
    [
      'raw',
      'docker',
      [typed('other', 'raw', 'likely', { alsoWrappedAs: ['docker'] })],
      'DOCKER: inferred other/raw in docker; ',
    ],
    ['iso', 'docker', [typed('iso9660', 'raw', 'certain')], 'CONTENT-PROOF: exact iso9660/raw; CONTENT_MISMATCH'],
    [
      'raw',
      'ovf',
      [untyped('raw', 'blank')],
      `RAW: ambiguous ${SIX.replaceAll('/raw', '/raw in ovf')}; CONTENT_UNDETERMINED OVF_UNVERIFIED`,
    ],
    [
      null,
      'ova',
      [untyped('raw', 'not recognised', { envelope: 'ova' })],
      'UNTYPED-OVA: ambiguous other/raw in ova | disk/vmdk in ova; CONTENT_UNDETERMINED',
    ],
    [
      null,
      'compressed',
      [untyped('raw', 'blank')],
      'UNTYPED-WRAPPED: unmappable - in compressed; CONTENT_MISMATCH CONTENT_UNDETERMINED',
    ],
  ]);
});

describe('a declaration whose signature was read for and is not there is never decided', () => {
  const not = (...refutes: readonly RefutableFormat[]) => ({ refutes });
  const every = { refutes: REFUTABLE_FORMATS };
  check([
    [
      'qcow2',
      'bare',
      [untyped('raw', 'not recognised', every)],
      'CONTENT-REFUTED: ambiguous disk/raw | other/raw; CONTENT_MISMATCH CONTENT_UNDETERMINED',
    ],
    ['raw', 'bare', [untyped('raw', 'not recognised', every)], `RAW: ambiguous ${SIX}; CONTENT_UNDETERMINED`],
    ['vhd', 'bare', [untyped('raw', 'not recognised', every)], 'VIRTUAL-DISK: inferred disk/vhd; CONTENT_UNDETERMINED'],
    [
      'qcow2',
      'bare',
      [typed('disk', 'raw', 'certain', not('qcow2'))],
      'CONTENT-REFUTED: ambiguous disk/raw | other/raw; CONTENT_MISMATCH',
    ],
    [
      'qcow2',
      'bare',
      [typed('filesystem', 'raw', 'certain', { ...not('qcow2'), envelope: 'compressed' })],
      'CONTENT-REFUTED: ambiguous filesystem/raw in compressed | disk/raw in compressed | other/raw in compressed; CONTENT_MISMATCH',
    ],
    [
      'vmdk',
      'ova',
      [typed('disk', 'qcow2', 'certain', { ...not('vmdk'), envelope: 'ova' })],
      'CONTENT-REFUTED: ambiguous disk/qcow2 in ova | other/qcow2 in ova; CONTENT_MISMATCH',
    ],
    [
      'iso',
      'bare',
      [untyped('raw', 'not recognised', not('iso'))],
      'CONTENT-REFUTED: ambiguous other/raw | disk/raw; CONTENT_MISMATCH CONTENT_UNDETERMINED',
    ],
    [
      'iso',
      'bare',
      [typed('iso9660', 'qcow2', 'certain', not('iso'))],
      'CONTENT-REFUTED: ambiguous iso9660/qcow2 | other/qcow2; CONTENT_MISMATCH',
    ],
    [
      'luks',
      'bare',
      [untyped('raw', 'not recognised', not('luks'))],
      'CONTENT-REFUTED: ambiguous disk/raw | filesystem/raw | other/raw; CONTENT_MISMATCH CONTENT_UNDETERMINED',
    ],
    [
      ' QCow2',
      'bare',
      [untyped('raw', 'not recognised', not('qcow2'))],
      'CONTENT-REFUTED: ambiguous disk/raw | other/raw; CONTENT_MISMATCH CONTENT_UNDETERMINED TUPLE_NOT_NORMALISED',
    ],
    [
      'qcow2',
      'bare',
      [untyped(null, 'two formats at once', { safety: ['POLYGLOT'], ...not('qcow2') })],
      'CONTENT-CONTESTED: ambiguous disk/raw | other/raw; CONTENT_MISMATCH CONTENT_UNDETERMINED UNSAFE_CONTENT',
    ],
    [
      'qcow2',
      'bare',
      [usedAsKernel, typed('disk', 'raw', 'certain', not('qcow2'))],
      'CONTENT-OR-REFERENCE: ambiguous disk/raw | kernel/raw; CONTENT_MISMATCH KERNEL_IN_NONRAW ROLE_CONFLICT',
    ],
  ]);
  it('the evidence says which signature is missing, and in what', () => {
    const lines = (...examples: readonly Example[]) =>
      decide('qcow2', 'bare', ...examples).evidence.map(({ detail }) => detail);
    expect(lines(untyped('raw', 'blank', every))).toContain('declared qcow2, but no QFI signature at byte 0');
    expect(lines(untyped('raw', 'blank', { ...every, envelope: 'tgz' }))).toContain(
      'declared qcow2, but no QFI signature at byte 0 of what is inside (tgz)',
    );
  });
  const rows = `
aliases:
  disk: { cow2: qcow2 }
rows:
  - id: SITE
    when: { disk: iso }
    then: { type: iso9660, container: raw }
    reason: so it is here`;
  const site = createDecider(
    loadRules([{ path: 'site.yaml', text: rows, origin: 'operator' }, shippedRules()]),
    predict,
  );
  it('an alias is refuted as the word that it stands for', () => {
    const decision = site(evidence('cow2', 'bare', untyped('raw', 'not recognised', not('qcow2'))));
    expect(outcomeText(decision)).toBe('ambiguous disk/raw | other/raw');
  });
  it("an operator's answer stands, and the contradiction is reported", () => {
    const decision = site(evidence('iso', 'bare', untyped('raw', 'not recognised', not('iso'))));
    expect(outcomeText(decision)).toBe('inferred iso9660/raw');
    expect(decision.findings).toContain('CONTENT_MISMATCH');
  });
});

describe('what may be one type or another', () => {
  const disc = typed('filesystem', 'raw', 'likely', udf);
  check([
    ['raw', 'bare', [disc], 'CONTENT-READINGS: ambiguous filesystem/raw | iso9660/raw; '],
    ['iso', 'bare', [disc], 'ISO: exact iso9660/raw; '],
    ['raw', 'bare', [prop('img_type', 'partition'), disc], 'IMG-PARTITION: inferred filesystem/raw; FS_NO_KERNEL'],
    [
      'raw',
      'bare',
      [typed('filesystem', 'raw', 'likely', oldRamdisk)],
      'CONTENT-LIKELY: inferred filesystem/raw in compressed; CONTENT_MISMATCH FS_NO_KERNEL',
    ],
  ]);
  it('is ordered by hints', () => {
    const named = decide('raw', 'bare', { image: { name: 'dvd.iso' } }, disc);
    expect(outcomeText(named)).toBe('ambiguous iso9660/raw | filesystem/raw');
  });
});

describe('a fixed VHD whose end was not seen', () => {
  const unseen = { envelope: 'compressed', reach: 'cut' } as const;
  check([
    [
      'vhd',
      'compressed',
      [typed('disk', 'raw', 'certain', unseen)],
      'VIRTUAL-DISK-WRAPPED: inferred disk/vhd in compressed; ',
    ],
    [
      'vhd',
      'bare',
      [typed('disk', 'raw', 'certain', unseen)],
      'CONTENT-LIKELY: inferred disk/vhd in compressed; CONTENT_MISMATCH',
    ],
  ]);
});

describe('evidence', () => {
  const line = (example: Example) =>
    decide('qcow2', 'bare', example)
      .evidence.filter(({ kind }) => kind === 'content')
      .map(({ detail }) => detail);
  it('says where, what, how sure, and which safety codes', () => {
    expect(line(typed('disk', 'qcow2', 'certain', { safety: ['INTERNAL_SNAPSHOTS', 'DIRTY'] }))).toEqual([
      'guest 510: MBR, 1 partition (certain); safety INTERNAL_SNAPSHOTS, DIRTY',
    ]);
    expect(line(untyped('qcow2', 'blank', { evidence: [{ offset: 0, detail: 'qcow2 version 3' }] }))).toEqual([
      'byte 0: qcow2 version 3 (no type: blank)',
    ]);
    expect(line(unread)).toEqual(['could not be read: no such file']);
  });
  it('is bounded: first line and last two, cut, plain, and no offset that only one image has', () => {
    const details = ['a'.repeat(500), 'left out', 'x\u001b[2J\u202e', 'end'];
    const content = untyped('qcow2', 'w'.repeat(500), {
      evidence: details.map((detail, i) => ({ offset: i === 3 ? 8_589_934_080 : i, detail })),
    });
    const [text] = line(content);
    expect(text).not.toContain('left out');
    expect(text).toMatch(/^[ -~]{0,330}$/);
    expect(text).toContain('byte beyond 1 MiB: end');
  });
  it('shares a decision between images that look alike inside, and tells apart those that do not', () => {
    const one = decideUnseen(evidence('raw', 'bare', typed('disk', 'raw', 'certain')));
    const given = typed('disk', 'qcow2', 'certain', { safety: ['DIRTY'] });
    decideUnseen(evidence('raw', 'bare', given));
    expect(given.content.kind === 'read' && Object.isFrozen(given.content.verdict.safety)).toBe(false);
    const cost = { requests: 9, bytes: 9 };
    expect(decideUnseen(evidence('raw', 'bare', typed('disk', 'raw', 'certain', { cost })))).toBe(one);
    const others = [
      evidence('raw', 'bare'),
      evidence('raw', 'bare', unread),
      evidence('raw', 'bare', typed('disk', 'raw', 'likely')),
      evidence('raw', 'bare', typed('disk', 'raw', 'certain', { safety: ['DIRTY'] })),
      evidence('raw', 'bare', typed('disk', 'raw', 'certain', { containerBasis: 'proven' })),
      evidence('raw', 'bare', typed('disk', 'raw', 'certain', { alsoReadAs: ['other'] })),
      evidence('raw', 'bare', typed('disk', 'raw', 'certain', { envelope: 'tgz' })),
    ].map(decideUnseen);
    expect(new Set([one, ...others]).size).toBe(others.length + 1);
  });
});

it('every content row is reached above', () => {
  expect(table.content.map((row) => row.id).filter((id) => !fired.has(id))).toEqual([]);
});
