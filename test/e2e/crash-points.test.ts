import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { loadDeciding } from '../../src/commands/options/deciding.ts';
import { parseDatabaseUrl } from '../../src/db/connection/url.ts';
import type { Database } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/engines/open.ts';
import {
  callsOf,
  crashPoints,
  type CrashPoint,
  type PointChoice,
  runToPoint,
} from '../support/crashes/crash-points.ts';
import { copyOf, dropCopy } from '../support/servers/database-copy.ts';
import { ENGINES, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import { columnNames, openBench, runVerify, schemaText, shipped } from '../support/cloud/migration.ts';
import { type CliResult, runCli } from '../support/program/run-cli.ts';

/**
 * `GLANCE_RETYPE_CRASH_POINTS=all` kills at every call, before and after it: several hundred processes an engine. `named` kills at the first
 * and the last call of each name. Left out, that is done on SQLite, and on servers, where a kill takes longer, around each COMMIT.
 */
const ASKED = process.env['GLANCE_RETYPE_CRASH_POINTS'];

function choiceFor(engine: EngineName): PointChoice {
  if (ASKED === 'all') return 'every-call';
  return ASKED === 'named' || engine === 'sqlite'
    ? 'first-and-last-of-each-name'
    : 'first-and-last-commit-of-each-name';
}

const PATIENCE_MS = ASKED === 'all' ? 3_600_000 : 600_000;

/** Decides some images otherwise than the shipped rules, so that a run with those replaces rows of the journal. */
const SITE_RULES = `rows:
  - id: SITE-QCOW2
    when: { disk: qcow2, container: PLAIN }
    then: { type: other, container: qcow2 }
    reason: so that a second run has something to replace
  - id: SITE-AMI
    when: { disk: ami }
    then: { type: filesystem, container: raw }
    reason: so that a second run has something to leave open again
`;

describe.each(ENGINES)('killed at each of its calls to %s,', (engine) => {
  /** Names of calls of migrate that one of the tests has killed at. */
  const known = new Set<string>();

  it('expand is finished by the same command', { timeout: PATIENCE_MS }, async () => {
    const start = await era(engine);
    await killAtEachPoint(engine, { start, argv: ['expand', '--yes'], end: schemaState });
  });

  it(
    'a resumed migrate that replaces an earlier run beside a changing Glance ends as if nothing had happened',
    { timeout: PATIENCE_MS },
    async () => {
      const start = await interruptedRun(engine);
      await killAtEachPoint(engine, { start, argv: MIGRATE, end: migratedState, known });
    },
  );

  it('a first migrate ends as if nothing had happened', { timeout: PATIENCE_MS }, async () => {
    const { rules, expanded } = await expandedEra(engine);
    const site = loadDeciding({ rules: [rules] });
    await killAtEachPoint(engine, {
      start: expanded,
      argv: [...MIGRATE, '--rules', rules],
      end: async (url) => migratedState(url, site.decide),
      known,
    });
  });

  it('rollback leaves the database as it was before expand', { timeout: PATIENCE_MS }, async () => {
    const start = await interruptedRun(engine);
    await complete(start, MIGRATE);
    const before = await withDatabase(start, async (database) => untouched(database));
    await killAtEachPoint(engine, {
      start,
      argv: ['rollback', '--yes', '--batch-size', '40'],
      end: async (url) =>
        withDatabase(url, async (database) => {
          expect(await untouched(database)).toEqual(before);
          return schemaText(database);
        }),
    });
  });

  it('contract is finished by the same command', { timeout: PATIENCE_MS }, async () => {
    const { rules, expanded } = await expandedEra(engine);
    await complete(expanded, [...MIGRATE, '--rules', rules]);
    await killAtEachPoint(engine, {
      start: expanded,
      argv: ['contract', '--yes'],
      end: schemaState,
    });
  });
});

/** One lane, so that calls come in one order. */
const MIGRATE = ['migrate', '--yes', '--lanes', '1', '--batch-size', '40'];

interface Killing {
  /** Address of a database that nobody is connected to; it is only copied. */
  readonly start: string;
  readonly argv: readonly string[];
  /** Checks the end and says what it is. */
  readonly end: (url: string) => Promise<unknown>;
  /** Names of calls that were killed at already; those of this one are added. */
  readonly known?: Set<string>;
}

/** Runs a command undisturbed, then once for each point of its life: killed there, run again, and compared. */
async function killAtEachPoint(engine: EngineName, { start, argv, end, known }: Killing): Promise<void> {
  const at = (url: string): readonly string[] => [...argv, '--database-url', url];
  const quiet = await copyOf(engine, start);
  const { calls, result } = await callsOf(at(quiet));
  expectDone(result, 'undisturbed');
  const expected = await end(quiet);
  const points = crashPoints(calls, choiceFor(engine), known);
  process.stderr.write(`${engine}, ${argv[0] ?? ''}: ${calls.length} calls, ${points.length} kills\n`);
  for (const point of points) {
    const where = describePoint(point);
    const url = await copyOf(engine, start);
    const killed = await runToPoint(at(url), point).ended;
    expect([where, killed.signal, killed.stderr]).toEqual([where, 'SIGKILL', expect.anything()]);
    const again = await runCli(at(url));
    expectDone(again, where);
    expect([where, await end(url)]).toEqual([where, expected]);
    await dropCopy(engine, url);
  }
}

function describePoint({ name, occurrence, moment }: CrashPoint): string {
  return `${moment} ${name}, ${occurrence}`;
}

function expectDone({ code, stderr }: CliResult, where: string): void {
  expect([where, code, stderr]).toEqual([where, 0, expect.not.stringContaining('INTERNAL')]);
}

/** A database with everything that images are known to be, untouched. */
async function era(engine: EngineName): Promise<string> {
  const { url } = await withFreshDatabase(engine);
  await withDatabase(url, async (database) => createEra(database, eraNamed('newest')));
  return url;
}

async function expandedEra(engine: EngineName): Promise<{ readonly rules: string; readonly expanded: string }> {
  const rules = join(mkdtempSync(join(tmpdir(), 'glance-retype-rules-')), 'site.yaml');
  writeFileSync(rules, SITE_RULES);
  const expanded = await era(engine);
  await complete(expanded, ['expand', '--yes']);
  return { rules, expanded };
}

/** After a complete run with other rules, a second one was killed in its third batch, and Glance changed what it had settled. */
async function interruptedRun(engine: EngineName): Promise<string> {
  const { rules, expanded } = await expandedEra(engine);
  await complete(expanded, [...MIGRATE, '--rules', rules]);
  const third: CrashPoint = {
    name: 'COMMIT of INSERT retype_batches',
    occurrence: 3,
    moment: 'before',
    signal: 'SIGKILL',
  };
  const killed = await runToPoint([...MIGRATE, '--database-url', expanded], third).ended;
  expect(killed.signal).toBe('SIGKILL');
  await withDatabase(expanded, async (database) => {
    const settled = await database.query(
      `SELECT i.id FROM images i JOIN retype_journal r ON r.image_id = i.id WHERE r.run_id = 2 OR i.id < '2' ORDER BY i.id LIMIT 8`,
    );
    const [changed, gone, killedImage, kernel] = settled.map((row) => String(row['id']));
    const [no, yes] = database.dialect.name === 'postgres' ? ['false', 'true'] : ['0', '1'];
    const sql = (text: string, ...bindings: readonly string[]) => database.execute(text, bindings);
    await sql(`UPDATE images SET disk_format = 'iso', container_format = 'bare' WHERE id = ?`, changed ?? '');
    await sql(`UPDATE images SET status = 'deleted', deleted = ${yes} WHERE id = ?`, gone ?? '');
    await sql(`UPDATE images SET status = 'killed' WHERE id = ?`, killedImage ?? '');
    const restored = await database.query(`SELECT id FROM images WHERE deleted ORDER BY id LIMIT 1`);
    await sql(`UPDATE images SET status = 'active', deleted = ${no} WHERE id = ?`, String(restored[0]?.['id']));
    const newcomer = '00000000-0000-4000-8000-000000000001';
    await sql(
      `INSERT INTO images (id, name, size, status, created_at, deleted, disk_format, container_format, min_disk, min_ram, protected, visibility, os_hidden)
       VALUES (?, 'newcomer', 1000, 'active', '2026-01-02 03:04:05', ${no}, 'raw', 'bare', 0, 0, ${no}, 'shared', ${no})`,
      newcomer,
    );
    await sql(
      `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, 'kernel_id', ?, '2026-01-02 03:04:05', ${no})`,
      newcomer,
      kernel ?? '',
    );
  });
  return expanded;
}

async function complete(url: string, argv: readonly string[]): Promise<void> {
  expectDone(await runCli([...argv, '--database-url', url]), argv.join(' '));
}

async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(parseDatabaseUrl(url, 'test'), 'read-write');
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function schemaState(url: string): Promise<unknown> {
  return withDatabase(url, async (database) => {
    const left = (await database.dialect.listTables(database)).filter((table) => table.startsWith('retype_'));
    const meta = left.includes('retype_meta')
      ? await database.query('SELECT id, schema_version, state, target, tool_version FROM retype_meta')
      : [];
    // Whoever was killed with nothing left to do may still stand in it; a dead holder holds up nobody.
    const leases = left.includes('retype_lease') ? await database.query('SELECT id, shards FROM retype_lease') : [];
    return {
      schema: await schemaText(database),
      images: await database.query('SELECT * FROM images ORDER BY id'),
      meta,
      leases,
    };
  });
}

/** What Glance has: its images without what expand added, and their properties. */
async function untouched(database: Database): Promise<unknown> {
  const own = new Set(['image_type', 'container_type', 'envelope']);
  const columns = (await columnNames(database, 'images')).filter((name) => !own.has(name));
  return {
    images: await database.query(`SELECT ${columns.join(', ')} FROM images ORDER BY id`),
    properties: await database.query('SELECT * FROM image_properties ORDER BY id'),
  };
}

/** SQL: a run is complete and wrote nothing. */
const IDLE_RUN = `(state = 'complete' AND counts LIKE '%"written":0}')`;

/** Everything that a migration leaves behind, but for uuids, times and the numbers of batches; verified. */
async function migratedState(url: string, decide = shipped.decide): Promise<unknown> {
  const bench = await openBench(url);
  expect((await runVerify(bench, decide)).sample).toEqual([]);
  const { writer: database } = bench;
  const state = {
    images: await database.query('SELECT * FROM images ORDER BY id'),
    journal: await database.query('SELECT image_id, run_id, decision_key FROM retype_journal ORDER BY image_id'),
    undo: await database.query(
      'SELECT image_id, superseded_by, run_id, batch, decision_key FROM retype_undo ORDER BY image_id',
    ),
    decisions: await database.query('SELECT * FROM retype_decisions ORDER BY decision_key'),
    // One that is killed after the last word of its run begins another one, which finds everything as it must be.
    runs: await database.query(
      `SELECT id, state, rules_digest, options, tool_version, counts FROM retype_runs WHERE NOT ${IDLE_RUN} ORDER BY id`,
    ),
    batches: await database.query(
      `SELECT run_id, SUM(rows_written) AS rows_written, SUM(CASE WHEN pass = 1 THEN rows_read ELSE 0 END) AS rows_read
       FROM retype_batches WHERE run_id IN (SELECT id FROM retype_runs WHERE NOT ${IDLE_RUN}) GROUP BY run_id ORDER BY run_id`,
    ),
    withoutBatch: await database.query(
      'SELECT image_id FROM retype_journal r WHERE NOT EXISTS (SELECT 1 FROM retype_batches b WHERE b.run_id = r.run_id AND b.batch = r.batch)',
    ),
    leases: await database.query('SELECT id, shards, owner FROM retype_lease'),
  };
  expect(state.withoutBatch).toEqual([]);
  return state;
}
