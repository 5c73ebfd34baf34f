import { describe, expect, it } from 'vitest';

import { IdTable } from '../../../src/glance/references/id-table.ts';
import { sameTarget, TargetStates } from '../../../src/glance/references/targets.ts';

const found = (id: string, changes = {}) => ({
  id,
  deleted: false,
  diskFormat: 'aki',
  containerFormat: 'aki',
  ...changes,
});

describe('states of targets', () => {
  it('know what was looked up, and nothing else', () => {
    const ids = new IdTable('exact');
    const states = new TargetStates(ids);
    const [live, gone, deleted, unknown] = ['live', 'gone', 'deleted', 'unknown'].map((id) => ids.add(id));
    states.note(live ?? -1, found('live'));
    states.note(gone ?? -1, undefined);
    states.note(deleted ?? -1, found('deleted', { deleted: true }));
    expect([live, gone, deleted, unknown, -1].map((target) => states.knows(target ?? -1))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(states.targetOf('live')).toEqual({ kind: 'live', id: 'live', diskFormat: 'aki', containerFormat: 'aki' });
    expect(states.targetOf('gone')).toEqual({ kind: 'missing', id: 'gone' });
    expect(states.targetOf('deleted')).toEqual({ kind: 'deleted', id: 'deleted' });
    expect([states.targetOf('unknown'), states.targetOf('never')]).toEqual([null, null]);
  });

  it('give an id back as the database spells it', () => {
    const ids = new IdTable('case-insensitive');
    const states = new TargetStates(ids);
    states.note(ids.add('ABC'), found('Abc'));
    expect(states.targetOf('aBC')).toMatchObject({ kind: 'live', id: 'Abc' });
  });

  it('hold more images than they had places for', () => {
    const ids = new IdTable('exact');
    const states = new TargetStates(ids);
    for (let index = 0; index < 3_000; index += 1) states.note(ids.add(`i${index}`), found(`i${index}`));
    expect(states.targetOf('i0')?.kind).toBe('live');
    expect(states.targetOf('i2999')?.kind).toBe('live');
  });
});

describe('sameTarget', () => {
  const live = { kind: 'live', id: 'a', diskFormat: 'aki', containerFormat: 'aki' } as const;

  it('compares kinds and formats, and no spelling of the id', () => {
    expect(sameTarget(live, { ...live, id: 'A' })).toBe(true);
    expect(sameTarget(live, { ...live, diskFormat: 'raw' })).toBe(false);
    expect(sameTarget(live, { ...live, containerFormat: null })).toBe(false);
    expect(sameTarget(live, { kind: 'deleted', id: 'a' })).toBe(false);
    expect(sameTarget(live, null)).toBe(false);
    expect(sameTarget(null, null)).toBe(true);
  });
});
