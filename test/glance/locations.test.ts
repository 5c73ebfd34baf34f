import { describe, expect, it } from 'vitest';

import type { Database } from '../../src/db/database.ts';
import { introspectGlance } from '../../src/glance/introspect.ts';
import { createPayloadReader } from '../../src/glance/locations.ts';
import { ERAS } from '../../scripts/fixtures/eras/eras.ts';
import { ENGINES, openForTest } from '../support/servers/engines.ts';
import { eraDatabase } from './support/era-database.ts';

const LIVE = '70000000-0000-4000-8000-000000000001';
const OTHER = '70000000-0000-4000-8000-000000000002';

describe.each(ENGINES)('the payload reader on %s', (engine) => {
  it.each(ERAS.map((era) => era.name))('knows where the images of %s lie, and by which checksums', async (name) => {
    const { database, url } = await eraDatabase(engine, name);
    const reader = await openForTest(url, 'read-only');
    const schema = await introspectGlance(reader);
    const columns = new Set(schema.images.columns.map((column) => column.name));
    const rows = await database.query('SELECT * FROM images ORDER BY id');
    const ids = rows.map((row) => String(row['id']));
    const payloads = await (await createPayloadReader(reader, schema))([...ids, '999999', 'no-such-id']);
    expect([...payloads.keys()]).toEqual(ids);
    for (const row of rows) {
      const payload = payloads.get(String(row['id']));
      expect(payload?.checksum).toBe(row['checksum'] ?? null);
      expect(payload?.hash).toEqual(
        columns.has('os_hash_value') && row['os_hash_value'] !== null
          ? { algorithm: row['os_hash_algo'], value: row['os_hash_value'] }
          : null,
      );
      if (columns.has('location')) {
        expect(payload?.locations).toEqual([row['location']]);
      }
    }
    expect(JSON.stringify([...payloads])).not.toMatch(/hunter2|keystone/u);
  });

  it('gives file locations whole, of others the scheme, and leaves out what is dead, encrypted or beyond any path', async () => {
    const { database, url } = await eraDatabase(engine, 'newest');
    await plant(database, LIVE, [
      ['file:///srv/images/a', 'active', 0],
      ['filesystem:///srv/images/b', 'active', 0],
      ['swift+https://user:hunter2@keystone/v3/glance/x', 'active', 0],
      ['s3://hunter2:secret@s3/bucket/x', 'active', 0],
      ['rbd://fsid/pool/image/snap', 'active', 0],
      ['gAAAAABh7hunter2', 'active', 0],
      [`file:///${'x'.repeat(5_000)}`, 'active', 0],
      ['file:///srv/images/dead', 'active', 1],
      ['file:///srv/images/going', 'pending_delete', 0],
    ]);
    await plant(database, OTHER, []);
    const reader = await openForTest(url, 'read-only');
    const payloads = await (await createPayloadReader(reader, await introspectGlance(reader)))([LIVE, OTHER]);
    expect(payloads.get(LIVE)?.locations).toEqual([
      'file:///srv/images/a',
      'filesystem:///srv/images/b',
      'swift://',
      's3://',
      'rbd://',
    ]);
    expect(payloads.get(OTHER)?.locations).toEqual([]);
  });

  it('asks the database for no more than five characters of a location that is none of a file', async () => {
    const { database, url } = await eraDatabase(engine, 'newest');
    await plant(database, LIVE, [['swift+https://user:hunter2@keystone/v3/glance/x', 'active', 0]]);
    const reader = await openForTest(url, 'read-only');
    const answers: string[] = [];
    const watched: Database = {
      ...reader,
      dialect: reader.dialect,
      query: async (sql, bindings) => {
        const rows = await reader.query(sql, bindings);
        answers.push(JSON.stringify(rows.map((row) => Object.values(row).map(String))));
        return rows;
      },
    };
    await (
      await createPayloadReader(watched, await introspectGlance(reader))
    )([LIVE]);
    expect(answers.join('\n')).toContain('swift');
    expect(answers.join('\n')).not.toMatch(/swift\+|user|hunter2/u);
  });
});

async function plant(
  database: Database,
  id: string,
  locations: readonly (readonly [value: string, status: string, deleted: number])[],
): Promise<void> {
  const flag = (value: number): string => (database.dialect.name === 'postgres' ? String(value === 1) : String(value));
  await database.execute(
    `INSERT INTO images (id, name, size, status, created_at, deleted, min_disk, min_ram, protected, visibility, os_hidden)
     VALUES (?, 'planted', 1, 'active', '2020-01-01 00:00:00', ${flag(0)}, 0, 0, ${flag(0)}, 'shared', ${flag(0)})`,
    [id],
  );
  for (const [value, status, deleted] of locations) {
    await database.execute(
      `INSERT INTO image_locations (image_id, value, created_at, deleted, meta_data, status) VALUES (?, ?, '2020-01-01 00:00:00', ${flag(deleted)}, '{}', ?)`,
      [id, value, status],
    );
  }
}
