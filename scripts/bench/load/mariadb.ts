import type { Database } from '../../../src/db/database.ts';
import type { CloudOptions, LoadedCloud } from '../../fixtures/cloud.ts';
import { IMAGE_COLUMNS, PROPERTY_COLUMNS } from '../../fixtures/cloud/row.ts';
import { runStatements } from '../../fixtures/eras/create-era.ts';
import { newestSchema } from '../../fixtures/eras/eras.ts';
import { type ClientCommand, mariadbClient } from '../client-command.ts';
import { feedCloud } from './feed.ts';
import { type LateIndex, schemaParts } from './schema-parts.ts';

/**
 * Makes the newest schema in an empty database and fills it. With both checks off, MariaDB loads an empty table in bulk, sorted by
 * its primary key. It would build the secondary indexes in the same way, one after the other, but takes more than twice as long
 * for that as for all of them in one ALTER TABLE (1 M rows, 10.11: 53 s against 22 s).
 */
export async function loadMariadb(database: Database, url: string, options: CloudOptions): Promise<LoadedCloud> {
  const { tables, indexes } = schemaParts(newestSchema('mysql'));
  await runStatements(database, tables);
  const loaded = await feedCloud(options, {
    images: loadData(url, 'images', IMAGE_COLUMNS),
    properties: loadData(url, 'image_properties', PROPERTY_COLUMNS),
  });
  for (const table of new Set(indexes.map((index) => index.table))) {
    await database.execute(addIndexes(table, indexes));
  }
  await database.execute('ANALYZE TABLE images, image_properties');
  return loaded;
}

function loadData(url: string, table: string, columns: readonly string[]): ClientCommand {
  const sql = `SET unique_checks = 0, foreign_key_checks = 0;
    LOAD DATA LOCAL INFILE '/dev/stdin' INTO TABLE ${table} CHARACTER SET utf8mb4 (${columns.join(', ')});
    SHOW WARNINGS LIMIT 10;`;
  // The client opens /dev/stdin by its name, which works with a pipe and not with the socket that Node hands out.
  return ['sh', '-c', 'cat | "$@"', 'sh', ...mariadbClient(url, ['--local-infile=1', `--execute=${sql}`])];
}

function addIndexes(table: string, indexes: readonly LateIndex[]): string {
  const added = indexes.filter((index) => index.table === table);
  return `ALTER TABLE ${table} ${added.map(({ name, columns }) => `ADD INDEX ${name} ${columns}`).join(', ')}`;
}
