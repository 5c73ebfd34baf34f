import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { ENGINES, openForTest, runAsAdmin, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import { schemaText } from '../support/cloud/migration.ts';
import { runCli, type CliResult } from '../support/program/run-cli.ts';

/** Nobody may ever see it. */
const SECRET = 'p@ss/w%rd-s3cret';

function refusal(result: CliResult): readonly [number | null, string] {
  expect(result.stderr + result.stdout).not.toContain(SECRET);
  expect(result.stderr + result.stdout).not.toContain(encodeURIComponent(SECRET));
  return [result.code, /(?:^|\n)([A-Z_]+): /u.exec(result.stderr)?.[1] ?? ''];
}

describe('input that cannot be used', () => {
  it.each([
    [['plan'], 2, 'DATABASE_URL'],
    [['plan', '--database-url', `oracle://u:${encodeURIComponent(SECRET)}@h/d`], 2, 'DATABASE_URL'],
    [['plan', '--database-url', `mysql://glance:${SECRET}@127.0.0.1:nope/glance`], 2, 'DATABASE_URL'],
    [['plan', '--glance-conf', '/nonexistent/glance-api.conf'], 2, 'GLANCE_CONF'],
    [['plan', '--database-url', 'sqlite:////nonexistent/glance.sqlite'], 8, 'DATABASE_NOT_FOUND'],
    [
      ['plan', '--database-url', `mysql://glance:${encodeURIComponent(SECRET)}@127.0.0.1:1/glance`],
      8,
      'DATABASE_UNREACHABLE',
    ],
    [
      ['plan', '--database-url', `postgresql://glance:${encodeURIComponent(SECRET)}@127.0.0.1:1/glance`],
      8,
      'DATABASE_UNREACHABLE',
    ],
    [['plant'], 2, 'USAGE'],
    [['plan', '--no-such-option'], 2, 'USAGE'],
    [['plan', '--json', 'a', '--json', 'b'], 2, 'USAGE'],
    [['plan', '--database-url', 'sqlite:///x', '--glance-conf', 'y'], 2, 'USAGE'],
    [['migrate', '--database-url', 'sqlite:///x', '--batch-size', '0'], 2, 'USAGE'],
    [['migrate', '--database-url', 'sqlite:///x', '--batch-size', 'many'], 2, 'USAGE'],
    [['plan', '--database-url', 'sqlite:///x', '--json', '-', '--csv', '-'], 2, 'USAGE'],
  ] as const)('%j is refused with exit code %i and %s', async (argv, code, name) => {
    expect(refusal(await runCli(argv))).toEqual([code, name]);
  });

  it('takes several --glance-conf in order, before or after the command', async () => {
    for (const argv of [
      ['plan', '--glance-conf', '/nonexistent/a.conf', '--glance-conf', '/nonexistent/b.conf'],
      ['--glance-conf', '/nonexistent/a.conf', '--glance-conf', '/nonexistent/b.conf', 'plan'],
    ]) {
      const result = await runCli(argv);
      expect(refusal(result)).toEqual([2, 'GLANCE_CONF']);
      expect(result.stderr).toMatch(/a\.conf[^]*b\.conf/u);
    }
  });

  it('lists every problem of a rules file with its line, before the database is looked at', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-e2e-')), 'broken.yaml');
    writeFileSync(
      file,
      'rows:\n  - id: A\n    when: {disk: [nosuchword]}\n    then: {status: certain}\n  - when: {}\n    nonsense: 1\n',
    );
    const result = await runCli(['plan', '--database-url', 'sqlite:////nonexistent.db', '--rules', file]);
    expect(refusal(result)).toEqual([2, 'RULES_FILE']);
    expect(result.stderr).toContain('broken.yaml:3');
    expect(result.stderr).toContain('broken.yaml:4');
    expect(result.stderr).toContain('broken.yaml:6');
  });
});

describe.each(ENGINES)('a database that cannot be used, on %s', (engine) => {
  it('is refused when it is not a Glance database', async () => {
    const fresh = await withFreshDatabase(engine);
    const database = await openForTest(fresh.url);
    await database.execute('CREATE TABLE images (id INTEGER PRIMARY KEY, caption VARCHAR(20))');
    expect(refusal(await runCli(['plan', '--database-url', fresh.url]))).toEqual([5, 'NOT_GLANCE']);
  });

  it('is refused when a result column exists already, and other names are accepted', async () => {
    const { url, database } = await glance(engine);
    await database.execute('ALTER TABLE images ADD COLUMN image_type VARCHAR(40)');
    const before = await schemaText(database);
    const result = await runCli(['expand', '--database-url', url, '--yes']);
    expect(refusal(result)).toEqual([5, 'FOREIGN_COLUMN']);
    expect(result.stderr).toContain('--column-names');
    expect(await schemaText(database)).toBe(before);
    const named = await runCli([
      'expand',
      '--database-url',
      url,
      '--yes',
      '--column-names',
      'rt_type,rt_container,rt_envelope',
    ]);
    expect(named.code).toBe(0);
  });

  it('is refused when a table of ours exists that we did not make', async () => {
    const { url, database } = await glance(engine);
    await database.execute('CREATE TABLE retype_runs (id INTEGER PRIMARY KEY)');
    expect(refusal(await runCli(['expand', '--database-url', url, '--yes']))).toEqual([5, 'FOREIGN_TABLE']);
  });

  it('carries names of four-byte characters, a property of 64 KB and hostile text through unharmed', async () => {
    const { url, database } = await glance(engine);
    const name =
      engine === 'mariadb' ? 'Robert\'); DROP TABLE images;-- \\ " é' : '💾 Robert\'); DROP TABLE images;-- \\ " é';
    const [row] = await database.query('SELECT id FROM images WHERE NOT deleted ORDER BY id');
    const id = String(row?.['id']);
    await database.execute('UPDATE images SET name = ? WHERE id = ?', [name, id]);
    const no = engine === 'postgres' ? 'false' : '0';
    await database.execute(
      `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, 'kernel_id', ?, '2020-01-01 00:00:00', ${no})`,
      [id, 'x'.repeat(65_000)],
    );
    const plan = await runCli(['plan', '--database-url', url, '--ndjson', '-']);
    expect(plan.code).toBe(0);
    const found = plan.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { image_id: string; name: string });
    expect(found.find((record) => record.image_id === id)?.name).toBe(name);
    for (const command of ['expand', 'migrate']) {
      expect((await runCli([command, '--database-url', url, '--yes'])).code).toBe(0);
    }
    expect((await runCli(['verify', '--database-url', url])).code).toBe(0);
  });
});

describe.each(ENGINES.filter((engine) => engine !== 'sqlite'))('accounts on %s', (engine) => {
  it('a wrong password is refused without being shown', async () => {
    const { urlAs } = await glance(engine);
    expect(refusal(await runCli(['plan', '--database-url', urlAs('nobody_of_ours', SECRET)]))).toEqual([
      8,
      'DATABASE_LOGIN',
    ]);
  });

  it('a user with SELECT alone can plan, verify and ask for the status, and is refused everything that writes', async () => {
    const { url, urlAs, database } = await glance(engine);
    for (const command of ['expand', 'migrate']) {
      expect((await runCli([command, '--database-url', url, '--yes'])).code).toBe(0);
    }
    const reader = urlAs('retype_reader', SECRET);
    const name = new URL(url).pathname.slice(1);
    if (engine === 'mariadb') {
      await runAsAdmin(engine, [
        `CREATE USER IF NOT EXISTS retype_reader IDENTIFIED BY '${SECRET}'`,
        `GRANT SELECT ON ${name}.* TO retype_reader`,
      ]);
    } else {
      await runAsAdmin(engine, [
        `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'retype_reader') THEN CREATE ROLE retype_reader LOGIN PASSWORD '${SECRET}'; END IF; END $$`,
      ]);
      await database.execute('GRANT SELECT ON ALL TABLES IN SCHEMA public TO retype_reader');
    }
    for (const command of ['plan', 'verify', 'status']) {
      const result = await runCli([command], { env: { GLANCE_RETYPE_DATABASE_URL: reader } });
      expect([command, result.code, result.stderr]).toEqual([command, 0, '']);
    }
    const before = await schemaText(database);
    for (const command of ['migrate', 'rollback', 'contract']) {
      const refused = await runCli([command, '--yes'], { env: { GLANCE_RETYPE_DATABASE_URL: reader } });
      expect([command, ...refusal(refused)]).toEqual([command, 5, 'MISSING_GRANT']);
    }
    expect(await schemaText(database)).toBe(before);
  });
});

describe.runIf(ENGINES.includes('postgres'))('PostgreSQL', () => {
  it('a database that its owner made read-only is planned, and nothing is written to it', async () => {
    const { url, database } = await glance('postgres');
    await runAsAdmin('postgres', [
      `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`,
    ]);
    const before = await schemaText(database);
    expect((await runCli(['plan', '--database-url', url])).code).toBe(0);
    expect(refusal(await runCli(['expand', '--database-url', url, '--yes']))).toEqual([5, 'SERVER_READ_ONLY']);
    expect(await schemaText(database)).toBe(before);
  });
});

describe.runIf(ENGINES.includes('mariadb'))('MySQL and MariaDB', () => {
  it('a column that changes by itself at every update is named, and only the side table is accepted', async () => {
    const { url, database } = await glance('mariadb');
    await database.execute(
      'ALTER TABLE images MODIFY updated_at TIMESTAMP NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP',
    );
    const result = await runCli(['expand', '--database-url', url, '--yes']);
    expect(refusal(result)).toEqual([5, 'COLUMN_UPDATES_ITSELF']);
    expect(result.stderr).toContain('images.updated_at');
    expect((await runCli(['expand', '--database-url', url, '--yes', '--target', 'table'])).code).toBe(0);
  });

  it('MyISAM tables are named, and expand refuses them', async () => {
    const fresh = await withFreshDatabase('mariadb');
    await createEra(await openForTest(fresh.url), eraNamed('diablo-create-all'));
    const plan = await runCli(['plan', '--database-url', fresh.url]);
    expect([plan.code, plan.stderr]).toEqual([0, expect.stringContaining('image_properties is stored in MyISAM')]);
    const result = await runCli(['expand', '--database-url', fresh.url, '--yes']);
    expect(refusal(result)).toEqual([5, 'TABLE_NOT_TRANSACTIONAL']);
    expect(result.stderr).toContain('ALTER TABLE image_properties ENGINE=InnoDB');
  });
});

async function glance(engine: EngineName) {
  const fresh = await withFreshDatabase(engine);
  const database = await openForTest(fresh.url);
  await createEra(database, eraNamed('newest'));
  return { ...fresh, database };
}

it('files behind -- are operands, also where they begin with a dash', async () => {
  const { code, stderr } = await runCli(['diff', '--', '-no-such.json', 'nor-this.json']);
  expect(code).toBe(2);
  expect(stderr).toContain('./-no-such.json');
});
