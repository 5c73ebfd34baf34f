/**
 * Makes the demo's cloud: an SQLite file with Glance's newest schema and 20,000 images, and a filesystem store with their files.
 *   tsx scripts/demo-cloud.ts FILE STORE
 */
import { grouped } from './bench/figures.ts';
import { makeCloudFile } from './fixtures/cloud-file.ts';

const CLOUD = { images: 20_000, seed: 2011 };

const [file, store] = process.argv.slice(2);
if (file === undefined || store === undefined) throw new Error('usage: demo-cloud.ts FILE STORE');

const loaded = await makeCloudFile(file, store, CLOUD);
process.stdout.write(
  `${file}: a Glance database of the newest schema with ${grouped(loaded.images)} images and ${grouped(loaded.properties)} properties;\n${store}: a file for each live image of a kind that this demo can make\n`,
);
