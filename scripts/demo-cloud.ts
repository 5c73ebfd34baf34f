/**
 * Makes the demo's cloud: an SQLite file with Glance's newest schema and 20,000 images, and a filesystem store with their files.
 *   tsx scripts/demo-cloud.ts FILE STORE
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseDatabaseUrl } from '../src/db/connection/url.ts';
import { openDatabase } from '../src/db/engines/open.ts';
import { grouped } from './bench/figures.ts';
import { runStatements } from './fixtures/eras/create-era.ts';
import { newestSchema } from './fixtures/eras/eras.ts';
import { loadCloud } from './fixtures/cloud.ts';
import { createStore } from './fixtures/store.ts';

const CLOUD = { images: 20_000, seed: 2011 };

const [file, store] = process.argv.slice(2);
if (file === undefined || store === undefined) throw new Error('usage: demo-cloud.ts FILE STORE');

// The product never creates a database; an empty file is an empty one. `wx`: never over an existing file.
writeFileSync(file, '', { flag: 'wx' });
mkdirSync(store);
const database = await openDatabase(parseDatabaseUrl(`sqlite:///${file}`, 'demo'), 'read-write');
try {
  await runStatements(database, newestSchema('sqlite'));
  const loaded = await loadCloud(database, CLOUD, createStore(store, CLOUD.seed));
  process.stdout.write(
    `${file}: a Glance database of the newest schema with ${grouped(loaded.images)} images and ${grouped(loaded.properties)} properties;\n${store}: a file for each live image of a kind that this demo can make\n`,
  );
} finally {
  await database.close();
}
