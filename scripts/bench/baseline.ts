import type { Database } from '../../src/db/database.ts';

/**
 * What is measured against: Glance's own way of migrating data (glance-manage db migrate: one UPDATE over the whole table,
 * as ocata_migrate01 does it). It maps by the tuple alone, looks at no property, keeps no journal, cannot be stopped or
 * undone, and holds every row locked until it ends.
 */

const COLUMNS = ['image_type', 'container_type', 'envelope'] as const;

export const BASELINE_COLUMNS = COLUMNS.map((name) => ({ name, length: 20 }));

const DISKS = ['raw', 'qcow2', 'vhd', 'vhdx', 'vmdk', 'vdi', 'ploop', 'qcow', 'cow', 'qed', 'gpt'];
const DISK_WORDS = DISKS.map((word) => `'${word}'`).join(',');

const UPDATE = `UPDATE images SET
  image_type = CASE
    WHEN container_format IN ('ova','docker') THEN 'other'
    WHEN disk_format = 'aki' THEN 'kernel'
    WHEN disk_format = 'ari' THEN 'ramdisk'
    WHEN disk_format = 'ami' THEN 'filesystem'
    WHEN disk_format = 'iso' THEN 'iso9660'
    WHEN disk_format IN (${DISK_WORDS}) THEN 'disk'
  END,
  container_type = CASE
    WHEN container_format IN ('ova','docker') OR disk_format IN ('aki','ari','ami','iso','gpt') THEN 'raw'
    WHEN disk_format IN (${DISK_WORDS},'luks') THEN disk_format
  END,
  envelope = CASE
    WHEN container_format IN ('ova','ovf','docker','compressed','tgz') THEN container_format
  END`;

export type Baseline = 'update-all' | 'update-live';

/**
 * `update-live` spares the soft-deleted rows, which Glance's own statements do not: the least that could be written.
 * `deleted_at` says so in every engine without a word about booleans.
 */
export const BASELINES: Readonly<Record<Baseline, string>> = {
  'update-all': UPDATE,
  'update-live': `${UPDATE} WHERE deleted_at IS NULL`,
};

/** The columns are there before the clock starts: adding them is `expand`, which is measured apart. */
export async function addBaselineColumns(database: Database): Promise<void> {
  for (const statement of database.dialect.addColumns('images', BASELINE_COLUMNS)) await database.execute(statement);
}

/** What that statement makes of one tuple, for whoever writes row by row: the values of BASELINE_COLUMNS. */
export function tupleResult(
  disk: string | null,
  container: string | null,
): readonly [type: string | null, container: string | null, envelope: string | null] {
  return [imageType(disk, container), containerType(disk, container), envelope(container)];
}

function imageType(disk: string | null, container: string | null): string | null {
  if (container === 'ova' || container === 'docker') return 'other';
  if (disk === 'aki') return 'kernel';
  if (disk === 'ari') return 'ramdisk';
  if (disk === 'ami') return 'filesystem';
  if (disk === 'iso') return 'iso9660';
  return disk !== null && DISKS.includes(disk) ? 'disk' : null;
}

function containerType(disk: string | null, container: string | null): string | null {
  if (container === 'ova' || container === 'docker') return 'raw';
  if (disk === null) return null;
  if (['aki', 'ari', 'ami', 'iso', 'gpt'].includes(disk)) return 'raw';
  return DISKS.includes(disk) || disk === 'luks' ? disk : null;
}

function envelope(container: string | null): string | null {
  return container !== null && ['ova', 'ovf', 'docker', 'compressed', 'tgz'].includes(container) ? container : null;
}
