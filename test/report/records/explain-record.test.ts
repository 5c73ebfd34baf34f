import { expect, it } from 'vitest';

import type { StoredState } from '../../../src/model/stored-state.ts';
import { explainRecord } from '../../../src/report/records/explain-record.ts';
import { traceDecision } from '../../../src/rules/trace/trace.ts';
import {
  asKernel,
  evidence,
  type Example,
  liveKernel,
  table,
  typed,
  untyped,
  predict,
} from '../../rules/evidence-builder.ts';
import { HEADER } from '../made-images.ts';
import { ACCEPTED, MBR, prediction, UNKNOWN } from '../made-services.ts';

const NOT_EXPANDED: StoredState = { kind: 'not-expanded' };

function recordOf(
  [disk, container]: readonly [string | null, string | null],
  example: Example = {},
  stored: StoredState = NOT_EXPANDED,
): object {
  const image = evidence(disk, container, example);
  const trace = traceDecision(image, table, predict);
  return explainRecord({ evidence: image, trace, decision: trace.decision, stored }, HEADER, ['next']);
}

it('has the documented keys', () => {
  expect(Object.keys(recordOf(['qcow2', 'bare']))).toEqual([
    'format_version',
    'glance_retype',
    'image',
    'decision',
    'services_before',
    'findings',
    'properties',
    'lost_properties',
    'references',
    'content',
    'trace',
    'stored',
    'next',
  ]);
});

it('has what the services do in both releases', () => {
  const image = evidence('qcow2', 'bare', {});
  const trace = traceDecision(image, table, predict);
  const services = [prediction('nova', MBR, ACCEPTED), prediction('cinder', UNKNOWN)];
  const explanation = { evidence: image, trace, decision: { ...trace.decision, services }, stored: NOT_EXPANDED };
  expect(explainRecord(explanation, HEADER, [])).toMatchObject({
    decision: {
      services: { nova: { verdict: 'refused', check: 'mbr', before: 'accepted' }, cinder: { before: null } },
    },
    services_before: { nova: { verdict: 'accepted', basis: 'inspected' } },
  });
});

it('has a size beyond what a JSON number holds', () => {
  expect(recordOf(['raw', 'bare'], { image: { size: 2n ** 63n - 1n } })).toMatchObject({
    image: { size: '9223372036854775807' },
  });
});

it('says how references and votes came to the answer', () => {
  expect(recordOf(['ami', 'ami'], { ...liveKernel, referencedBy: asKernel })).toMatchObject({
    references: {
      kernel: { kind: 'live', disk_format: 'aki', container_format: 'aki' },
      ramdisk: { kind: 'absent' },
      named_by: { as_kernel: 2, as_ramdisk: 0, sample_kernel_of: 'r1', sample_ramdisk_of: null },
    },
  });
  expect(recordOf(['ami', 'ami'], liveKernel)).toMatchObject({
    decision: { status: 'exact', image_type: 'filesystem' },
    trace: {
      joining: {
        kind: 'chosen',
        votes: [{ rule: 'OWN-KERNEL', types: ['filesystem'], container_type: null }],
        outcome: { status: 'exact', image_type: 'filesystem', container_type: 'raw', envelope: null },
      },
      settling: null,
    },
  });
});

it('has the verdict on the content, with why there is no type', () => {
  expect(recordOf(['raw', 'bare'], typed('disk', 'qcow2', 'certain', { refutes: ['vmdk'] }))).toMatchObject({
    content: { kind: 'read', image_type: 'disk', container_basis: 'proven', why: null, refutes: ['vmdk'] },
  });
  expect(recordOf(['raw', 'bare'], untyped(null, 'all zeros'))).toMatchObject({
    content: { image_type: null, container_type: null, why: 'all zeros', also_read_as: [] },
  });
  expect(recordOf(['raw', 'bare'], { content: { kind: 'unread', why: 'gone' } })).toMatchObject({
    content: { kind: 'unread', why: 'gone' },
  });
});

it('has what is stored, with the batch and the run', () => {
  const current = {
    runId: 2,
    batch: 7,
    committed: { uuid: 'u', pass: 1, committedAt: 'then' },
    status: 'inferred',
    imageType: 'disk',
    containerType: 'raw',
    envelope: null,
    rule: 'R',
    legacyDiskFormat: 'raw',
    legacyContainerFormat: null,
    glanceStatus: 'active',
    evidence: { evidence: [], findings: ['F'], candidates: [] },
  } as const;
  const stored: StoredState = {
    kind: 'expanded',
    target: 'columns',
    current,
    earlier: [{ ...current, runId: 1, committed: null, supersededBy: 2 }],
    run: null,
    comparison: 'same',
    results: { imageType: 'disk', containerType: 'raw', envelope: null, integrity: 'as-stored' },
  };
  expect(recordOf(['raw', 'bare'], {}, stored)).toMatchObject({
    stored: {
      state: 'expanded',
      standing: 'same',
      current: { run: 2, batch: 7, batch_uuid: 'u', committed_at: 'then', disk_format: 'raw', findings: ['F'] },
      run: null,
      results: { image_type: 'disk', standing: 'as-stored' },
      earlier: [{ superseded_by: 2, run: 1, batch_uuid: null, pass: null }],
    },
  });
  expect(recordOf(['raw', 'bare'])).toMatchObject({ stored: { state: 'not-expanded' } });
});
