import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';

import { loadCloud } from '../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import { startPgbouncer } from '../../scripts/servers/pgbouncer.ts';
import type { Database } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/engines/open.ts';
import { scratchPlace, type ScratchPlace } from '../../src/db/engines/scratch.ts';
import { digestText, readTableDigest } from '../../src/run/rehearse/rows-digest.ts';
import { type CliOptions, runCli } from '../support/program/run-cli.ts';
import { isLeftOut } from '../support/servers/left-out.ts';
import {
  adminUrl,
  ENGINES,
  openForTest,
  runAsAdmin,
  withFreshDatabase,
  type EngineName,
} from '../support/servers/engines.ts';

const IMAGES = 160;

interface Source {
  readonly url: string;
  readonly urlAs: (user: string, password: string) => string;
  readonly database: Database;
  /** Where a rehearsal goes that is told nothing. */
  readonly usual: ScratchPlace;
  /** Rows and definitions of everything. */
  readonly state: () => Promise<unknown>;
}

async function source(engine: EngineName): Promise<Source> {
  const { url, spec, urlAs } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  await runStatements(database, newestSchema(database.dialect.name));
  await loadCloud(database, { images: IMAGES, seed: 5 });
  const usual =
    spec.kind === 'sqlite'
      ? scratchPlace(spec, `${spec.path}.rehearsal`)
      : scratchPlace(spec, `${spec.database}_rehearsal`);
  return {
    url,
    urlAs,
    database,
    usual,
    state: async () => {
      const { copying } = database.dialect;
      const parts: unknown[] = [await copying.contents(database)];
      for (const table of await database.dialect.listTables(database)) {
        parts.push(
          table,
          digestText(await readTableDigest(database, table)),
          await copying.definition(database, table),
        );
      }
      return parts;
    },
  };
}

async function rehearse(url: string, options: readonly string[], around: CliOptions = {}) {
  const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-certificate-')), 'certificate.json');
  const words = ['rehearse', '--database-url', url, '--yes', '--certificate', file, ...options];
  const result = await runCli(words, around);
  const certificate = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Certificate) : null;
  return { ...result, certificate };
}

interface Certificate {
  readonly [key: string]: unknown;
  readonly verdict: string;
  readonly reasons: readonly string[];
  readonly checks: readonly { readonly name: string; readonly passed: boolean }[];
  readonly kills: {
    readonly asked: number;
    readonly done: number;
    readonly seed: number;
    readonly at: readonly unknown[];
  };
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  readonly expected: Readonly<Record<string, unknown>> & {
    readonly migrate_seconds: number;
    readonly journal_bytes: number;
    readonly batches: number;
  };
}

describe.each(ENGINES)('rehearse on %s', (engine) => {
  it('certifies a migration that was killed, leaves the source as it is, and nothing else behind', async () => {
    const { url, usual, state } = await source(engine);
    const before = await state();
    const result = await rehearse(url, ['--kills', '3', '--seed', '11']);
    expect([result.stderr, result.code]).toEqual([expect.anything(), 0]);
    expect(result.stdout).toContain('Rehearsal passed: killed 3 times, nothing lost');
    expect(result.stdout).toContain(`${usual.text} was dropped`);
    const { certificate } = result;
    if (certificate === null) throw new Error('no certificate');
    expect(certificate).toMatchObject({
      format_version: 1,
      verdict: 'passed',
      reasons: [],
      images: IMAGES,
      answers_digest: null,
      probe: 'off',
      target: 'columns',
      differences: 0,
      kills: { asked: 3, done: 3, seed: 11 },
    });
    expect(certificate.tables.map(({ name }) => name)).toEqual(['images', 'image_properties', 'image_locations']);
    expect(certificate.kills.at).toHaveLength(3);
    expect(certificate.checks.every(({ passed }) => passed)).toBe(true);
    expect(certificate.checks.map(({ name }) => name)).toEqual([
      'the copy of images',
      'the copy of image_properties',
      'the copy of image_locations',
      'verify after the undisturbed run',
      'the rows of Glance, rolled back after the undisturbed run',
      'the schema of Glance, rolled back after the undisturbed run',
      'the results of the run that was killed',
      'verify after the kills',
      'the rows of Glance, rolled back after the kills',
      'the schema of Glance, rolled back after the kills',
    ]);
    expect(certificate.expected.migrate_seconds).toBeGreaterThan(0);
    expect(certificate.expected.journal_bytes).toBeGreaterThan(10_000);
    expect(certificate.expected.batches).toBeGreaterThan(0);
    const { digest, ...rest } = certificate;
    expect(digest).toBe(createHash('sha256').update(JSON.stringify(rest)).digest('hex'));
    expect(await state()).toEqual(before);
    expect(await usual.isThere()).toBe(false);
  });

  it('refuses a schema that holds anything, and leaves it as it is', async () => {
    const { url, usual, state } = await source(engine);
    await usual.make();
    const scratch = await openDatabase(usual.spec, 'read-write');
    try {
      await scratch.execute('CREATE TABLE precious (id INTEGER)');
      await scratch.execute('INSERT INTO precious VALUES (7)');
      const before = await state();
      const result = await rehearse(url, []);
      expect([result.code, result.stderr]).toEqual([5, expect.stringContaining('SCRATCH_NOT_EMPTY')]);
      expect(result.stderr).toContain('table precious');
      expect(result.certificate).toBeNull();
      expect(await scratch.query('SELECT id FROM precious')).toHaveLength(1);
      expect(await scratch.dialect.copying.contents(scratch)).toEqual(['table precious']);
      expect(await state()).toEqual(before);
    } finally {
      await scratch.close();
      await usual.drop();
    }
  });

  it('refuses the source itself as its scratch schema', async () => {
    const { url, state } = await source(engine);
    const before = await state();
    const own = engine === 'postgres' ? ['--scratch', 'public'] : ['--scratch-url', url];
    const result = await rehearse(url, own);
    expect([result.code, result.stderr]).toEqual([5, expect.stringContaining('SCRATCH_NOT_EMPTY')]);
    expect(await state()).toEqual(before);
  });

  it('drops the scratch schema when a signal ends it, and certifies nothing', async () => {
    const { url, usual, state } = await source(engine);
    const before = await state();
    let sent = false;
    const result = await rehearse(url, ['--kills', '2'], {
      onStderr: (text, kill) => {
        if (sent || !text.includes('migrate, undisturbed')) return;
        sent = true;
        kill('SIGTERM');
      },
    });
    expect([result.stderr, result.code]).toEqual([expect.anything(), 3]);
    expect(result.stdout).toContain('Stopped, nothing is certified');
    expect(result.certificate).toBeNull();
    expect(await usual.isThere()).toBe(false);
    expect(await state()).toEqual(before);
  });

  it('recognises what a rehearsal left that was killed, and says how to be rid of it', async () => {
    const { url, usual } = await source(engine);
    let sent = false;
    await rehearse(url, ['--kills', '2'], {
      onStderr: (text, kill) => {
        if (sent || !text.includes('comparing the copy')) return;
        sent = true;
        kill('SIGKILL');
      },
    });
    // A command that it had started comes to its end by itself.
    await wait(1_500);
    expect(await usual.isThere()).toBe(true);
    const next = await rehearse(url, []);
    expect([next.code, next.stderr]).toEqual([5, expect.stringContaining('SCRATCH_NOT_EMPTY')]);
    expect(next.stderr).toContain('the rest of a rehearsal that process');
    expect(next.stderr).toContain(usual.dropText);
    await usual.drop();
    expect((await rehearse(url, ['--kills', '0'])).code).toBe(0);
  });

  it('goes by the options that production gets, and by how the source was expanded', async () => {
    const { url, database } = await source(engine);
    const names = 'retype_type,retype_container,retype_envelope';
    expect((await runCli(['expand', '--database-url', url, '--column-names', names, '--yes'])).code).toBe(0);
    expect((await runCli(['migrate', '--database-url', url, '--yes'])).code).toBe(0);
    const written = digestText(await readTableDigest(database, 'images'));
    const result = await rehearse(url, ['--kills', '1', '--batch-size', '20', '--lanes', '1']);
    expect([result.stderr, result.code]).toEqual([expect.anything(), 0]);
    expect(result.certificate).toMatchObject({ verdict: 'passed', pace: ['--batch-size', '20', '--lanes', '1'] });
    expect(digestText(await readTableDigest(database, 'images'))).toBe(written);
  });

  it('has no part in what it cannot do: a command that fails on the copy fails the rehearsal', async () => {
    const { url, usual } = await source(engine);
    const result = await rehearse(url, ['--target', 'columns', '--column-names', 'name,status,owner']);
    // Refused before anything is copied or after: either way with the code of the objection, and nothing is left.
    expect([result.stderr, result.code]).toEqual([expect.anything(), 5]);
    expect(await usual.isThere()).toBe(false);
  });
});

describe.runIf(ENGINES.includes('mariadb'))('rehearse with an account that may only read the source', () => {
  it('passes on MariaDB', async () => {
    const { url, urlAs, usual, state } = await source('mariadb');
    const name = new URL(url).pathname.slice(1);
    const user = `r_${name.slice(-10)}`;
    await runAsAdmin('mariadb', [
      `CREATE USER '${user}'@'%' IDENTIFIED BY 'p@ss/word'`,
      `GRANT SELECT ON ${name}.* TO '${user}'@'%'`,
      `GRANT ALL ON ${name}_rehearsal.* TO '${user}'@'%'`,
    ]);
    const before = await state();
    const result = await rehearse(urlAs(user, 'p@ss/word'), ['--kills', '1']);
    expect([result.stderr, result.code]).toEqual([expect.anything(), 0]);
    expect(`${result.stdout}${result.stderr}${JSON.stringify(result.certificate)}`).not.toContain('p@ss');
    expect(await state()).toEqual(before);
    expect(await usual.isThere()).toBe(false);
  });

  it('is refused on MariaDB where it may not make the scratch schema, before anything happens', async () => {
    const { url, urlAs } = await source('mariadb');
    const name = new URL(url).pathname.slice(1);
    const user = `n_${name.slice(-10)}`;
    await runAsAdmin('mariadb', [
      `CREATE USER '${user}'@'%' IDENTIFIED BY 'pw'`,
      `GRANT SELECT ON ${name}.* TO '${user}'@'%'`,
    ]);
    const result = await rehearse(urlAs(user, 'pw'), []);
    expect([result.code, result.stderr]).toEqual([5, expect.stringContaining('MISSING_GRANT')]);
    expect(result.stderr).toContain(`GRANT ALL ON \`${name}_rehearsal\`.*`);
  });
});

describe.runIf(ENGINES.includes('postgres'))('rehearse with an account that may only read the source', () => {
  it('passes on PostgreSQL', async () => {
    const { url, urlAs, usual, state, database } = await source('postgres');
    const name = new URL(url).pathname.slice(1);
    const user = `r_${name.slice(-10)}`;
    await runAsAdmin('postgres', [`CREATE ROLE ${user} LOGIN`, `GRANT CREATE ON DATABASE ${name} TO ${user}`]);
    await database.execute(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${user}`);
    const before = await state();
    const result = await rehearse(urlAs(user, 'pw'), ['--kills', '1']);
    expect([result.stderr, result.code]).toEqual([expect.anything(), 0]);
    expect(await state()).toEqual(before);
    expect(await usual.isThere()).toBe(false);
  });
});

describe.runIf(ENGINES.includes('postgres') && !isLeftOut('poolers'))('rehearse behind PgBouncer', () => {
  it('passes where each transaction may have another server connection', async () => {
    const { url, usual, state } = await source('postgres');
    const serverPort = Number(new URL(adminUrl('postgres')).port);
    const pooler = await startPgbouncer({ serverPort, mode: 'transaction', poolSize: 4 });
    onTestFinished(() => pooler.stop());
    const before = await state();
    const result = await rehearse(pooler.url(new URL(url).pathname.slice(1)), ['--kills', '1']);
    expect([result.stderr, result.code]).toEqual([expect.anything(), 0]);
    expect(await state()).toEqual(before);
    expect(await usual.isThere()).toBe(false);
  });
});
