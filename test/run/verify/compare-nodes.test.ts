import { describe, expect, it } from 'vitest';

import { loadCloud } from '../../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../../scripts/fixtures/eras/eras.ts';
import type { Target } from '../../../src/journal/meta.ts';
import { JOURNAL_TABLES } from '../../../src/journal/tables.ts';
import type { Database } from '../../../src/db/database.ts';
import { compareNodes } from '../../../src/run/verify/compare-nodes.ts';
import { Differences } from '../../../src/run/verify/differences.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';
import { COLUMNS, openBench, runExpand, runMigrate, TABLE, type Bench } from '../../support/cloud/migration.ts';
import { runCli } from '../../support/program/run-cli.ts';

/** More than one part of a table, so that parts meet. */
const IMAGES = 1_200;

describe.each(ENGINES)('two copies of a database on %s', (engine) => {
  it('are the same where nobody changed one, and every row that differs is named with its table and node', async () => {
    const { bench, copy, copyUrl, url } = await twoCopies(engine, COLUMNS);
    expect(await differing(bench, copy)).toEqual([]);
    expect((await runCli(['verify', '--database-url', url, '--compare-node', copyUrl])).code).toBe(0);

    const ids = (await copy.query('SELECT image_id FROM retype_journal ORDER BY image_id')).map((row) =>
      String(row['image_id']),
    );
    const [first = '', second = ''] = ids;
    const last = ids.at(-1) ?? '';
    await copy.execute("UPDATE images SET image_type = 'kernel' WHERE id = ?", [first]);
    await copy.execute('DELETE FROM retype_journal WHERE image_id = ?', [second]);
    await copy.execute(
      "INSERT INTO retype_journal SELECT 'zzzz', run_id, batch, decision_key FROM retype_journal WHERE image_id = ?",
      [last],
    );
    await copy.execute('UPDATE retype_batches SET rows_read = rows_read + 1 WHERE batch = 1');
    await copy.execute("UPDATE retype_runs SET state = 'active'");
    const found = await differing(bench, copy);
    expect(found.map(({ subject }) => subject)).toEqual([
      `images ${first} on ${copy.label}`,
      `retype_runs 1 on ${copy.label}`,
      `retype_batches 1/1 on ${copy.label}`,
      `retype_journal ${second} on ${copy.label}`,
      `retype_journal zzzz on ${copy.label}`,
    ]);
    expect(found.map(({ stored, now }) => [stored === 'no such row', now === 'no such row'])).toEqual([
      [false, false],
      [false, false],
      [false, false],
      [false, true],
      [true, false],
    ]);

    const verified = await runCli(['verify', '--database-url', url, '--compare-node', copyUrl, '--json', '-']);
    const document = JSON.parse(verified.stdout) as { differences: Record<string, number>; kinds: object };
    expect([verified.code, document.differences['node-differs'], Object.keys(document.kinds)]).toEqual([
      7,
      5,
      ['node-differs'],
    ]);
    const gate = await runCli(['gate', '--database-url', url, '--compare-node', copyUrl, '--json', '-']);
    expect([gate.code, gate.stdout]).toEqual([7, expect.stringContaining('"NODES_DIFFER"')]);
  });

  it('tell of a table that one does not have', async () => {
    const { bench, copy } = await twoCopies(engine, TABLE);
    await copy.execute('DROP TABLE retype_undo');
    expect(await differing(bench, copy)).toMatchObject([{ subject: `retype_undo on ${copy.label}` }]);
  });

  it('are not told apart by what arrives a moment later', async () => {
    const { bench, copy } = await twoCopies(engine, TABLE);
    await bench.writer.execute("UPDATE retype_runs SET state = 'abandoned'");
    const compared = differing(bench, copy);
    // The first look finds it; by the next one the change has come over.
    setTimeout(() => void copy.execute("UPDATE retype_runs SET state = 'abandoned'"), 200);
    expect(await compared).toEqual([]);
  });
});

async function differing({ reader }: Bench, copy: Database) {
  const differences = new Differences();
  const [meta] = await reader.query('SELECT target FROM retype_meta');
  await compareNodes(reader, [copy], meta?.['target'] === 'table' ? TABLE : COLUMNS, differences);
  return differences.sample;
}

/** Two databases with the same rows, made apart, as nodes of a cluster hold them. */
async function twoCopies(engine: EngineName, target: Target) {
  const { url } = await withFreshDatabase(engine);
  const { url: copyUrl } = await withFreshDatabase(engine);
  for (const at of [url, copyUrl]) {
    const database = await openForTest(at);
    await runStatements(database, newestSchema(database.dialect.name));
    await loadCloud(database, { images: IMAGES, seed: 3 });
    await runExpand(await openBench(at), target);
  }
  const bench = await openBench(url);
  const copy = await openForTest(copyUrl);
  await runMigrate(bench, { pageSize: 100 });
  for (const table of JOURNAL_TABLES) {
    await copy.execute(`DELETE FROM ${table}`);
    const rows = await bench.reader.query(`SELECT * FROM ${table}`);
    const columns = Object.keys(rows[0] ?? {});
    const values = rows.map((row) => columns.map((column) => row[column] as string | number | null));
    if (values.length > 0) await copy.dialect.insertRows(copy, table, columns, values);
  }
  if (target.kind === 'columns') {
    await copy.dialect.updateJoined(copy, {
      target: { table: 'images', alias: 'i' },
      source: { table: 'retype_images', alias: 'r' },
      on: 'i.id = r.image_id',
      set: { image_type: 'r.image_type', container_type: 'r.container_type', envelope: 'r.envelope' },
      where: '1 = 1',
      bindings: [],
    });
  }
  return { bench, copy, url, copyUrl };
}
