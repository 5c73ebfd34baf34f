import { describe, expect, it } from 'vitest';

import type { Database } from '../../../src/db/database.ts';
import { eraDatabase } from '../../glance/support/era-database.ts';
import { ENGINES } from '../../support/servers/engines.ts';
import {
  changedDatabase,
  COLUMNS,
  openBench,
  runExpand,
  runMigrate,
  runVerify,
} from '../../support/cloud/migration.ts';

const KERNEL = 'f0000000-0000-4000-8000-00000000aaaa';
const OTHER = 'f0000000-0000-4000-8000-00000000bbbb';
/** In front of all others, so that it is decided on long before the end of the first pass. */
const DISK = '00000000-0000-4000-8000-00000000cccc';
const MISSING = 'f0000000-0000-4000-8000-00000000dddd';

/** Changes to what an image names as its kernel, made behind its back: its own row stays as it was decided on. */
const CHANGES = [
  ['names another one', KERNEL, (at: Database) => setKernel(at, OTHER)],
  ['names one that is not there', KERNEL, (at: Database) => setKernel(at, MISSING)],
  ['names none any more', KERNEL, (at: Database) => setKernel(at, '')],
  [
    'has lost the property',
    KERNEL,
    (at: Database) => at.execute(`DELETE FROM image_properties WHERE image_id = ?`, [DISK]),
  ],
  ['names one for the first time', '', (at: Database) => setKernel(at, KERNEL)],
] as const;

describe.each(ENGINES)('an image with a kernel of its own on %s', (engine) => {
  it.each(CHANGES)('is decided anew when it %s while migrate is at work', async (_, first, happens) => {
    const { database, url } = await eraDatabase(engine, 'newest');
    const no = engine === 'postgres' ? 'false' : '0';
    for (const [id, disk, container] of [
      [KERNEL, 'aki', 'aki'],
      [OTHER, 'aki', 'aki'],
      [DISK, 'raw', 'bare'],
    ] as const) {
      await database.execute(
        `INSERT INTO images (id, name, size, status, created_at, deleted, disk_format, container_format, min_disk, min_ram, protected, visibility, os_hidden)
         VALUES (?, 'x', 1000, 'active', '2020-01-01 00:00:00', ${no}, ?, ?, 0, 0, ${no}, 'shared', ${no})`,
        [id, disk, container],
      );
    }
    await database.execute(
      `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, 'kernel_id', ?, '2020-01-01 00:00:00', ${no})`,
      [DISK, first],
    );
    const bench = await openBench(url);
    await runExpand(bench, COLUMNS);
    const changes: Promise<unknown>[] = [];
    let read = 0;
    await runMigrate(bench, {
      pageSize: 20,
      onEvent: (event) => {
        if (event.kind === 'progress') read = event.done;
      },
      writer: changedDatabase(bench.writer, {
        transaction: async (work) => {
          // The pages in front were read, and what images have was read before the first of them.
          if (read > 60 && changes.length === 0) {
            changes.push(happens(database));
            await changes[0];
          }
          return bench.writer.transaction(work);
        },
      }),
    });
    expect(changes).toHaveLength(1);
    expect(await runVerify(bench)).toMatchObject({ sample: [], refreshable: 0 });
  });
});

async function setKernel(database: Database, value: string): Promise<unknown> {
  return database.execute('UPDATE image_properties SET value = ? WHERE image_id = ?', [value, DISK]);
}
