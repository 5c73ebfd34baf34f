import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runStatements } from '../../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../../scripts/fixtures/eras/eras.ts';
import type { Database } from '../../../src/db/database.ts';
import { openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';

interface PlantedImage {
  readonly id: string;
  /** Where its file was written. */
  readonly path: string;
}

interface ImageFields {
  readonly id?: string;
  readonly disk?: string | null;
  readonly container?: string | null;
  readonly status?: string;
  /** Default: `file://` and the path in the store. */
  readonly locations?: readonly string[];
  /** What the row says instead of the real size. */
  readonly size?: number | null;
  /** Glance's checksums of these bytes stand in the row instead of those of the file. */
  readonly hashOf?: Uint8Array;
  /** `none`: no checksums; `md5`: those before Rocky. */
  readonly hashes?: 'all' | 'md5' | 'none';
}

/** A Glance of the newest schema whose images lie as files in one directory. */
export interface StoreFixture {
  readonly url: string;
  readonly database: Database;
  readonly directory: string;
  /** Adds a row and, unless `bytes` is null, the file that Glance would have written. */
  add(bytes: Uint8Array | null, fields?: ImageFields): Promise<PlantedImage>;
}

export async function storeFixture(engine: EngineName): Promise<StoreFixture> {
  const { url } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  await runStatements(database, newestSchema(database.dialect.name));
  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-store-'));
  const no = engine === 'postgres' ? 'false' : '0';
  return {
    url,
    database,
    directory,
    add: async (bytes, fields = {}) => {
      const id = fields.id ?? randomUUID();
      const path = join(directory, id);
      if (bytes !== null) writeFileSync(path, bytes);
      const named = fields.hashOf ?? bytes ?? new Uint8Array(0);
      const digest = (algorithm: string): string => createHash(algorithm).update(named).digest('hex');
      const hashes = fields.hashes ?? 'all';
      await database.execute(
        `INSERT INTO images (id, name, size, status, disk_format, container_format, checksum, os_hash_algo, os_hash_value,
           created_at, deleted, min_disk, min_ram, protected, visibility, os_hidden)
         VALUES (?, 'secret-name', ?, ?, ?, ?, ?, ?, ?, '2020-01-01 00:00:00', ${no}, 0, 0, ${no}, 'shared', ${no})`,
        [
          id,
          fields.size === undefined ? named.length : fields.size,
          fields.status ?? 'active',
          fields.disk === undefined ? 'raw' : fields.disk,
          fields.container === undefined ? 'bare' : fields.container,
          hashes === 'none' ? null : digest('md5'),
          hashes === 'all' ? 'sha512' : null,
          hashes === 'all' ? digest('sha512') : null,
        ],
      );
      for (const location of fields.locations ?? [`file://${path}`]) {
        await database.execute(
          `INSERT INTO image_locations (image_id, value, created_at, deleted, meta_data, status) VALUES (?, ?, '2020-01-01 00:00:00', ${no}, '{}', 'active')`,
          [id, location],
        );
      }
      return { id, path };
    },
  };
}
