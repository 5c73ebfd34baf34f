import { randomUUID } from 'node:crypto';
import type { Database, DriverRow, Executor, SqlValue } from '../../../src/db/database.ts';
import { IMAGE_COLUMNS } from '../../fixtures/cloud/row.ts';
import type { Random } from '../../fixtures/cloud/random.ts';
import type { GlanceWrite } from './arrivals.ts';

/** How many live images the writes go to, about. */
const SAMPLE = 4_000;
const BASE_COLUMNS = IMAGE_COLUMNS.filter((name) => name !== 'id');
/** Of no meaning to anybody. */
const PROPERTY = 'description';

/**
 * What a session of Glance leaves to the server and one of the product does not: how long it waits for a row, and its
 * name.
 * oslo.db pings every connection that it takes from its pool; here this statement is what goes to the server first.
 */
const SESSION: Readonly<Record<Database['dialect']['name'], string | null>> = {
  mysql: 'SET SESSION innodb_lock_wait_timeout = 50',
  postgres: "SET LOCAL lock_timeout = 0; SET LOCAL application_name = ''",
  sqlite: null,
};

/** Ids of live images, spread evenly over the table: the last digits of a random id pick at random. */
export async function sampleLiveImages(database: Database, images: number): Promise<readonly string[]> {
  const digits = Math.max(0, Math.floor(Math.log(images / SAMPLE) / Math.log(16)));
  const rows = await database.query('SELECT id FROM images WHERE deleted_at IS NULL AND id LIKE ?', [
    `%${'7'.repeat(digits)}`,
  ]);
  return rows.map((row) => String(row['id']));
}

/** One write of Glance's, in one transaction, as ImageRepo.save and ImageRepo.add do it. */
export async function glanceWrite(
  database: Database,
  random: Random,
  ids: readonly string[],
  write: GlanceWrite,
): Promise<void> {
  const id = ids[random.below(ids.length)] ?? '';
  const now = new Date().toISOString().slice(0, 19).replace('T', ' ');
  const session = SESSION[database.dialect.name];
  await database.transaction(async (trx) => {
    if (session !== null) await trx.execute(session);
    // Not from our generator, which began with the cloud's own seed and would come to the ids of the cloud.
    if (write === 'create') await create(trx, randomUUID(), now);
    else await save(trx, id, now);
    if (write === 'save-with-property') await setProperty(trx, id, now);
  });
}

/** Reads again, then writes all base fields from memory: the database sees an UPDATE of every column, most of them as they were. */
async function save(trx: Executor, id: string, now: string): Promise<void> {
  const [image] = await trx.query(`SELECT ${BASE_COLUMNS.join(', ')} FROM images WHERE id = ?`, [id]);
  if (image === undefined) throw new Error(`no image ${id}`);
  await trx.query('SELECT id, name, value FROM image_properties WHERE image_id = ? AND deleted_at IS NULL', [id]);
  await trx.execute(`UPDATE images SET ${BASE_COLUMNS.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`, [
    ...BASE_COLUMNS.map((name) => (name === 'updated_at' ? now : bound(image, name))),
    id,
  ]);
}

async function setProperty(trx: Executor, id: string, now: string): Promise<void> {
  const value = `seen at ${now}`;
  const updated = await trx.execute(
    'UPDATE image_properties SET value = ?, updated_at = ? WHERE image_id = ? AND name = ?',
    [value, now, id, PROPERTY],
  );
  if (updated > 0) return;
  await trx.execute(
    "INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, ?, ?, ?, '0')",
    [id, PROPERTY, value, now],
  );
}

async function create(trx: Executor, id: string, now: string): Promise<void> {
  await trx.execute(
    `INSERT INTO images (id, name, status, created_at, updated_at, deleted, disk_format, container_format, owner, min_disk,
       min_ram, protected, visibility, os_hidden)
     VALUES (?, 'a new image', 'queued', ?, ?, '0', 'qcow2', 'bare', NULL, 0, 0, '0', 'shared', '0')`,
    [id, now, now],
  );
}

/** Truth values go in as text, which every engine turns into what its column wants. */
function bound(image: DriverRow, name: string): SqlValue {
  const value = image[name];
  if (typeof value === 'boolean') return value ? '1' : '0';
  return value as SqlValue;
}
