import * as fc from 'fast-check';

import { type Change, change, insertion } from './glance-model.ts';

/** How a piece of work is disturbed. Calls are those to the database, counted from 0 on over both connections. */
export interface Disturbance {
  /** Before this call the process dies: neither this nor any later one is made, and nothing is given back. */
  readonly death: number | null;
  /** What somebody else does meanwhile, before which call. */
  readonly changes: readonly (readonly [call: number, change: Change])[];
}

export interface Migrate extends Disturbance {
  readonly kind: 'migrate';
  readonly rules: 'shipped' | 'other';
  readonly pageSize: number;
  readonly lanes: number;
  /** One after the other, each to its end. */
  readonly shards: number;
  /** A stop is requested after so many batches. */
  readonly stop: number | null;
}

export interface Rollback extends Disturbance {
  readonly kind: 'rollback';
  readonly scope: 'everything' | 'from-run' | 'image' | 'owner';
  /** Picks the run, the image or the owner. */
  readonly pick: number;
  readonly pageSize: number;
}

type Step = { readonly kind: 'glance'; readonly changes: readonly Change[] } | Migrate | Rollback;

/** What happens to a small database, from its first image to the end. */
export interface Story {
  readonly target: 'columns' | 'table';
  readonly images: readonly Change[];
  readonly steps: readonly Step[];
}

const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { freq: 1, nil: null });

const disturbance = {
  death: sometimes(fc.nat({ max: 150 })),
  changes: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat({ max: 120 }), change), { minLength: 1, maxLength: 4 }) },
  ),
};

const migrateStep: fc.Arbitrary<Migrate> = fc.record({
  kind: fc.constant('migrate' as const),
  rules: fc.constantFrom('shipped' as const, 'other' as const),
  pageSize: fc.integer({ min: 1, max: 6 }),
  lanes: fc.integer({ min: 1, max: 3 }),
  shards: fc.constantFrom(1, 1, 2, 3),
  stop: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 3, nil: null }),
  ...disturbance,
});

const rollbackStep: fc.Arbitrary<Rollback> = fc.record({
  kind: fc.constant('rollback' as const),
  scope: fc.constantFrom('everything' as const, 'from-run' as const, 'image' as const, 'owner' as const),
  pick: fc.nat({ max: 15 }),
  pageSize: fc.integer({ min: 1, max: 6 }),
  ...disturbance,
});

const glanceStep = fc.record({
  kind: fc.constant('glance' as const),
  changes: fc.array(change, { minLength: 1, maxLength: 5 }),
});

export const story: fc.Arbitrary<Story> = fc.record({
  target: fc.constantFrom('columns' as const, 'columns' as const, 'table' as const),
  images: fc.array(insertion, { minLength: 1, maxLength: 14 }),
  steps: fc.array(
    fc.oneof(
      { weight: 4, arbitrary: migrateStep },
      { weight: 3, arbitrary: glanceStep },
      { weight: 2, arbitrary: rollbackStep },
    ),
    { minLength: 1, maxLength: 7 },
  ),
});

const QUIET: Disturbance = { death: null, changes: [] };

export const LAST_MIGRATE: Migrate = {
  ...QUIET,
  kind: 'migrate',
  rules: 'shipped',
  pageSize: 5,
  lanes: 2,
  shards: 1,
  stop: null,
};

export const LAST_ROLLBACK: Rollback = { ...QUIET, kind: 'rollback', scope: 'everything', pick: 0, pageSize: 5 };
