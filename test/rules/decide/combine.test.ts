import { describe, expect, it } from 'vitest';

import type { Classification } from '../../../src/model/decision.ts';
import type { ContainerType, Envelope, ImageType } from '../../../src/model/vocabulary.ts';
import {
  classificationsOf,
  combine,
  type Combination,
  type Outcome,
  type Vote,
} from '../../../src/rules/decide/combine.ts';
import type { RowHead, TupleThen } from '../../../src/rules/table/rule-table.ts';
import { table, tupleThen } from '../evidence-builder.ts';

const row = (id: string): RowHead => ({ id, reason: 'r', findings: [] });
const as = (imageType: ImageType, containerType: ContainerType = 'raw', envelope: Envelope | null = null) => ({
  imageType,
  containerType,
  envelope,
});

function tupleOf(
  classifications: readonly Classification[],
  status: TupleThen['status'],
  rest: Partial<TupleThen> = {},
): Combination['tuple'] {
  const outcome = tupleThen({ status, types: [], containers: [], ...rest });
  return { row: row('T'), outcome, classifications, envelope: null };
}

function vote(voter: Vote['voter'], types: readonly ImageType[], rest: Partial<Vote> = {}): Vote {
  return {
    voter,
    row: row(voter === 'references' ? 'R' : 'P'),
    types,
    container: null,
    containerIfUnsaid: null,
    ...rest,
  };
}

function result(tuple: Combination['tuple'], votes: readonly Vote[] = [], rest: Partial<Combination> = {}): string {
  const input = {
    tuple,
    votes,
    ownKernel: 'unproven',
    spelling: 'clean',
    contradictions: table.contradictions,
  } as const;
  return text(combine({ ...input, ...rest }));
}

function text(outcome: Outcome): string {
  const list = classificationsOf(outcome).map(({ imageType, containerType }) => `${imageType}/${containerType}`);
  const how =
    outcome.kind === 'decided' ? outcome.status : outcome.kind === 'ambiguous' ? outcome.because : 'unmappable';
  return `${outcome.row.id} ${how} ${list.join(' | ')}`.trimEnd();
}

const RAW = tupleOf([as('disk'), as('filesystem'), as('kernel')], 'ambiguous');
const VMDK = tupleOf([as('disk', 'vmdk')], 'inferred', { admits: ['filesystem'] });
const EXACT = tupleOf([as('kernel')], 'exact');
const NOTHING = tupleOf([], 'unmappable', { openContainers: ['raw', 'vhd'], decidedBy: ['references'] });

describe('the tuple and no vote', () => {
  it('gives what the tuple says', () => {
    expect(result(RAW)).toBe('T open disk/raw | filesystem/raw | kernel/raw');
    expect(result(VMDK)).toBe('T inferred disk/vmdk');
    expect(result(EXACT)).toBe('T exact kernel/raw');
    expect(result(NOTHING)).toBe('T unmappable');
  });
  it('is inferred at most where a word was folded', () => {
    expect(result(EXACT, [], { spelling: 'folded' })).toBe('T inferred kernel/raw');
  });
});

describe('one vote', () => {
  it('chooses among the candidates, and a reference proves its type', () => {
    expect(result(RAW, [vote('properties', ['filesystem'])])).toBe('P inferred filesystem/raw');
    expect(result(RAW, [vote('references', ['kernel'])])).toBe('R exact kernel/raw');
  });
  it('that agrees leaves the name of the tuple to the decision, unless it is a reference', () => {
    expect(result(VMDK, [vote('properties', ['disk'])])).toBe('T inferred disk/vmdk');
    expect(result(EXACT, [vote('references', ['kernel'])])).toBe('R exact kernel/raw');
  });
  it('may choose a type that the tuple admits, in its container', () => {
    expect(result(VMDK, [vote('properties', ['filesystem'])])).toBe('P inferred filesystem/vmdk');
  });
  it('for any other type is a contradiction', () => {
    expect(result(VMDK, [vote('references', ['kernel'])])).toBe(
      'EVIDENCE-OR-TUPLE contradiction kernel/vmdk | disk/vmdk',
    );
  });
  it('for another container is a contradiction', () => {
    expect(result(VMDK, [vote('properties', ['disk'], { container: 'vhd' })])).toBe(
      'EVIDENCE-OR-TUPLE contradiction disk/vhd | disk/vmdk',
    );
  });
  it('with a container decides an open tuple only where it is trusted', () => {
    const raw = { containerIfUnsaid: 'raw' } as const;
    expect(result(NOTHING, [vote('references', ['kernel'], raw)])).toBe('R exact kernel/raw');
    expect(result(NOTHING, [vote('properties', ['kernel'], raw)])).toBe('P open kernel/raw | kernel/vhd');
  });
});

describe('a live kernel', () => {
  const AMI = tupleOf([as('filesystem'), as('disk')], 'ambiguous', { exactWithOwnKernel: 'yes' });
  it('proves the filesystem of an ami', () => {
    expect(result(AMI, [vote('properties', ['filesystem'])], { ownKernel: 'proven' })).toBe('P exact filesystem/raw');
    expect(result(AMI, [vote('properties', ['filesystem'])])).toBe('P inferred filesystem/raw');
  });
});

describe('two votes', () => {
  it('for the same type count as one', () => {
    expect(result(RAW, [vote('references', ['kernel']), vote('properties', ['kernel'])])).toBe('R exact kernel/raw');
  });
  it('for different types are a contradiction between the sections', () => {
    expect(result(RAW, [vote('references', ['kernel']), vote('properties', ['disk'])])).toBe(
      'REFERENCES-OR-PROPERTIES contradiction kernel/raw | disk/raw',
    );
  });
  it('of one row name that row', () => {
    expect(result(RAW, [vote('properties', ['disk', 'filesystem'])])).toBe('P contradiction disk/raw | filesystem/raw');
  });
});
