import { describe, expect, it } from 'vitest';

import {
  contentFact,
  isDeclaredOtherwise,
  isSnapshotMark,
  readFacts,
  usedAs,
} from '../../../src/rules/decide/facts.ts';
import { observe } from '../../../src/rules/decide/observation.ts';
import {
  asBoth,
  asKernel,
  asRamdisk,
  evidence,
  type Example,
  liveKernel,
  table,
  typed,
  untyped,
} from '../evidence-builder.ts';

const seen = (example: Example = {}) => observe(evidence('raw', 'bare', example));
const facts = (example: Example = {}) => readFacts(seen(example), table).facts;

describe('facts', () => {
  it('of a plain image say that there is nothing', () => {
    expect(facts()).toMatchObject({
      row: 'live',
      status: 'active',
      size: 'some',
      block_devices: 'absent',
      used_as: 'nothing',
      own_kernel: 'absent',
      snapshot: 'absent',
      content: 'absent',
      disk: 'raw',
      container: 'bare',
    });
  });
  it.each<readonly [object, Example]>([
    [{ status: 'other' }, { image: { status: 'Active' } }],
    [{ size: 'empty' }, { image: { size: 0n } }],
    [{ block_devices: 'present' }, { properties: { bdm_v2: 'true' } }],
    [{ image_state: 'other' }, { properties: { image_state: 'failed' } }],
    [{ encryption_key: 'present' }, { properties: { cinder_encryption_key_id: 'k1234' } }],
    [{ snapshot: 'live' }, { properties: { instance_uuid: 'abcdef' } }],
    [{ snapshot: 'lost' }, { lost: { instance_uuid: 'abcdef' } }],
    [{ own_kernel: 'live' }, liveKernel],
    [{ own_kernel: 'dangling' }, { kernel: { kind: 'deleted', id: 'k' } }],
    [{ own_kernel: 'doubtful' }, { kernel: { kind: 'live', id: 'k', diskFormat: 'qcow2', containerFormat: 'bare' } }],
  ])('are %j', (expected, example) => {
    expect(facts(example)).toMatchObject(expected);
  });
});

it('an image is used as what names it', () => {
  const use = (by: Example['referencedBy']) => usedAs(seen({ referencedBy: by ?? null }));
  expect([use(null), use(asKernel), use(asRamdisk), use(asBoth)]).toEqual(['nothing', 'kernel', 'ramdisk', 'both']);
});

it('the attribute content is how sure the type of the bytes is', () => {
  const fact = (example: Example) => contentFact(seen(example).content);
  expect(fact({})).toBe('absent');
  expect(fact({ content: { kind: 'unread', why: 'gone' } })).toBe('unread');
  expect(fact(typed('disk', 'raw', 'weak'))).toBe('weak');
  expect(fact(untyped('raw'))).toBe('undetermined');
  expect(fact(untyped(null, 'two readings', { state: 'contested' }))).toBe('contested');
  expect(fact(typed('disk', 'raw', 'certain', { safety: ['POLYGLOT'] }))).toBe('contested');
});

it('an image_location identifies a snapshot only if it says so', () => {
  expect(isSnapshotMark('image_location', 'snapshot')).toBe(true);
  expect(isSnapshotMark('image_location', 'manifest')).toBe(false);
  expect(isSnapshotMark('instance_uuid', 'set')).toBe(true);
  expect(isSnapshotMark('os_type', 'set')).toBe(false);
});

it.each([
  ['qcow2', 'bare', true],
  ['iso', null, true],
  ['root-tar', 'bare', true],
  ['aki', 'aki', false],
  ['raw', 'bare', false],
  ['no-such-word', null, false],
])('a kernel declared %s/%s is declared otherwise: %s', (diskFormat, containerFormat, expected) => {
  expect(isDeclaredOtherwise({ kind: 'live', id: 'k', diskFormat, containerFormat }, table)).toBe(expected);
  expect(isDeclaredOtherwise({ kind: 'missing', id: 'k' }, table)).toBe(false);
});
