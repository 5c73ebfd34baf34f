import type { Database } from '../../../src/db/database.ts';
import type { CloudOptions, LoadedCloud } from '../../fixtures/cloud.ts';
import { IMAGE_COLUMNS, PROPERTY_COLUMNS } from '../../fixtures/cloud/row.ts';
import { runStatements } from '../../fixtures/eras/create-era.ts';
import { newestSchema } from '../../fixtures/eras/eras.ts';
import { run } from '../../servers/private-server.ts';
import { type ClientCommand, postgresClient } from '../client-command.ts';
import { feedCloud } from './feed.ts';
import { createIndex, schemaParts } from './schema-parts.ts';

/** Makes the newest schema in an empty database and fills it, as a superuser: the order of the heap is that of creation. */
export async function loadPostgres(database: Database, url: string, options: CloudOptions): Promise<LoadedCloud> {
  const { tables, indexes } = schemaParts(newestSchema('postgres'));
  await runStatements(database, tables);
  const loaded = await feedCloud(options, {
    images: copyFrom(url, 'images', IMAGE_COLUMNS),
    properties: copyFrom(url, 'image_properties', PROPERTY_COLUMNS),
  });
  await runStatements(database, indexes.map(createIndex));
  // As autovacuum leaves a table that has stood for a while; without it the first reader of every copy would set the hint bits.
  const [program, ...words] = postgresClient(url, ['--quiet', '--command=VACUUM (FREEZE, ANALYZE)']);
  await run(program, words);
  return loaded;
}

/** `replica`: the foreign key is not asked row by row. */
function copyFrom(url: string, table: string, columns: readonly string[]): ClientCommand {
  return postgresClient(url, [
    '--quiet',
    '--set=ON_ERROR_STOP=1',
    '--command=SET session_replication_role = replica',
    `--command=COPY ${table} (${columns.join(', ')}) FROM STDIN`,
  ]);
}
