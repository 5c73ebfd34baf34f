import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import { parseDatabaseUrl } from '../../src/db/connection/url.ts';
import { openDatabase } from '../../src/db/engines/open.ts';
import { glanceDatabaseUrl, readGlanceConf } from '../../src/glance/conf/glance-conf.ts';
import { newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import { runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { createRealGlanceSchema, realGlanceConf } from '../../scripts/fixtures/real-glance.ts';
import { openForTest, withFreshDatabase } from '../support/servers/engines.ts';
import { REAL_GLANCE } from '../support/cloud/real-glance.ts';
import { byName, collectImages, look } from './support/era-database.ts';

describe.runIf(REAL_GLANCE)('a schema made by the real glance-manage', () => {
  it('is found through its glance-api.conf, recognised, and read', async () => {
    const { url } = await withFreshDatabase('mariadb');
    createRealGlanceSchema(url);

    const directory = mkdtempSync(join(tmpdir(), 'real-glance-test-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const conf = join(directory, 'glance-api.conf');
    writeFileSync(conf, realGlanceConf(url));
    const address = glanceDatabaseUrl(readGlanceConf([conf]));
    const database = await openDatabase(parseDatabaseUrl(address.url, address.place), 'read-write');
    onTestFinished(() => database.close());

    const opened = await look(database);
    expect(opened.schema.era).toMatch(/^(?:Rocky to 2023\.2|2024\.1 or later)$/u);
    expect(opened.schema.remarks).toEqual([]);
    expect(opened.schema.nonTransactionalTables).toEqual([]);
    expect(await collectImages(database, opened)).toEqual([]);

    const insert = `INSERT INTO images (id, name, size, status, created_at, deleted, disk_format, container_format, min_disk, min_ram)
                    VALUES (?, ?, ?, 'active', '2020-01-01', ?, ?, ?, 0, 0)`;
    await database.execute(insert, ['k', 'kernel', 5, 0, 'aki', 'aki']);
    await database.execute(insert, ['s', 'server', '9223372036854775807', 0, 'ami', 'ami']);
    await database.execute(insert, ['d', 'gone', null, 1, 'raw', 'bare']);
    await database.execute(
      "INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES ('s', 'kernel_id', 'k', '2020-01-01', 0)",
    );
    const images = await collectImages(database, await look(database), 1);
    expect(images.map(({ image }) => image.id)).toEqual(['d', 'k', 's']);
    expect(byName(images, 'server').image.size).toBe(9_223_372_036_854_775_807n);
    expect(byName(images, 'server').kernel).toEqual({
      kind: 'live',
      id: 'k',
      diskFormat: 'aki',
      containerFormat: 'aki',
    });
    expect(byName(images, 'gone').image.deleted).toBe(true);
  });

  it('has the same tables for images as our newest fixture', async () => {
    const real = await withFreshDatabase('mariadb');
    createRealGlanceSchema(real.url);
    const ours = await withFreshDatabase('mariadb');
    const [realDatabase, ourDatabase] = [await openForTest(real.url), await openForTest(ours.url)];
    await runStatements(ourDatabase, newestSchema('mysql'));
    for (const table of ['images', 'image_properties', 'image_members', 'image_locations', 'image_tags']) {
      const described = await realDatabase.dialect.describeTable(realDatabase, table);
      expect(await ourDatabase.dialect.describeTable(ourDatabase, table)).toEqual(described);
      // The order of creation is free; names, columns and uniqueness are not.
      const indexes = `SELECT index_name, column_name, seq_in_index, non_unique FROM information_schema.statistics
                       WHERE table_schema = DATABASE() AND table_name = ? ORDER BY 1, 3`;
      expect(await ourDatabase.query(indexes, [table])).toEqual(await realDatabase.query(indexes, [table]));
    }
  });
});
