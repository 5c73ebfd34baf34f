import BetterSqlite3 from 'better-sqlite3';
import { cloudRows, type CloudOptions, type LoadedCloud } from '../../fixtures/cloud.ts';
import { IMAGE_COLUMNS, PROPERTY_COLUMNS } from '../../fixtures/cloud/row.ts';
import { newestSchema } from '../../fixtures/eras/eras.ts';
import { createIndex, schemaParts } from './schema-parts.ts';

/** For the index of the primary key, which is filled in random order. */
const CACHE_MIB = 2048;

/** Makes a new file with the newest schema and fills it. A file that is there is an error; one that was not finished is worthless. */
export function loadSqlite(path: string, options: CloudOptions): LoadedCloud {
  const { tables, indexes } = schemaParts(newestSchema('sqlite'));
  const file = new BetterSqlite3(path);
  try {
    file.pragma('journal_mode = OFF');
    file.pragma('synchronous = OFF');
    file.pragma(`cache_size = -${String(CACHE_MIB * 1024)}`);
    for (const sql of tables) file.exec(sql);
    const loaded = { images: 0, properties: 0 };
    const image = file.prepare(insert('images', IMAGE_COLUMNS));
    const property = file.prepare(insert('image_properties', PROPERTY_COLUMNS));
    file.exec('BEGIN');
    for (const row of cloudRows(options)) {
      image.run(IMAGE_COLUMNS.map((column) => row.image[column]));
      for (const one of row.properties) property.run(PROPERTY_COLUMNS.map((column) => one[column]));
      loaded.images += 1;
      loaded.properties += row.properties.length;
    }
    file.exec('COMMIT');
    for (const index of indexes) file.exec(createIndex(index));
    return loaded;
  } finally {
    file.close();
  }
}

function insert(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
}
