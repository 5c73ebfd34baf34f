import { describe, expect, it } from 'vitest';
import { INSPECTION_FACTS } from '../../../src/model/inspection.ts';
import type { Condition, FactTest } from '../../../src/services/condition/condition.ts';
import { domainsOf } from '../../../src/services/condition/domains.ts';

const on = (fact: 'mbr' | 'size' | 'qemu-format', test: FactTest): Condition => ({
  kind: 'fact',
  layer: 'file',
  fact,
  test,
});
const values = (...allowed: (string | number)[]): FactTest => ({ kind: 'values', allowed: new Set(allowed) });

describe('values that stand for all', () => {
  it('are one of each group that the conditions tell apart', () => {
    const faults = on('mbr', values('boot-flag', 'no-partitions'));
    expect(domainsOf([faults, { kind: 'not', part: faults }]).get('mbr')).toEqual(['sound', 'boot-flag']);
    expect(domainsOf([faults, on('mbr', values('boot-flag'))]).get('mbr')).toEqual([
      'sound',
      'boot-flag',
      'no-partitions',
    ]);
    expect(domainsOf([]).get('mbr')).toEqual(['sound']);
  });

  it('are numbers on both sides of every bound', () => {
    const range = on('size', { kind: 'range', atLeast: 512, below: 1024 });
    const sizes = domainsOf([{ kind: 'any', parts: [range, on('size', values(2000))] }]).get('size') ?? [];
    const groups = sizes.map((size) => `${Number(size) >= 512 && Number(size) < 1024} ${size === 2000}`);
    expect(groups.toSorted()).toEqual(['false false', 'false true', 'true false']);
  });

  it('are numbers beside a value, 0 as well', () => {
    expect(domainsOf([on('size', values(0))]).get('size')).toEqual([0, 1]);
    expect(domainsOf([on('size', values(2, 3))]).get('size')).toEqual([0, 2]);
  });

  it('are all words of a fact that is compared with the declared word', () => {
    expect(domainsOf([on('qemu-format', values('$word'))]).get('qemu-format')).toEqual(
      INSPECTION_FACTS['qemu-format'].words,
    );
  });
});
