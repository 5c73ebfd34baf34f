import { setTimeout as sleep } from 'node:timers/promises';

import type { Random } from '../../../scripts/fixtures/cloud/random.ts';
import type { Database, Executor } from '../../../src/db/database.ts';

/** Somebody who goes on writing to Glance's tables while the tool is at work. */
export interface GlanceWriter {
  /** Changes that went through so far. */
  readonly changes: () => number;
  /** Ends it after the change in hand. @throws what is no conflict with the tool's own writes. */
  readonly stop: () => Promise<void>;
}

const PAUSE_MS = 10;
const DISK_FORMATS = ['qcow2', 'raw', 'iso', 'vmdk', 'ami', 'aki', 'ari', 'vhd', null] as const;
const STATUSES = ['active', 'deactivated', 'killed', 'queued'] as const;
const NOW = '2026-02-03 04:05:06';

/**
 * Changes images one after another over a connection of its own, as the API does: other formats, other statuses, new images, some with a
 * kernel, soft deletion, properties of images whose rows stay as they are, and kernels that go, come back or become something else.
 * `updated_at` stays, so that a test sees whether anybody else wrote it.
 *
 * @param random says what changes; when it does is up to the machine.
 */
export function startGlanceWriter(database: Database, random: Random, ids: readonly string[]): GlanceWriter {
  const known = [...ids];
  let stopped = false;
  let changes = 0;
  const isStopped = (): boolean => stopped;
  const working = (async (): Promise<void> => {
    while (!isStopped()) {
      try {
        // SQLite waits without letting the event loop turn, and whoever is to be killed meanwhile would not be.
        if (database.dialect.name === 'sqlite') await database.query('PRAGMA busy_timeout = 20');
        const made = await database.transaction((trx) => change(database, trx, random, known));
        if (made !== null) known.push(made);
        changes += 1;
      } catch (error) {
        // The API answers a conflict with an error, and its user tries again.
        if (database.dialect.classify(error) !== 'conflict') throw error;
      }
      await sleep(PAUSE_MS);
    }
  })();
  // Whoever stops it is told.
  working.catch(() => {});
  return {
    changes: () => changes,
    stop: async () => {
      stopped = true;
      await working;
    },
  };
}

/** @returns the id of an image that was made. */
async function change(
  { dialect }: Database,
  trx: Executor,
  random: Random,
  known: readonly string[],
): Promise<string | null> {
  const anyone = (): string => known[random.below(known.length)] ?? '';
  const [no, yes] = dialect.name === 'postgres' ? ['false', 'true'] : ['0', '1'];
  const ticket = random.below(16);
  if (ticket >= 13) {
    await changeKernel(trx, random, yes, no);
    return null;
  }
  if (ticket >= 10) {
    await changeProperty(trx, random, anyone(), no);
    return null;
  }
  if (ticket < 5) {
    await trx.execute('UPDATE images SET disk_format = ? WHERE id = ?', [random.pick(DISK_FORMATS), anyone()]);
    return null;
  }
  if (ticket < 7) {
    await trx.execute(`UPDATE images SET status = ? WHERE id = ? AND deleted = ${no}`, [
      random.pick(STATUSES),
      anyone(),
    ]);
    return null;
  }
  if (ticket < 8) {
    await trx.execute(`UPDATE images SET status = 'deleted', deleted = ${yes}, deleted_at = ? WHERE id = ?`, [
      NOW,
      anyone(),
    ]);
    return null;
  }
  const id = random.uuid();
  await trx.execute(
    `INSERT INTO images (id, name, size, status, created_at, deleted, disk_format, container_format, min_disk, min_ram, protected, visibility, os_hidden)
     VALUES (?, 'newcomer', 1000, 'active', ?, ${no}, ?, 'bare', 0, 0, ${no}, 'shared', ${no})`,
    [id, NOW, random.pick(DISK_FORMATS)],
  );
  if (ticket === 9) {
    await trx.execute(
      `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, 'kernel_id', ?, ?, ${no})`,
      [id, anyone(), NOW],
    );
  }
  return id;
}

const VALUES: readonly (readonly [string, readonly [string, ...string[]]])[] = [
  ['img_type', ['whole-disk', 'partition', 'of no meaning']],
  ['root_device_name', ['/dev/vda', '/dev/sda1']],
  ['image_type', ['snapshot', 'backup']],
];

/** Sets, changes or takes away one property of an image, and nothing of its row. */
async function changeProperty(trx: Executor, random: Random, id: string, no: string): Promise<void> {
  const [name, values] = VALUES[random.below(VALUES.length)] ?? ['img_type', ['whole-disk']];
  await trx.execute('DELETE FROM image_properties WHERE image_id = ? AND name = ?', [id, name]);
  if (random.below(3) === 0) return;
  await trx.execute(
    `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, ?, ?, ?, ${no})`,
    [id, name, random.pick(values), NOW],
  );
}

type Change = readonly [set: string, values: readonly (string | null)[]];

/** Deletes, restores or changes an image that others name as their kernel. */
async function changeKernel(trx: Executor, random: Random, yes: string, no: string): Promise<void> {
  const kernels = await trx.query(
    `SELECT DISTINCT i.id FROM image_properties p JOIN images i ON i.id = p.value WHERE p.name = 'kernel_id' AND NOT p.deleted ORDER BY i.id`,
  );
  const id = String(kernels[random.below(Math.max(1, kernels.length))]?.['id']);
  const changes: readonly [Change, ...Change[]] = [
    [`status = 'deleted', deleted = ${yes}, deleted_at = ?`, [NOW]],
    [`status = 'active', deleted = ${no}, deleted_at = NULL`, []],
    ['disk_format = ?', [random.pick(DISK_FORMATS)]],
    ['status = ?', [random.pick(STATUSES)]],
  ];
  const [set, values] = random.pick(changes);
  await trx.execute(`UPDATE images SET ${set} WHERE id = ?`, [...values, id]);
}
