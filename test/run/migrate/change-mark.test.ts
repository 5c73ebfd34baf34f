import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

import type { Database } from '../../../src/db/database.ts';
import { eraDatabase } from '../../glance/support/era-database.ts';
import { ENGINES } from '../../support/servers/engines.ts';
import {
  type Bench,
  changedDatabase,
  COLUMNS,
  openBench,
  runExpand,
  runMigrate,
  runVerify,
} from '../../support/cloud/migration.ts';

const VICTIM = '00000000-0000-4000-8000-00000000face';
const KERNEL = 'f0000000-0000-4000-8000-00000000aaaa';

/** Moments of a run, by what happens then for the first time. */
const MOMENTS = [
  'before the properties are read',
  'after the properties were read',
  'between a page and its batch',
  'between two batches',
  'after the last batch',
] as const;

const WRITES = {
  'an image': `UPDATE images SET disk_format = 'iso' WHERE id = '${VICTIM}'`,
  'a property': `UPDATE image_properties SET value = '' WHERE image_id = '${VICTIM}'`,
} as const;

describe.runIf(ENGINES.includes('sqlite'))('what another process writes to a SQLite file', () => {
  it.each(MOMENTS.flatMap((moment) => Object.entries(WRITES).map(([what, sql]) => ({ moment, what, sql }))))(
    'is found: $what $moment',
    async ({ moment, sql }) => {
      const { bench, path } = await benchWithVictim();
      let happened = 0;
      const asked = await migrateWith(bench, (now) => {
        if (now !== moment || happened > 0) return;
        happened += 1;
        inAnotherProcess(path, sql);
      });
      expect(happened).toBe(1);
      expect(asked).toBeGreaterThan(0);
      expect(await runVerify(bench)).toMatchObject({ sample: [], refreshable: 0 });
    },
  );

  it('is not looked for where nobody wrote', async () => {
    const { bench } = await benchWithVictim();
    expect(await migrateWith(bench, () => {})).toBe(0);
    expect(await runVerify(bench)).toMatchObject({ sample: [], refreshable: 0 });
  });

  it('is looked for where the connection was opened anew, because its numbers mean something else', async () => {
    const { bench } = await benchWithVictim();
    let failed = false;
    const asked = await migrateWith(bench, (now, writer) => {
      if (now !== 'between two batches' || failed) return undefined;
      failed = true;
      // A connection whose statement failed is closed.
      return writer
        .transaction(async (trx) => trx.execute('SELECT nonsense'))
        .then(
          () => undefined,
          () => undefined,
        );
    });
    expect(failed).toBe(true);
    expect(asked).toBeGreaterThan(0);
  });
});

/** @returns how often a digest was asked for after the first pass. */
async function migrateWith(
  bench: Bench,
  at: (moment: (typeof MOMENTS)[number], writer: Database) => Promise<void> | undefined | void,
): Promise<number> {
  let asked = 0;
  let phase = '';
  let batches = 0;
  const reader = changedDatabase(bench.reader, {
    query: async (sql, bindings, limits) => {
      if (typeof sql === 'string' && sql.includes('SUM(retype_digest')) asked += 1;
      return bench.reader.query(sql, bindings, limits);
    },
  });
  const spied: Bench = { ...bench, context: (options) => ({ ...bench.context(options), reader }) };
  await runMigrate(spied, {
    pageSize: 20,
    onEvent: (event) => {
      if (event.kind === 'progress' && phase === 'migrate') batches += 1;
      if (event.kind !== 'phase') return;
      phase = event.phase;
      if (phase === 'references') void at('before the properties are read', bench.writer);
      if (phase === 'migrate') void at('after the properties were read', bench.writer);
      if (phase === 'tail') void at('after the last batch', bench.writer);
    },
    writer: changedDatabase(bench.writer, {
      transaction: async (work) => {
        if (phase === 'migrate')
          await at(batches < 2 ? 'between a page and its batch' : 'between two batches', bench.writer);
        return bench.writer.transaction(work);
      },
    }),
  });
  return asked;
}

async function benchWithVictim(): Promise<{ readonly bench: Bench; readonly path: string }> {
  const { database, url } = await eraDatabase('sqlite', 'newest');
  for (const [row, id, format] of [
    // In front of all others in the file.
    [-1, VICTIM, 'ami'],
    [null, KERNEL, 'aki'],
  ] as const) {
    await database.execute(
      `INSERT INTO images (rowid, id, name, size, status, created_at, deleted, disk_format, container_format, min_disk, min_ram, protected, visibility, os_hidden)
       VALUES (?, ?, 'x', 1000, 'active', '2020-01-01 00:00:00', 0, ?, ?, 0, 0, 0, 'shared', 0)`,
      [row, id, format, format],
    );
  }
  await database.execute(
    `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, 'kernel_id', ?, '2020-01-01 00:00:00', 0)`,
    [VICTIM, KERNEL],
  );
  const bench = await openBench(url);
  await runExpand(bench, COLUMNS);
  return { bench, path: url.replace('sqlite:///', '') };
}

function inAnotherProcess(path: string, sql: string): void {
  const script = "const [, path, sql] = process.argv; new (require('better-sqlite3'))(path).exec(sql)";
  execFileSync(process.execPath, ['-e', script, path, sql]);
}
