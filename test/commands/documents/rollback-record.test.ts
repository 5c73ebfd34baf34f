import { expect, it } from 'vitest';

import { rollbackRecord, type RolledBack } from '../../../src/commands/documents/rollback-record.ts';
import type { RollbackResult, RollbackScope } from '../../../src/run/rollback.ts';
import { faultsIn } from '../../support/program/published-schema.ts';

const around = { database: 'db', exitCode: 7, next: [], stoppedBy: null, end: 'finished', schema: 'kept' } as const;
const conflicts = Array.from({ length: 101 }, (_, index) => `image-${index}`);
const result = {
  end: 'finished',
  undone: 5,
  conflicts,
  conflictCount: 1500,
  runs: [2, 1],
} as unknown as RollbackResult;

function record(more: Partial<RolledBack>) {
  const made = rollbackRecord({ ...around, scope: { kind: 'everything' }, result, ...more });
  expect(faultsIn('rollback', made)).toEqual([]);
  return made;
}

it('counts all conflicts and names the first hundred', () => {
  const { conflicts: found } = record({});
  expect([found.count, found.sample_ids.length, found.sample_ids.at(-1)]).toEqual([1500, 100, 'image-99']);
});

it('without a run to undo everything is 0', () => {
  expect(record({ result: null, end: 'nothing-to-undo', exitCode: 0 })).toMatchObject({
    undone: 0,
    runs: [],
    conflicts: { count: 0, sample_ids: [] },
  });
});

it.each<[RollbackScope, object]>([
  [{ kind: 'everything' }, { run: null, owner: null, image: null }],
  [
    { kind: 'from-run', runId: 3 },
    { run: 3, owner: null, image: null },
  ],
  [
    { kind: 'owner', owner: 'o' },
    { run: null, owner: 'o', image: null },
  ],
  [
    { kind: 'image', imageId: 'i' },
    { run: null, owner: null, image: 'i' },
  ],
])('says what was to be undone: %j', (scope, said) => {
  expect(record({ scope }).scope).toEqual({ kind: scope.kind, ...said });
});

it.each(['signal', 'max-time', 'max-batches'] as const)('says what stopped it: %s', (stoppedBy) => {
  expect(record({ end: 'stopped', stoppedBy, exitCode: 3 })).toMatchObject({ stopped_by: stoppedBy, exit_code: 3 });
});
