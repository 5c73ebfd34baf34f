import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import { columnNames, schemaText, tableDigest } from '../support/cloud/migration.ts';
import { runCli } from '../support/program/run-cli.ts';

const KEYS = [
  'image_id',
  'name',
  'owner',
  'status_glance',
  'disk_format',
  'container_format',
  'image_type',
  'container_type',
  'envelope',
  'format',
  'status',
  'rule',
  'candidates',
  'evidence',
  'findings',
  'disposition',
  'nova_today',
  'question',
  'answer',
  'services',
];

describe.each(ENGINES)('the built program on %s', (engine) => {
  it('goes from plan to rollback with the documented exit codes', async () => {
    const { url, database } = await glance(engine);
    const at = ['--database-url', url];
    const original = await columnNames(database, 'images');
    const before = { digest: await tableDigest(database, 'images', original), schema: await schemaText(database) };

    const early = await runCli(['migrate', ...at, '--yes']);
    expect([early.code, early.stderr.split(':')[0]]).toEqual([5, 'NOT_EXPANDED']);

    const directory = mkdtempSync(join(tmpdir(), 'glance-retype-e2e-'));
    const file = (name: string): string => join(directory, name);
    const plan = await runCli([
      'plan',
      ...at,
      '--json',
      file('p.json'),
      '--ndjson',
      file('p.ndjson'),
      '--csv',
      file('p.csv'),
    ]);
    expect(plan.code).toBe(0);
    expect(plan.stderr).toBe('');
    const lines = readFileSync(file('p.ndjson'), 'utf8').trimEnd().split('\n');
    const [rows] = await database.query('SELECT COUNT(*) AS n FROM images');
    expect(lines).toHaveLength(Number(rows?.['n']));
    expect(Object.keys(JSON.parse(lines[0] ?? '') as object)).toEqual(KEYS);
    const whole = JSON.parse(readFileSync(file('p.json'), 'utf8')) as { images: unknown[] };
    expect(whole.images).toEqual(lines.map((line) => JSON.parse(line) as unknown));
    expect(readFileSync(file('p.csv'), 'utf8').split('\r\n')[0]).toBe(KEYS.join(','));
    expect(await schemaText(database)).toBe(before.schema);

    const undecided = await runCli(['plan', ...at, '--fail-on', 'undecided']);
    expect(undecided.code).toBe(4);

    const unconfirmed = await runCli(['expand', ...at]);
    expect([unconfirmed.code, unconfirmed.stderr.includes('CONFIRMATION_NEEDED')]).toEqual([2, true]);
    expect(await schemaText(database)).toBe(before.schema);

    expect((await runCli(['expand', ...at, '--yes'])).code).toBe(0);
    const twice = await runCli(['expand', ...at, '--yes']);
    expect([twice.code, twice.stdout]).toEqual([0, expect.stringContaining('Already expanded')]);
    const other = await runCli(['expand', ...at, '--yes', '--target', 'table']);
    expect([other.code, other.stderr.split(':')[0]]).toEqual([5, 'ALREADY_EXPANDED']);

    const unmigrated = await runCli(['verify', ...at]);
    expect(unmigrated.code).toBe(7);
    const migrated = await runCli(['migrate', ...at, '--yes', '--batch-size', '20']);
    expect(migrated.stderr).not.toContain('INTERNAL');
    expect(migrated.code).toBe(0);
    expect((await runCli(['verify', ...at])).code).toBe(0);
    const status = await runCli(['status', ...at, '--json', '-']);
    expect(JSON.parse(status.stdout)).toMatchObject({ state: 'expanded', unsettled: 0, lease: null });
    expect(await tableDigest(database, 'images', original)).toBe(before.digest);

    const undone = await runCli(['rollback', ...at, '--yes']);
    expect([undone.code, undone.stdout]).toEqual([0, expect.stringContaining('as it was before expand')]);
    expect(await schemaText(database)).toBe(before.schema);
    expect(await tableDigest(database, 'images', original)).toBe(before.digest);
    expect((await runCli(['status', ...at])).stdout).toContain('not expanded');
  });

  it('keeps the results and drops its tables at contract', async () => {
    const { url, database } = await glance(engine);
    const at = ['--database-url', url, '--yes'];
    for (const argv of [
      ['expand', ...at, '--column-names', 'rt_type,rt_container,rt_envelope'],
      ['migrate', ...at],
    ]) {
      expect((await runCli(argv)).code).toBe(0);
    }
    const results = await database.query('SELECT id, rt_type, rt_container, rt_envelope FROM images ORDER BY id');
    expect(results.some((row) => row['rt_type'] === 'disk')).toBe(true);
    expect((await runCli(['contract', ...at])).code).toBe(0);
    expect((await database.dialect.listTables(database)).filter((table) => table.startsWith('retype_'))).toEqual([]);
    expect(await database.query('SELECT id, rt_type, rt_container, rt_envelope FROM images ORDER BY id')).toEqual(
      results,
    );
    const late = await runCli(['rollback', ...at]);
    expect([late.code, late.stderr.split(':')[0]]).toEqual([5, 'NOT_EXPANDED']);
  });

  it('is stopped by SIGTERM between two batches, says how to go on, and goes on', async () => {
    const { url } = await glance(engine);
    const at = ['--database-url', url, '--yes'];
    await runCli(['expand', ...at]);
    let signalled = false;
    const stopped = await runCli(['migrate', ...at, '--batch-size', '1'], {
      onStderr: (text, kill) => {
        if (!signalled && text.includes('each batch one transaction')) {
          signalled = true;
          kill('SIGTERM');
        }
      },
    });
    expect(stopped.signal).toBeNull();
    expect([stopped.code, stopped.stdout]).toEqual([3, expect.stringContaining('glance-retype migrate')]);
    const resumed = await runCli(['migrate', ...at]);
    expect([resumed.code, resumed.stdout]).toEqual([0, expect.stringContaining('resumed')]);
    expect((await runCli(['verify', '--database-url', url])).code).toBe(0);
  });

  it('takes the database from glance-api.conf or the environment', async () => {
    const { url } = await glance(engine);
    const directory = mkdtempSync(join(tmpdir(), 'glance-retype-e2e-'));
    const conf = join(directory, 'glance-api.conf');
    writeFileSync(
      conf,
      `[DEFAULT]\ndebug = true\n\n[database]\n# the address\nconnection = ${url.replace(/^mysql:/u, 'mysql+pymysql:')}\n`,
    );
    const byConf = await runCli(['status', '--glance-conf', conf]);
    expect([byConf.code, byConf.stderr]).toEqual([0, '']);
    const byEnvironment = await runCli(['status'], { env: { GLANCE_RETYPE_DATABASE_URL: url } });
    expect(byEnvironment.stdout.split('\n').slice(0, 2)).toEqual(byConf.stdout.split('\n').slice(0, 2));
  });
});

async function glance(engine: EngineName) {
  const fresh = await withFreshDatabase(engine);
  const database = await openForTest(fresh.url);
  await createEra(database, eraNamed('newest'));
  return { url: fresh.url, database };
}
