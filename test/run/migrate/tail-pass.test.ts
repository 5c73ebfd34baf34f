import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import type { Database } from '../../../src/db/database.ts';
import { introspectGlance } from '../../../src/glance/introspect.ts';
import { type PrePass, readPrePass } from '../../../src/glance/pre-pass.ts';
import { changedEvidence } from '../../../src/run/migrate/tail-pass.ts';
import { propertyToken } from '../../../src/rules/decide/property-token.ts';
import { eraDatabase } from '../../glance/support/era-database.ts';
import { ENGINES, type EngineName } from '../../support/servers/engines.ts';
import {
  changedDatabase,
  COLUMNS,
  openBench,
  runExpand,
  runMigrate,
  runVerify,
} from '../../support/cloud/migration.ts';

/** In front of all others, so that the first pass has gone by when it is made. */
const NEWCOMER = '00000000-0000-4000-8000-00000000cccc';

describe.each(ENGINES)('a tail pass on %s', (engine) => {
  it.each([1, 2, 4])(
    'writes an image once that is new and has properties, so that both are reasons to look at it (%i lanes)',
    async (lanes) => {
      const { database, url } = await eraDatabase(engine, 'newest');
      const bench = await openBench(url);
      await runExpand(bench, COLUMNS);
      const made: Promise<void>[] = [];
      const result = await runMigrate(bench, {
        pageSize: 20,
        lanes,
        writer: slowWriter(bench.writer, () => made.length > 0),
        onEvent: (event) => {
          if (event.kind === 'progress' && event.done > 60 && made.length === 0) made.push(makeNewcomer(database));
        },
      });
      await Promise.all(made);
      expect(result.end).toBe('complete');
      const tails = await database.query('SELECT rows_written FROM retype_batches WHERE pass > 1');
      expect(tails.map((row) => Number(row['rows_written']))).toEqual([1]);
      expect(await runVerify(bench)).toMatchObject({ sample: [], refreshable: 0 });
    },
  );
});

/** Lets the next batch be decided on before this one is written. */
function slowWriter(writer: Database, slow: () => boolean): Database {
  return changedDatabase(writer, {
    transaction: async (work) => {
      if (slow()) await sleep(50);
      return writer.transaction(work);
    },
  });
}

async function makeNewcomer(database: Database): Promise<void> {
  const no = database.dialect.name === 'postgres' ? 'false' : '0';
  await database.transaction(async (trx) => {
    await trx.execute(
      `INSERT INTO images (id, name, size, status, created_at, deleted, disk_format, container_format, min_disk, min_ram, protected, visibility, os_hidden)
       VALUES (?, 'newcomer', 1000, 'active', '2020-01-01 00:00:00', ${no}, 'raw', 'bare', 0, 0, ${no}, 'shared', ${no})`,
      [NEWCOMER],
    );
    await trx.execute(
      `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, 'img_type', 'partition', '2020-01-01 00:00:00', ${no})`,
      [NEWCOMER],
    );
  });
}

const KERNEL = 'f0000000-0000-4000-8000-00000000aaaa';
const OTHER = 'f0000000-0000-4000-8000-00000000bbbb';
const DISK = 'f0000000-0000-4000-8000-00000000cccc';
const GHOST = 'f0000000-0000-4000-8000-00000000dddd';

describe.each(ENGINES)('evidence that changed between two pre-passes on %s', (engine) => {
  it('is none where nothing happened, or nothing that is evidence', async () => {
    const database = await threeImages(engine);
    await setProperty(database, DISK, 'kernel_id', KERNEL);
    const before = await prePass(database);
    expect(await drift(database, before, await prePass(database))).toEqual([]);
    await setProperty(database, DISK, 'description', 'of no consequence');
    await database.execute("UPDATE images SET name = 'another', disk_format = 'iso' WHERE id = ?", [OTHER]);
    expect(await drift(database, before, await prePass(database))).toEqual([]);
  });

  it('is that of whoever is named now, was named before, or is named in another part', async () => {
    const database = await threeImages(engine);
    const unnamed = await prePass(database);
    await setProperty(database, DISK, 'kernel_id', KERNEL);
    const named = await prePass(database);
    expect(await drift(database, unnamed, named)).toContain(KERNEL);
    expect(await drift(database, named, unnamed)).toContain(KERNEL);
    expect(await drift(database, unnamed, named)).not.toContain(OTHER);

    await database.execute('UPDATE image_properties SET value = ? WHERE image_id = ?', [OTHER, DISK]);
    const moved = await prePass(database);
    expect(await drift(database, named, moved)).toEqual(expect.arrayContaining([KERNEL, OTHER]));

    await database.execute("UPDATE image_properties SET name = 'ramdisk_id' WHERE image_id = ?", [DISK]);
    const asRamdisk = await prePass(database);
    expect(await drift(database, moved, asRamdisk)).toContain(OTHER);
    expect(await drift(database, moved, asRamdisk)).not.toContain(KERNEL);
  });

  it('is that of a kernel that somebody names as a ramdisk as well', async () => {
    const database = await threeImages(engine);
    await setProperty(database, DISK, 'kernel_id', OTHER);
    const before = await prePass(database);
    await setProperty(database, KERNEL, 'ramdisk_id', OTHER);
    expect(await drift(database, before, await prePass(database))).toContain(OTHER);
  });

  it('is that of who is named by fewer live images than before', async () => {
    const database = await threeImages(engine);
    await setProperty(database, DISK, 'kernel_id', KERNEL);
    await setProperty(database, OTHER, 'kernel_id', KERNEL);
    const twice = await prePass(database);
    const truth = engine === 'postgres' ? 'true' : '1';
    await database.execute(`UPDATE images SET deleted = ${truth} WHERE id = ?`, [OTHER]);
    expect(await drift(database, twice, await prePass(database))).toContain(KERNEL);
  });

  it('is that of all images that name one which was deleted, restored, changed, made or purged, and of no others', async () => {
    const database = await threeImages(engine);
    await setProperty(database, DISK, 'kernel_id', KERNEL);
    await setProperty(database, OTHER, 'ramdisk_id', KERNEL);
    const [no, yes] = engine === 'postgres' ? ['false', 'true'] : ['0', '1'];
    let before = await prePass(database);
    for (const [change, naming] of [
      [`deleted = ${yes}`, [OTHER, DISK]],
      [`deleted = ${no}`, [OTHER, DISK]],
      ["disk_format = 'iso'", [OTHER, DISK]],
      ['container_format = NULL', [OTHER, DISK]],
      ["name = 'another', status = 'deactivated'", []],
    ] as const) {
      await database.execute(`UPDATE images SET ${change} WHERE id = '${KERNEL}'`);
      const after = await prePass(database);
      expect([change, (await drift(database, before, after)).toSorted()]).toEqual([change, [...naming]]);
      before = after;
    }
    await database.execute('UPDATE image_properties SET value = ? WHERE image_id IN (?, ?)', [GHOST, DISK, OTHER]);
    const missing = await prePass(database);
    await makeImage(database, GHOST);
    const made = await prePass(database);
    expect((await drift(database, missing, made)).toSorted()).toEqual([OTHER, DISK]);
    await database.execute('DELETE FROM images WHERE id = ?', [GHOST]);
    expect((await drift(database, made, await prePass(database))).toSorted()).toEqual([OTHER, DISK]);
  });

  it('is that of an image whose properties came, went, or mean something else, where they are held', async () => {
    const database = await threeImages(engine);
    const without = await prePass(database);
    await setProperty(database, DISK, 'img_type', 'partition');
    const partition = await prePass(database);
    await database.execute("UPDATE image_properties SET value = 'whole-disk' WHERE image_id = ?", [DISK]);
    const whole = await prePass(database);
    expect([partition.cache === null, whole.cache === null]).toEqual([false, false]);
    expect(await drift(database, without, partition)).toEqual([DISK]);
    expect(await drift(database, partition, without)).toEqual([DISK]);
    expect(await drift(database, partition, whole)).toEqual([DISK]);
    // Where one pass could not hold them, and Glance wrote no time, nothing can be said of properties; references still count.
    expect(await drift(database, { ...without, cache: null }, partition)).toEqual([]);
  });
});

describe.each(ENGINES)('evidence in a table of properties that is too large to be held on %s', (engine) => {
  it('changed where Glance says that it wrote a property since', async () => {
    const database = await threeImages(engine);
    await setProperty(database, DISK, 'img_type', 'partition');
    await setProperty(database, OTHER, 'img_type', 'partition');
    const no = engine === 'postgres' ? 'false' : '0';
    await database.execute(
      `INSERT INTO image_properties (id, image_id, name, value, created_at, deleted) VALUES (9000000, ?, 'os_distro', 'debian', '2024-05-06 07:08:09', ${no})`,
      [KERNEL],
    );
    const before = await prePass(database);
    expect([before.cache, before.since]).toEqual([null, '2024-05-06 06:08:09']);
    // Its clock is half an hour slow.
    await database.execute(
      "UPDATE image_properties SET value = 'whole-disk', updated_at = '2024-05-06 06:40:00' WHERE image_id = ?",
      [DISK],
    );
    const after = await prePass(database);
    expect((await drift(database, before, after)).toSorted()).toEqual([KERNEL, DISK].toSorted());
    expect(await drift(database, before, after)).not.toContain(OTHER);
  });
});

async function drift(reader: Database, before: PrePass, after: PrePass): Promise<readonly string[]> {
  return changedEvidence(reader, await introspectGlance(reader), before, after);
}

async function prePass(database: Database): Promise<PrePass> {
  return readPrePass(database, await introspectGlance(database), propertyToken);
}

async function threeImages(engine: EngineName): Promise<Database> {
  const { database } = await eraDatabase(engine, 'newest');
  for (const id of [KERNEL, OTHER, DISK]) await makeImage(database, id);
  return database;
}

async function makeImage(database: Database, id: string): Promise<void> {
  const no = database.dialect.name === 'postgres' ? 'false' : '0';
  await database.execute(
    `INSERT INTO images (id, name, size, status, created_at, deleted, disk_format, container_format, min_disk, min_ram, protected, visibility, os_hidden)
     VALUES (?, 'one of three', 1000, 'active', '2020-01-01 00:00:00', ${no}, 'raw', 'bare', 0, 0, ${no}, 'shared', ${no})`,
    [id],
  );
}

async function setProperty(database: Database, id: string, name: string, value: string): Promise<void> {
  const no = database.dialect.name === 'postgres' ? 'false' : '0';
  await database.execute(
    `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, ?, ?, '2020-01-01 00:00:00', ${no})`,
    [id, name, value],
  );
}
