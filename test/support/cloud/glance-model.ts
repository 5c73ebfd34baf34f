import * as fc from 'fast-check';

import type { Database, DriverRow, Executor } from '../../../src/db/database.ts';
import { NO_RESULTS, type Results } from './reference-model.ts';

/** What somebody else does to the images. `who` picks one of those there are. */
export type Change =
  | { readonly kind: 'insert'; readonly disk: string | null; readonly container: string | null; readonly owner: string }
  | { readonly kind: 'tuple'; readonly who: number; readonly disk: string | null; readonly container: string | null }
  | { readonly kind: 'status'; readonly who: number; readonly status: string }
  /** Decisions depend on its class alone. */
  | { readonly kind: 'size'; readonly who: number; readonly size: number | null }
  | { readonly kind: 'name'; readonly who: number; readonly name: string | null }
  | { readonly kind: 'property'; readonly who: number; readonly name: string; readonly value: string }
  /** A property that names another image. */
  | { readonly kind: 'reference'; readonly who: number; readonly name: 'kernel_id' | 'ramdisk_id'; readonly to: number }
  | { readonly kind: 'no-properties'; readonly who: number }
  | { readonly kind: 'delete'; readonly who: number }
  | { readonly kind: 'restore'; readonly who: number }
  | { readonly kind: 'purge'; readonly who: number }
  /** Writes to the result columns, which are nobody's but the tool's. */
  | { readonly kind: 'meddle'; readonly who: number; readonly type: 'theirs' | null };

const who = fc.nat({ max: 15 });
const disk = fc.constantFrom('raw', 'qcow2', 'iso', 'ami', 'aki', 'ari', 'vhd', 'RAW', null);
const container = fc.constantFrom('bare', 'ami', 'aki', 'ovf', null);

export const insertion: fc.Arbitrary<Change> = fc.record({
  kind: fc.constant('insert' as const),
  disk,
  container,
  owner: fc.constantFrom('one', 'two'),
});

export const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('tuple' as const), who, disk, container }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      who,
      status: fc.constantFrom('active', 'killed', 'deactivated', 'queued'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('size' as const),
      who,
      size: fc.constantFrom(0, null, 2000, 30_000_000, 600_000_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('name' as const),
      who,
      name: fc.constantFrom('vmlinuz-6.1', 'initrd.img', 'one of many', '', null),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.oneof(
      fc.record({
        kind: fc.constant('property' as const),
        who,
        name: fc.constant('img_type'),
        value: fc.constantFrom('partition', 'whole-disk', 'none'),
      }),
      fc.record({
        kind: fc.constant('property' as const),
        who,
        name: fc.constant('kernel_id'),
        value: fc.constantFrom('nokernel', '', 'ffffffff-0000-4000-8000-00000000dead'),
      }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('reference' as const),
      who,
      name: fc.constantFrom('kernel_id' as const, 'ramdisk_id' as const),
      to: who,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('no-properties' as const), who }) },
  { weight: 2, arbitrary: insertion },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restore' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('meddle' as const), who, type: fc.constantFrom('theirs' as const, null) }),
  },
);

/** The columns of an image that are Glance's, as a row of the database. */
type LegacyRow = Readonly<Record<(typeof LEGACY)[number], string | null>>;

const LEGACY = ['id', 'owner', 'disk_format', 'container_format', 'status', 'deleted', 'updated_at'] as const;

/** Somebody else who writes to the images, and what they must be as far as he knows. */
export interface GlanceModel {
  /** One transaction, again and again until it goes through. */
  apply(change: Change): Promise<void>;
  /** Tries once. @returns whether it went through; false: somebody holds what it needs. */
  attempt(change: Change): Promise<boolean>;
  /** Whether there are result columns to meddle with; at first there are none. */
  expanded(hasResults: boolean): void;
  /** Rows by id, for comparison with `readLegacy`. */
  legacy(): ReadonlyMap<string, LegacyRow>;
  /** Result columns that he has written last, by image. */
  meddled(): ReadonlyMap<string, Results>;
  /** The tool's values are in the columns again. */
  forgive(id: string): void;
}

/** Whoever holds a row may be in this process and waits in turn. A failure costs the connection, so it is said each time. */
const DO_NOT_WAIT = {
  mysql: 'SET SESSION innodb_lock_wait_timeout = 0',
  postgres: "SET LOCAL lock_timeout = '20ms'",
} as const;

const MADE = '2026-01-02 03:04:05';

export function startGlance(database: Database): GlanceModel {
  let hasResults = false;
  const rows = new Map<string, LegacyRow>();
  const meddled = new Map<string, Results>();
  const [no, yes] = database.dialect.name === 'postgres' ? ['false', 'true'] : ['0', '1'];
  let made = 0;

  const newId = (): string => {
    made += 1;
    // Scattered over the table, so that new ones come before and behind every cursor, and the same in each repetition.
    const place = ((made * 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
    return `${place}-0000-4000-8000-${String(made).padStart(12, '0')}`;
  };
  const insert = async (trx: Executor, id: string, row: LegacyRow): Promise<void> => {
    await trx.execute(
      `INSERT INTO images (id, name, owner, size, status, created_at, updated_at, deleted, disk_format, container_format, min_disk, min_ram, protected, visibility, os_hidden)
       VALUES (?, 'one of many', ?, 1000, ?, ?, ?, ${no}, ?, ?, 0, 0, ${no}, 'shared', ${no})`,
      [id, row.owner, row.status, MADE, row.updated_at, row.disk_format, row.container_format],
    );
  };
  const setProperty = async (trx: Executor, id: string, name: string, value: string): Promise<void> => {
    await trx.execute('DELETE FROM image_properties WHERE image_id = ? AND name = ?', [id, name]);
    await trx.execute(
      `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, ?, ?, ?, ${no})`,
      [id, name, value, MADE],
    );
  };
  /** @returns what is to be remembered once it is committed. */
  const perform = async (trx: Executor, change: Change): Promise<() => void> => {
    if (change.kind === 'insert') {
      const row: LegacyRow = {
        id: newId(),
        owner: change.owner,
        disk_format: change.disk,
        container_format: change.container,
        status: 'active',
        deleted: '0',
        updated_at: `2025-05-05 05:05:${String(made % 60).padStart(2, '0')}`,
      };
      await insert(trx, String(row.id), row);
      return () => rows.set(String(row.id), row);
    }
    const ids = [...rows.keys()];
    const id = ids[change.who % ids.length];
    const row = id === undefined ? undefined : rows.get(id);
    if (id === undefined || row === undefined) return () => {};
    const keep = (changed: Partial<LegacyRow>) => () => void rows.set(id, { ...row, ...changed });
    switch (change.kind) {
      case 'tuple': {
        const { disk: disk_format, container: container_format } = change;
        await trx.execute('UPDATE images SET disk_format = ?, container_format = ? WHERE id = ?', [
          disk_format,
          container_format,
          id,
        ]);
        return keep({ disk_format, container_format });
      }
      case 'status':
        await trx.execute('UPDATE images SET status = ? WHERE id = ?', [change.status, id]);
        return keep({ status: change.status });
      case 'size':
        await trx.execute('UPDATE images SET size = ? WHERE id = ?', [change.size, id]);
        return () => {};
      case 'name':
        await trx.execute('UPDATE images SET name = ? WHERE id = ?', [change.name, id]);
        return () => {};
      case 'property':
        await setProperty(trx, id, change.name, change.value);
        return () => {};
      case 'reference':
        await setProperty(trx, id, change.name, ids[change.to % ids.length] ?? '');
        return () => {};
      case 'no-properties':
        await trx.execute('DELETE FROM image_properties WHERE image_id = ?', [id]);
        return () => {};
      case 'delete':
        await trx.execute(`UPDATE images SET status = 'deleted', deleted = ${yes} WHERE id = ?`, [id]);
        return keep({ status: 'deleted', deleted: '1' });
      case 'restore':
        await trx.execute(`UPDATE images SET status = 'active', deleted = ${no} WHERE id = ?`, [id]);
        return keep({ status: 'active', deleted: '0' });
      case 'purge':
        await trx.execute('DELETE FROM image_properties WHERE image_id = ?', [id]);
        await trx.execute('DELETE FROM images WHERE id = ?', [id]);
        return () => {
          rows.delete(id);
          meddled.delete(id);
        };
      case 'meddle': {
        if (!hasResults) return () => {};
        await trx.execute('UPDATE images SET image_type = ?, container_type = NULL, envelope = NULL WHERE id = ?', [
          change.type,
          id,
        ]);
        return () => void meddled.set(id, change.type === null ? NO_RESULTS : [change.type, null, null]);
      }
    }
  };
  const attempt = async (change: Change): Promise<boolean> => {
    try {
      const remember = await database.transaction(async (trx) => {
        if (database.dialect.name !== 'sqlite') await trx.execute(DO_NOT_WAIT[database.dialect.name]);
        return perform(trx, change);
      });
      remember();
      return true;
    } catch (error) {
      if (database.dialect.classify(error) !== 'conflict') throw error;
      return false;
    }
  };
  return {
    attempt,
    apply: async (change) => {
      while (!(await attempt(change)));
    },
    expanded: (now) => {
      hasResults = now;
    },
    legacy: () => rows,
    meddled: () => meddled,
    forgive: (id) => void meddled.delete(id),
  };
}

/** What `GlanceModel.legacy` says, as it is in the database. */
export async function readLegacy(database: Database): Promise<ReadonlyMap<string, LegacyRow>> {
  const rows = await database.query(`SELECT ${LEGACY.join(', ')} FROM images ORDER BY id`);
  return new Map(rows.map((row) => [String(row['id']), legacyRow(row)]));
}

function legacyRow(row: DriverRow): LegacyRow {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    id: text(row['id']),
    owner: text(row['owner']),
    disk_format: text(row['disk_format']),
    container_format: text(row['container_format']),
    status: text(row['status']),
    deleted: row['deleted'] === true || Number(row['deleted']) === 1 ? '1' : '0',
    updated_at: text(row['updated_at'])?.slice(0, 19) ?? null,
  };
}
