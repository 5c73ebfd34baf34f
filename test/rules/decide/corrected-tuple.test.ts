import { describe, expect, it } from 'vitest';

import {
  correctedVotes,
  foundEnvelope,
  knownEnvelope,
  correctedTuple,
} from '../../../src/rules/decide/corrected-tuple.ts';
import { observe } from '../../../src/rules/decide/observation.ts';
import { takeSteps } from '../../../src/rules/decide/steps.ts';
import { evidence, type Example, readContent as content, table, typed, untyped } from '../evidence-builder.ts';

function tupleOf(disk: string, container: string) {
  const steps = takeSteps(observe(evidence(disk, container)), table);
  if (steps.kind !== 'weighed') throw new Error('no tuple was tried');
  return steps.input.tuple;
}

function corrected(disk: string, container: string, example: Example): string {
  const { classifications, outcome } = correctedTuple(tupleOf(disk, container), content(example));
  const texts = classifications.map(
    ({ imageType, containerType, envelope }) =>
      `${imageType}/${containerType}${envelope === null ? '' : ` in ${envelope}`}`,
  );
  return `${outcome.status} ${texts.join(' | ')}`;
}

describe('a tuple', () => {
  it('moves into the container that a magic proves', () => {
    expect(corrected('vmdk', 'bare', untyped('qcow2'))).toBe('inferred disk/qcow2');
  });
  it('loses kernels and ramdisks in a virtual disk', () => {
    expect(corrected('raw', 'bare', untyped('qcow2'))).toBe(
      'ambiguous disk/qcow2 | filesystem/qcow2 | iso9660/qcow2 | other/qcow2',
    );
  });
  it('of a kernel alone gets disk beside it', () => {
    expect(corrected('aki', 'aki', untyped('qcow2'))).toBe('ambiguous kernel/qcow2 | disk/qcow2');
  });
  it('keeps its answer where no magic was seen', () => {
    expect(corrected('vmdk', 'bare', untyped('raw'))).toBe('inferred disk/vmdk');
  });
  it('gets the envelope of the bytes', () => {
    expect(corrected('qcow2', 'bare', untyped('qcow2', 'x', { envelope: 'tgz' }))).toBe('inferred disk/qcow2 in tgz');
  });
});

describe('votes', () => {
  const votes = [
    {
      voter: 'properties',
      row: { id: 'P', reason: '', findings: [] },
      types: ['disk'],
      container: 'vhd',
      containerIfUnsaid: null,
    },
  ] as const;
  it('lose their container where the bytes prove another one', () => {
    expect(correctedVotes(votes, content(untyped('qcow2')))).toMatchObject([
      { container: null, containerIfUnsaid: 'qcow2' },
    ]);
    expect(correctedVotes(votes, content(untyped('raw')))).toBe(votes);
  });
});

describe('the envelope', () => {
  it('keeps a narrower declared word for the same bytes', () => {
    expect(foundEnvelope(content(untyped('raw', 'x', { envelope: 'tgz' })), 'xenserver-tgz')).toBe('xenserver-tgz');
    expect(foundEnvelope(content(typed('other', 'raw', 'likely', { alsoWrappedAs: ['docker'] })), 'docker')).toBe(
      'docker',
    );
    expect(foundEnvelope(content(untyped('raw')), 'ova')).toBeNull();
  });
  it('is the declared one where no magic was seen', () => {
    expect(knownEnvelope(content(untyped('raw')), 'ova')).toBe('ova');
    expect(knownEnvelope(content(untyped('qcow2')), 'ova')).toBeNull();
  });
});
