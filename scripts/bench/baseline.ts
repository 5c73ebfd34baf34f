/**
 * What is measured against: Glance's own way of migrating data (glance-manage db migrate: one UPDATE over the whole table,
 * as ocata_migrate01 does it). It maps by the tuple alone, looks at no property, keeps no journal, cannot be stopped or
 * undone, and holds every row locked until it ends.
 */

const COLUMNS = ['image_type', 'container_type', 'envelope'] as const;

export const BASELINE_COLUMNS = COLUMNS.map((name) => ({ name, length: 20 }));

const DISK_WORDS = `'raw','qcow2','vhd','vhdx','vmdk','vdi','ploop','qcow','cow','qed','gpt'`;

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

export interface Baseline {
  readonly name: string;
  readonly sql: string;
}

/**
 * The second one spares the soft-deleted rows, which Glance's own statements do not: the least that could be written.
 * `deleted_at` says so in every engine without a word about booleans.
 */
export const BASELINES: readonly [Baseline, Baseline] = [
  { name: 'one UPDATE, whole table', sql: UPDATE },
  { name: 'one UPDATE, live rows only', sql: `${UPDATE} WHERE deleted_at IS NULL` },
];
