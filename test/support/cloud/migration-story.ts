import { expect } from 'vitest';

import type { Database } from '../../../src/db/database.ts';
import { storedForm } from '../../../src/journal/decisions.ts';
import type { Lease, LeaseScope } from '../../../src/journal/lease.ts';
import type { Target } from '../../../src/journal/meta.ts';
import { RUNS_TABLE } from '../../../src/journal/tables.ts';
import { dismantle } from '../../../src/run/schema/dismantle.ts';
import { migrate } from '../../../src/run/migrate/migrate.ts';
import { requireExpanded } from '../../../src/run/preflight.ts';
import { journalIsEmpty } from '../../../src/journal/results.ts';
import { rollback, type RollbackResult, type RollbackScope } from '../../../src/run/rollback.ts';
import { type GlanceModel, readLegacy, startGlance } from './glance-model.ts';
import * as bench from './migration.ts';
import { otherRules } from './other-rules.ts';
import {
  type ImageState,
  isConflict,
  isForeign,
  isOwn,
  migrated,
  NO_RESULTS,
  type ResultsOf,
  rolledBack,
  type State,
} from './reference-model.ts';
import { readState, type StoredState } from './stored-state.ts';
import { type Disturbance, LAST_MIGRATE, LAST_ROLLBACK, type Migrate, type Rollback, type Story } from './story.ts';
import { watchedDatabase, type Watcher } from '../servers/watched-database.ts';

/** The connections of a story, all to one database. */
export interface StoryDatabases {
  readonly writer: Database;
  readonly reader: Database;
  /** Somebody else's. */
  readonly glance: Database;
}

/** Lets a story happen in a database of the newest schema without images, and holds every step against the reference model. */
export async function happens(
  { target, images, steps }: Story,
  { writer, reader, glance }: StoryDatabases,
): Promise<void> {
  const stage: Stage = {
    writer,
    reader,
    target: target === 'columns' ? bench.COLUMNS : bench.TABLE,
    schema: await bench.schemaText(writer),
    glance: startGlance(glance),
  };
  for (const image of images) await stage.glance.apply(image);
  for (const step of [...steps, LAST_MIGRATE, LAST_ROLLBACK]) {
    if (step.kind === 'glance') for (const one of step.changes) await stage.glance.apply(one);
    else await work(stage, step);
    expect(await readLegacy(writer)).toEqual(stage.glance.legacy());
  }
}

interface Stage {
  readonly writer: Database;
  readonly reader: Database;
  readonly target: Target;
  /** Before the first expand. */
  readonly schema: string;
  readonly glance: GlanceModel;
}

/** Does one step of the tool and compares. */
async function work(stage: Stage, step: Migrate | Rollback): Promise<void> {
  const { writer, reader, target, glance } = stage;
  const quiet = await bench.benchOf(writer, reader);
  await bench.runExpand(quiet, target);
  glance.expanded(target.kind === 'columns');
  const before = await readState(writer, target);
  expectOwnOrMeddled(before, glance);
  if (step.kind === 'migrate') await expectMigrated(stage, step, before);
  else await expectRolledBack(stage, step, before);
  if ((await writer.dialect.listTables(writer)).includes(RUNS_TABLE))
    expectOwnOrMeddled(await readState(writer, target), glance);
}

/** Nobody overwrites what others wrote, and nobody else's values are in the columns but those of the one who is known to meddle. */
function expectOwnOrMeddled({ state, resultsOf }: StoredState, glance: GlanceModel): void {
  for (const [id, image] of state) {
    if (image.results === null) continue;
    if (isOwn(image, resultsOf)) glance.forgive(id);
    else expect([id, image.results]).toEqual([id, glance.meddled().get(id)]);
  }
}

const RULES = {
  shipped: bench.shipped,
  other: { decide: otherRules, rulesDigest: '1'.repeat(64) },
} as const;

async function expectMigrated(stage: Stage, step: Migrate, before: StoredState): Promise<void> {
  const { writer, reader, target } = stage;
  const { decide, rulesDigest } = RULES[step.rules];
  const active = before.runs.find(({ state }) => state === 'active');
  const resumes = active?.rulesDigest === rulesDigest;
  const runId = resumes ? active.id : Math.max(0, ...before.runs.map(({ id }) => id)) + 1;
  const foreign: string[] = [];

  const end = await disturbed(stage, step, async (databases) => {
    const disturbedBench = await bench.benchOf(databases.writer, databases.reader);
    for (let shard = 1; shard <= step.shards; shard += 1) {
      const scope: LeaseScope = step.shards === 1 ? { kind: 'whole' } : { kind: 'shard', shard, of: step.shards };
      let batches = 0;
      const context = disturbedBench.context({
        decide,
        pageSize: step.pageSize,
        lanes: step.lanes,
        stop: { requested: () => (batches += 1) >= (step.stop ?? Number.POSITIVE_INFINITY) },
      });
      const terms = bench.terms(rulesDigest, resumes || shard > 1 ? 'resume' : 'close');
      const result = await underLease(databases.writer, scope, async (lease) =>
        migrate(context, lease, await requireExpanded(databases.writer), terms),
      );
      foreign.push(...result.foreign);
      expect(result.run.id).toBe(runId);
      if (result.end === 'stopped') return 'interrupted';
      // A table of few rows has none for the last shards, and a shard that comes after the end begins another run.
      if (result.runEnd.kind === 'complete') break;
    }
    return 'finished';
  });

  const after = await readState(writer, target);
  if (step.changes.length > 0) {
    for (const [id, { entries }] of after.state) {
      const old = before.state.get(id)?.entries ?? [];
      const under = old.filter((entry) => entry.run !== runId);
      const isNew = entries.length === under.length + 1 && entries.at(-1)?.run === runId;
      expect([id, isNew ? entries.slice(0, -1) : entries]).toEqual([id, isNew ? under : old]);
    }
    return;
  }
  const quiet = await bench.benchOf(writer, reader);
  const plan = await bench.runPlan(quiet, { decide });
  const forms = plan.map(
    ({ evidence, decision }) => [evidence.image.id, storedForm(decision, evidence.image)] as const,
  );
  const planned = new Map(
    forms.map(([, form]) => [form.key, [form.imageType, form.containerType, form.envelope] as const]),
  );
  const resultsOf: ResultsOf = (key) =>
    target.kind === 'table' ? NO_RESULTS : (planned.get(key) ?? before.resultsOf(key));
  const expected = migrated(before.state, runId, new Map(forms.map(([id, form]) => [id, form.key])), resultsOf);
  if (end === 'interrupted') {
    expectEachOneOf(after.state, [before.state, expected]);
    return;
  }
  expect(after.state).toEqual(expected);
  const run = after.runs.find(({ id }) => id === runId);
  expect(run?.state).toBe('complete');
  if (!resumes) {
    const { written: _, ...counts } = JSON.parse(run?.counts ?? '{}') as Record<string, number>;
    expect(counts).toEqual(bench.countByStatus(plan));
  }
  const others = [...after.state].filter(([, image]) => !isOwn(image, resultsOf)).map(([id]) => id);
  expect(others).toEqual(expect.arrayContaining(foreign));
  const verified = await bench.runVerify(quiet, decide);
  expect(others).toEqual(expect.arrayContaining(verified.sample.map(({ imageId }) => imageId)));
}

async function expectRolledBack(stage: Stage, step: Rollback, before: StoredState): Promise<void> {
  const { writer, target } = stage;
  const left = before.runs.filter(({ state }) => state !== 'rolled-back').map(({ id }) => id);
  const scope = chooseScope(step, before.state, left);
  if (scope === null) return;
  const runs = left.filter((id) => scope.kind !== 'from-run' || id >= scope.runId);

  let result: RollbackResult | null = null;
  const end = await disturbed(stage, step, async (databases) => {
    const context = {
      ...(await bench.benchOf(databases.writer, databases.reader)).context({ pageSize: step.pageSize }),
    };
    const meta = await requireExpanded(databases.writer);
    result = await underLease(databases.writer, { kind: 'whole' }, async (lease) =>
      rollback(context, lease, meta, scope),
    );
    return 'finished';
  });

  const after = await readState(writer, target);
  const stages = rolledBack(before.state, runs, (id, image) => inScope(scope, id, image), before.resultsOf);
  if (step.changes.length > 0) {
    for (const [id, { entries }] of after.state)
      expect([id, entries]).toEqual([id, (before.state.get(id)?.entries ?? []).slice(0, entries.length)]);
  } else if (end === 'interrupted') {
    expectEachOneOf(after.state, stages);
  } else {
    expect(after.state).toEqual(stages.at(-1));
    const conflicts = [...after.state].filter(
      ([id, image]) =>
        runs.includes(image.entries.at(-1)?.run ?? 0) &&
        inScope(scope, id, image) &&
        isConflict(image, before.resultsOf),
    );
    const foreign = scope.kind === 'everything' ? foreignIn(after.state) : 0;
    expect(result).toMatchObject({ end: 'finished', conflictCount: conflicts.length + foreign });
    const newestInTheWay = Math.max(0, ...conflicts.map(([, image]) => image.entries.at(-1)?.run ?? 0));
    const whole = scope.kind === 'everything' || scope.kind === 'from-run';
    for (const { id, state } of after.runs) {
      const gone = whole && runs.includes(id) && newestInTheWay < id;
      expect([id, state]).toEqual([id, gone ? 'rolled-back' : before.runs.find((run) => run.id === id)?.state]);
    }
  }
  if (scope.kind !== 'everything' || end === 'interrupted') return;
  const empty = [...after.state.values()].every(({ entries }) => entries.length === 0);
  expect(await journalIsEmpty(writer)).toBe(empty);
  if (!empty || foreignIn(after.state) > 0) return;
  stage.glance.expanded(false);
  const meta = await requireExpanded(writer);
  const lease = await bench.holdLease(writer, undefined, undefined, 'dead');
  await dismantle((await bench.benchOf(writer, stage.reader)).context(), lease, meta, 'remove-everything');
  expect(await bench.schemaText(writer)).toBe(stage.schema);
}

function foreignIn(state: State): number {
  return [...state.values()].filter(isForeign).length;
}

function chooseScope({ scope, pick }: Rollback, state: State, runs: readonly number[]): RollbackScope | null {
  switch (scope) {
    case 'everything':
      return { kind: scope };
    case 'from-run': {
      const runId = runs[pick % runs.length];
      return runId === undefined ? null : { kind: scope, runId };
    }
    case 'image': {
      // Others are unknown to the command.
      const known = [...state].filter(([, { results }]) => results !== null);
      const imageId = known[pick % known.length]?.[0];
      return imageId === undefined ? null : { kind: scope, imageId };
    }
    case 'owner':
      return { kind: scope, owner: pick % 2 === 0 ? 'one' : 'two' };
  }
}

function inScope(scope: RollbackScope, id: string, { owner }: ImageState): boolean {
  return scope.kind === 'image' ? scope.imageId === id : scope.kind !== 'owner' || scope.owner === owner;
}

/** Whatever was interrupted, each image is as one of these states has it: nothing is done by half. */
function expectEachOneOf(state: State, possible: readonly State[]): void {
  for (const [id, image] of state) expect(possible.map((one) => one.get(id))).toContainEqual(image);
}

/** Whoever held a lease in a story is dead. */
async function underLease<T>(writer: Database, scope: LeaseScope, work: (lease: Lease) => Promise<T>): Promise<T> {
  const lease = await bench.holdLease(writer, scope, undefined, 'dead');
  try {
    return await work(lease);
  } finally {
    await lease.release();
  }
}

/** Does work while others do theirs, until its process dies. */
export async function disturbed(
  { writer, reader, glance }: Pick<Stage, 'writer' | 'reader' | 'glance'>,
  { death, changes }: Disturbance,
  work: (databases: { readonly writer: Database; readonly reader: Database }) => Promise<'finished' | 'interrupted'>,
): Promise<'finished' | 'interrupted'> {
  const due = [...changes].sort(([one], [other]) => one - other);
  let calls = 0;
  let life: 'alive' | 'dead' = 'alive';
  let open = 0;
  let visit: Promise<unknown> = Promise.resolve();
  const watcher: Watcher = async () => {
    if (calls === death) life = 'dead';
    if (life === 'dead') throw new Error('the process is dead');
    calls += 1;
    for (;;) {
      // SQLite waits without letting anybody else work, and the transaction that would be waited for is in this process.
      if (open > 0 && writer.dialect.name === 'sqlite') return;
      // Lanes ask side by side, and each change is made once.
      const next = due[0] !== undefined && due[0][0] < calls ? due.shift() : undefined;
      if (next === undefined) return;
      const through = glance.attempt(next[1]);
      visit = through.catch(() => false);
      if (await through) continue;
      // Somebody holds the row: it goes through later.
      due.unshift(next);
      return;
    }
  };
  const counted = bench.changedDatabase(writer, {
    transaction: async (work) => {
      await visit;
      open += 1;
      try {
        return await writer.transaction(work);
      } finally {
        open -= 1;
      }
    },
  });
  let end: 'finished' | 'interrupted';
  try {
    end = await work({ writer: watchedDatabase(counted, watcher), reader: watchedDatabase(reader, watcher) });
  } catch (error) {
    if (life === 'alive') throw error;
    end = 'interrupted';
  }
  for (const [, change] of due) await glance.apply(change);
  return end;
}
