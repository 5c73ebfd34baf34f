import type { Database } from '../../db/database.ts';
import type { Privilege } from '../../db/dialect.ts';
import type { Target } from '../../journal/meta.ts';
import {
  BATCHES_TABLE,
  DECISIONS_TABLE,
  IMAGES_VIEW,
  JOURNAL_TABLE,
  JOURNAL_TABLES,
  LEASE_TABLE,
  META_TABLE,
  RUNS_TABLE,
  SHARDS_TABLE,
  UNDO_TABLE,
} from '../../journal/tables.ts';
import { type DismantlePlan } from './dismantle.ts';
import { grantObjections, type Objection } from '../preflight.ts';

/** The privileges that an account needs on each table; docs/privileges.md has them as GRANT statements. */
export type Needs = Readonly<Record<string, readonly Privilege[]>>;

/** What every command reads, beside the tables that `images` references. */
const GLANCE_TABLES: Needs = { images: ['select'], image_properties: ['select'] };

/** For commands that read decisions. */
export function readingNeeds(tables: 'glance' | 'glance-and-journal'): Needs {
  if (tables === 'glance') return GLANCE_TABLES;
  return { ...GLANCE_TABLES, ...Object.fromEntries(JOURNAL_TABLES.map((table) => [table, ['select'] as const])) };
}

const HOLD_LEASE = ['select', 'insert', 'update', 'delete'] as const;

export function expandNeeds({ kind }: Target): Needs {
  const tables: Record<string, readonly Privilege[]> = Object.fromEntries(
    JOURNAL_TABLES.map((table) => [table, ['create'] as const]),
  );
  return {
    ...GLANCE_TABLES,
    ...tables,
    ...(kind === 'columns' ? { images: ['select', 'alter'] } : {}),
    [META_TABLE]: ['create', 'select', 'insert', 'update'],
    [LEASE_TABLE]: ['create', ...HOLD_LEASE],
    [JOURNAL_TABLE]: ['create', 'select'],
    [DECISIONS_TABLE]: ['create', 'select'],
    [IMAGES_VIEW]: ['create view'],
  };
}

export function migrateNeeds({ kind }: Target): Needs {
  return {
    ...GLANCE_TABLES,
    ...(kind === 'columns' ? { images: ['select', 'update'] } : {}),
    [META_TABLE]: ['select', 'update'],
    [RUNS_TABLE]: ['select', 'insert', 'update'],
    [LEASE_TABLE]: HOLD_LEASE,
    [BATCHES_TABLE]: ['select', 'insert', 'update'],
    [SHARDS_TABLE]: ['select', 'insert', 'update'],
    // In MySQL an insert that keeps an existing row is an update that changes nothing.
    [DECISIONS_TABLE]: ['select', 'insert', 'update'],
    [JOURNAL_TABLE]: ['select', 'insert', 'delete'],
    [UNDO_TABLE]: ['select', 'insert'],
  };
}

/** For undoing runs; with `dismantleNeeds` where the schema is restored as well. */
export function rollbackNeeds({ kind }: Target): Needs {
  return {
    ...GLANCE_TABLES,
    ...(kind === 'columns' ? { images: ['select', 'update'] } : {}),
    [META_TABLE]: ['select'],
    [RUNS_TABLE]: ['select', 'update'],
    [LEASE_TABLE]: HOLD_LEASE,
    [BATCHES_TABLE]: ['select'],
    [DECISIONS_TABLE]: ['select'],
    [JOURNAL_TABLE]: ['select', 'insert', 'delete'],
    [UNDO_TABLE]: ['select', 'delete'],
  };
}

export function dismantleNeeds({ columns, views, tables }: DismantlePlan): Needs {
  return {
    ...Object.fromEntries([...views, ...tables].map((name) => [name, ['drop'] as const])),
    ...(columns.length > 0 ? { images: ['alter'] } : {}),
    ...(tables.includes(META_TABLE) ? { [META_TABLE]: ['select', 'update', 'drop'] } : {}),
    ...(tables.includes(LEASE_TABLE) ? { [LEASE_TABLE]: [...HOLD_LEASE, 'drop'] } : {}),
  };
}

/** The privileges that the account lacks, table by table. */
export async function needObjections(database: Database, ...needs: readonly Needs[]): Promise<readonly Objection[]> {
  const wanted = new Map<string, Set<Privilege>>();
  for (const [table, privileges] of needs.flatMap((need) => Object.entries(need))) {
    wanted.set(table, new Set([...(wanted.get(table) ?? []), ...privileges]));
  }
  const objections: Objection[] = [];
  for (const [table, privileges] of wanted)
    objections.push(...(await grantObjections(database, table, [...privileges])));
  return objections;
}
