import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { startMariadb } from '../../scripts/servers/mariadb.ts';
import type { PrivateServer } from '../../scripts/servers/private-server.ts';
import { requireExpanded } from '../../src/run/preflight.ts';
import { journalIsEmpty } from '../../src/journal/results.ts';
import { rollback } from '../../src/run/rollback.ts';
import { ENGINES, openForTest } from '../support/servers/engines.ts';
import { COLUMNS, holdLease, openBench, runExpand, runMigrate } from '../support/cloud/migration.ts';

// The limit is global, and a limit of its own on what one transaction may write (1197) stands for wsrep_max_ws_size.
describe.runIf(ENGINES.includes('mariadb'))('a rollback whose pages are too large for the server', () => {
  let server: PrivateServer;

  beforeAll(async () => {
    server = await startMariadb({ options: ['--log-bin=log', '--binlog-format=ROW', '--binlog-cache-size=4096'] });
    await server.createDatabase('glance');
  });

  afterAll(async () => {
    await server.stop();
  });

  it('halves them until they pass, and takes everything back', async () => {
    const database = await openForTest(server.url('glance'));
    await createEra(database, eraNamed('newest'));
    const before = await database.query('SELECT * FROM images ORDER BY id');
    const bench = await openBench(server.url('glance'));
    await runExpand(bench, COLUMNS);
    await runMigrate(bench);
    await server.admin('SET GLOBAL max_binlog_cache_size = 4096');

    const narrow = await openBench(server.url('glance'));
    const notes: string[] = [];
    const context = narrow.context({
      pageSize: 1000,
      onEvent: (event) => {
        if (event.kind === 'note') notes.push(event.text);
      },
    });
    const result = await rollback(context, await holdLease(narrow.writer), await requireExpanded(narrow.writer), {
      kind: 'everything',
    });
    expect(result).toMatchObject({ end: 'finished', conflictCount: 0 });
    expect(notes).toContainEqual(expect.stringContaining('too many at once'));
    expect(await journalIsEmpty(database)).toBe(true);
    const names = Object.keys(before[0] ?? {}).join(', ');
    expect(await database.query(`SELECT ${names} FROM images ORDER BY id`)).toEqual(before);
    expect(await database.query('SELECT id FROM images WHERE image_type IS NOT NULL')).toEqual([]);
  });
});
