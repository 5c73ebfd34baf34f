import { describe, expect, it } from 'vitest';
import type { Condition, FactValue } from '../../../src/services/condition/condition.ts';
import { assume, evaluate, type Learner, openPart } from '../../../src/services/condition/evaluate.ts';

/** A view of an image: facts by name with the values that they can have. */
function viewOf(
  facts: Readonly<Record<string, readonly FactValue[]>>,
  word = 'raw',
): Learner & { readonly facts: Map<string, readonly FactValue[]> } {
  const known = new Map(Object.entries(facts));
  const settled = new Map<string, boolean>();
  return {
    facts: known,
    release: 1,
    attribute: (name) => (name === 'word' ? word : undefined),
    fact: (_, name) => known.get(name) ?? [],
    unsettled: (why) => settled.get(why) ?? null,
    narrow: (_, name, values) => known.set(name, values),
    settle: (why, holds) => settled.set(why, holds),
  };
}

const fact = (name: 'signature' | 'size' | 'mbr' | 'qemu-format', ...allowed: FactValue[]): Condition => ({
  kind: 'fact',
  layer: 'file',
  fact: name,
  test: { kind: 'values', allowed: new Set(allowed) },
});
const size = (atLeast: number | null, below: number | null): Condition => ({
  kind: 'fact',
  layer: 'file',
  fact: 'size',
  test: { kind: 'range', atLeast, below },
});
const all = (...parts: Condition[]): Condition => ({ kind: 'all', parts });
const any = (...parts: Condition[]): Condition => ({ kind: 'any', parts });
const not = (part: Condition): Condition => ({ kind: 'not', part });

const QCOW2 = fact('signature', 'qcow2');
const SOUND = fact('mbr', 'sound');

describe('whether a condition holds', () => {
  const view = viewOf({ signature: ['qcow2'], mbr: ['sound', 'boot-flag'], size: [512] });
  it.each<[string, Condition, boolean | null]>([
    ['a fact that was seen', QCOW2, true],
    ['another value', fact('signature', 'vhd'), false],
    ['an open fact', SOUND, null],
    ['an open fact of which every value is allowed', fact('mbr', 'sound', 'boot-flag', 'no-partitions'), true],
    ['a fact that does not apply', fact('qemu-format', 'raw'), false],
    ['the opposite of a fact that does not apply', not(fact('qemu-format', 'raw')), true],
    ['all with a false part', all(SOUND, fact('signature', 'vhd')), false],
    ['all with an open part', all(QCOW2, SOUND), null],
    ['any with a true part', any(SOUND, QCOW2), true],
    ['any with an open part', any(SOUND, fact('signature', 'vhd')), null],
    ['not of an open part', not(SOUND), null],
    ['a range, its lower bound', size(512, null), true],
    ['a range, its upper bound', size(null, 512), false],
    ['a release of a range', { kind: 'releases', range: { first: 1, last: 1 } }, true],
    ['a release before a range', { kind: 'releases', range: { first: 2, last: 3 } }, false],
    ['a clause that nothing settles', { kind: 'unsettled', why: 'x' }, null],
    ['an attribute', { kind: 'attribute', attribute: 'word', allowed: new Set(['raw']) }, true],
    [
      'an attribute that the image lacks',
      { kind: 'attribute', attribute: 'container', allowed: new Set(['bare']) },
      false,
    ],
  ])('%s: %s', (_, condition, expected) => {
    expect(evaluate(condition, view)).toBe(expected);
  });

  it('compares with the declared word', () => {
    const same = fact('qemu-format', '$word');
    expect(evaluate(same, viewOf({ 'qemu-format': ['raw'] }, 'raw'))).toBe(true);
    expect(evaluate(same, viewOf({ 'qemu-format': ['raw'] }, 'iso'))).toBe(false);
    expect(evaluate(same, viewOf({ 'qemu-format': ['raw', 'vpc'] }, 'vhd'))).toBe(false);
    expect(evaluate(same, viewOf({ 'qemu-format': ['raw', 'vpc'] }, 'raw'))).toBe(null);
  });
});

describe('what a condition teaches', () => {
  const learn = (condition: Condition, holds: boolean) => {
    const view = viewOf({ signature: ['qcow2', 'vhd', 'none'], mbr: ['sound', 'boot-flag'] });
    assume(condition, holds, view);
    return Object.fromEntries(view.facts);
  };

  it('every part of all that holds, and of any that fails', () => {
    expect(learn(all(QCOW2, SOUND), true)).toEqual({ signature: ['qcow2'], mbr: ['sound'] });
    expect(learn(any(QCOW2, SOUND), false)).toEqual({ signature: ['vhd', 'none'], mbr: ['boot-flag'] });
    expect(learn(not(any(QCOW2, SOUND)), true)).toEqual({ signature: ['vhd', 'none'], mbr: ['boot-flag'] });
  });

  it('the only open part that can explain it', () => {
    expect(learn(any(QCOW2, fact('qemu-format', 'raw')), true)).toMatchObject({ signature: ['qcow2'] });
    expect(learn(all(QCOW2, fact('qemu-format', 'raw')), true)).toMatchObject({ signature: ['qcow2'] });
  });

  it('nothing where several parts can explain it', () => {
    const nothing = { signature: ['qcow2', 'vhd', 'none'], mbr: ['sound', 'boot-flag'] };
    expect(learn(any(QCOW2, SOUND), true)).toEqual(nothing);
    expect(learn(all(QCOW2, SOUND), false)).toEqual(nothing);
  });

  it('the clause that was settled', () => {
    const view = viewOf({});
    const clause: Condition = { kind: 'unsettled', why: 'x' };
    assume(clause, true, view);
    expect(evaluate(clause, view)).toBe(true);
  });
});

describe('what a condition hinges on', () => {
  it('is its first open part, and nothing if it is decided', () => {
    const view = viewOf({ signature: ['qcow2'], mbr: ['sound', 'boot-flag'] });
    expect(openPart(all(QCOW2, not(any(fact('signature', 'vhd'), SOUND))), view)).toEqual(SOUND);
    expect(openPart(any(QCOW2, SOUND), view)).toBe(null);
  });
});
