import { setTimeout as sleep } from 'node:timers/promises';
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
