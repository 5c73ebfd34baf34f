import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { mbrDisk } from '../../../scripts/fixtures/payloads/disks.ts';
import { isoImage } from '../../../scripts/fixtures/payloads/volumes.ts';
import { DOCUMENTS } from '../../../scripts/schemas/documents.ts';
import { storeFixture } from '../../run/support/image-store.ts';
import { hostileCloud } from '../../support/cloud/hostile-cloud.ts';
import { faultsIn } from '../../support/program/published-schema.ts';
import { runCommand } from '../../support/program/command.ts';
import { runCli } from '../../support/program/run-cli.ts';
import { openForTest } from '../../support/servers/engines.ts';

type Made = Readonly<Record<string, unknown>>;

/** Checks what a command wrote as its JSON. */
function checked(schema: string, text: string): Made {
  const document = JSON.parse(text) as Made;
  expect(Object.entries(document)[0]).toEqual(['format_version', 1]);
  expect(faultsIn(schema, document)).toEqual([]);
  return document;
}

/** Runs the built program, whose JSON goes to standard output, and nothing else does. */
async function printed(schema: string, code: number, ...argv: readonly string[]): Promise<Made> {
  const result = await runCli(argv);
  expect(result.code, result.stderr).toBe(code);
  return checked(schema, result.stdout);
}

/** Runs a command in this process, whose JSON goes to a file. */
async function written(url: string, schema: string, code: number, ...argv: readonly string[]): Promise<Made> {
  const file = scratch('document.json');
  const result = await runCommand(url, ...argv, `--json=${file}`);
  expect(result.code, result.text).toBe(code);
  const document = checked(schema, readFileSync(file, 'utf8'));
  if ('exit_code' in document) expect(document['exit_code']).toBe(code);
  return document;
}

async function lines(schema: string, code: number, ...argv: readonly string[]): Promise<readonly Made[]> {
  const result = await runCli(argv);
  expect(result.code, result.stderr).toBe(code);
  const documents = result.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Made);
  expect(documents.flatMap((document) => faultsIn(schema, document))).toEqual([]);
  expect(documents.length).toBeGreaterThan(0);
  return documents;
}

const scratch = (name: string): string => join(mkdtempSync(join(tmpdir(), 'glance-retype-schemas-')), name);

describe('documents of the built program', () => {
  it('from plan to contract, of a hostile database, are as docs/schema says', async () => {
    const { url, rows } = await hostileCloud('sqlite');
    const database = await openForTest(url);
    const at = ['--database-url', url] as const;
    // Others cannot be words of a command line.
    const typed = (id: string): boolean => /^[^-\0][^\0]*$/u.test(id);
    const made = (schema: string, code: number, ...argv: readonly string[]) => written(url, schema, code, ...argv);
    const file = scratch('plan.json');
    const answers = scratch('answers.yaml');

    await made('status', 0, 'status');
    await made('gate', 4, 'gate');
    await made('explain', 0, 'explain', rows.map(({ image_id }) => image_id).find(typed) ?? '');
    await made('plan', 0, 'plan', '--questions', answers);
    expect(await lines('ndjson', 0, 'plan', ...at, '--ndjson', '-')).toHaveLength(rows.length);
    const whole = await runCli(['plan', ...at, '--json']);
    checked('plan', whole.stdout);
    writeFileSync(file, whole.stdout);
    const asked = await printed('questions', 4, 'questions', answers, '--fail-on', 'unanswered', '--json');
    expect(asked['open']).toBe(asked['questions']);

    expect(await made('dry-run', 0, 'migrate', '--dry-run')).toMatchObject({ command: 'migrate', statements: [] });
    expect(await made('dry-run', 0, 'expand', '--dry-run')).toMatchObject({ command: 'expand', refusals: [] });
    const dry = await made('dry-run', 0, 'expand', '--dry-run');
    expect(dry).toMatchObject({ end: 'dry-run', command: 'expand', refusals: [] });
    const expanded = await made('expand', 0, 'expand', '--yes');
    expect(expanded).toMatchObject({ end: 'done', columns_added: ['image_type', 'container_type', 'envelope'] });
    expect(await made('expand', 0, 'expand', '--yes')).toMatchObject({ end: 'already-expanded' });
    await made('dry-run', 0, 'migrate', '--dry-run');
    const migrated = await made('migrate', 0, 'migrate', '--yes');
    expect(migrated).toMatchObject({ end: 'complete', run: { id: 1, state: 'complete', resumed: false } });
    await made('status', 0, 'status');
    await made('verify', 0, 'verify');
    const stored = await database.query('SELECT id FROM images WHERE image_type IS NOT NULL AND deleted = 0');
    const [first, second] = stored.map(({ id }) => String(id)).filter(typed);
    await database.execute("UPDATE images SET disk_format = 'vdi' WHERE id = ?", [first ?? '']);
    await database.execute("UPDATE images SET image_type = 'x' WHERE id = ?", [second ?? '']);
    expect(await made('verify', 7, 'verify')).toMatchObject({
      differences: { 'legacy-changed': 1, 'column-changed': 1 },
    });
    await made('gate', 7, 'gate');
    for (const id of [first, second]) await made('explain', 0, 'explain', id ?? '');
    await made('diff', 7, 'diff', file);
    await lines('diff-ndjson', 7, 'diff', file, '--ndjson', '-', ...at);

    expect(await made('dry-run', 0, 'migrate', '--dry-run')).toMatchObject({
      // What somebody wrote beside a decision that is still the same is for verify.
      migrate: { written: 0, rewritten: 1, left_alone: { count: 0, sample_ids: [] } },
    });
    expect(await made('dry-run', 7, 'rollback', '--dry-run')).toMatchObject({
      rollback: { runs: [1], restored: 0, conflicts: { count: 1, sample_ids: [second] } },
    });
    expect(await made('dry-run', 0, 'contract', '--dry-run')).toMatchObject({ command: 'contract', migrate: null });
    await made('dry-run', 7, 'rollback', '--dry-run');
    await made('dry-run', 0, 'contract', '--dry-run');
    const one = await made('rollback', 0, 'rollback', '--yes', '--image', first ?? '');
    expect(one).toMatchObject({ scope: { kind: 'image', image: first }, undone: 1, schema: 'kept' });
    const again = await made('rollback', 0, 'rollback', '--yes', '--image', first ?? '');
    expect(again).toMatchObject({ end: 'nothing-to-undo', undone: 0 });
    const all = await made('rollback', 7, 'rollback', '--yes');
    expect(all).toMatchObject({ end: 'finished', conflicts: { count: 1, sample_ids: [second] }, runs: [1] });
    await database.execute('UPDATE images SET image_type = NULL, container_type = NULL, envelope = NULL WHERE id = ?', [
      second ?? '',
    ]);
    expect(await made('rollback', 0, 'rollback', '--yes')).toMatchObject({ schema: 'restored' });
    expect(await made('rollback', 0, 'rollback', '--yes')).toMatchObject({ end: 'nothing-to-undo' });

    const table = await made('expand', 0, 'expand', '--target', 'table', '--yes');
    expect(table).toMatchObject({ target: 'table', column_names: null, columns_added: [] });
    await made('migrate', 0, 'migrate', '--yes', '--shard', '1/2');
    const open = await made('migrate', 0, 'migrate', '--yes', '--shard', '2/2');
    expect(open).toMatchObject({ shard: '2/2', shards_left: [], run: { state: 'complete' } });
    await made('status', 0, 'status');
    expect(await made('contract', 0, 'contract', '--yes')).toMatchObject({ end: 'done' });
    expect(await made('contract', 0, 'contract', '--yes')).toMatchObject({ target: null });
  });

  it('about the bytes of images are as docs/schema says', async () => {
    const store = await storeFixture('sqlite');
    const iso = await store.add(isoImage(7), { disk: 'raw', container: 'bare' });
    const disk = await store.add(mbrDisk(7), { disk: 'iso', container: 'bare' });
    const blank = await store.add(Buffer.alloc(4096), { disk: 'qcow2', container: 'bare' });
    const gone = await store.add(null, { disk: 'raw', container: 'bare' });
    const look = ['--store-path', store.directory, '--probe', 'all', '--probe-cache', 'off'];
    await written(store.url, 'plan', 0, 'plan', ...look);
    for (const { id } of [iso, disk, blank, gone]) await written(store.url, 'explain', 0, 'explain', id, ...look);
    const probed = await lines('probe', 8, 'probe', '--json', iso.path, disk.path, blank.path, `${iso.path}.none`);
    expect(probed.map(({ format_version, error }) => [format_version, error === undefined])).toEqual([
      [1, true],
      [1, true],
      [1, true],
      [1, false],
    ]);
    const paths = [iso.path, disk.path, blank.path, `${iso.path}.none`];
    const asked = ['--openstack', '2024.1..2025.2', '--json'];
    const words = await lines('probe', 8, 'probe', ...asked, ...paths);
    expect(words.map((line) => 'accepted_disk_formats' in line)).toEqual([true, true, true, false]);
    const verdicts = await lines('probe', 8, 'probe', ...asked, '--disk-format', 'iso', ...paths);
    expect(verdicts.map((line) => 'services' in line)).toEqual([true, true, true, false]);
    const gate = await written(store.url, 'gate', 4, 'gate', '--openstack', '2024.1..2025.2', ...look);
    expect(Object.keys(gate['services'] as object)).toContain('nova');
    const file = scratch('lines');
    const shown = await runCli(['probe', `--json=${file}`, iso.path]);
    expect(readFileSync(file, 'utf8')).toBe(shown.stdout);
  });

  it('about rules are as docs/schema says', async () => {
    const { url } = await hostileCloud('sqlite');
    const mine = scratch('mine.yaml');
    writeFileSync(
      mine,
      'aliases: { disk: { vpc: vhd } }\nrows:\n  - id: SITE-RAW\n    when: { disk: raw }\n    then: { type: disk, container: raw }\n    reason: ours\n',
    );
    await printed('rules-show', 0, 'rules', 'show', '--json');
    await printed('rules-check', 0, 'rules', 'check', mine, '--json');
    await written(url, 'rules-check', 0, 'rules', 'check', mine);
  });
});

it('the log of JSON lines is as docs/schema says, also of a command that fails', async () => {
  const { url } = await hostileCloud('sqlite');
  const at = ['--database-url', url, '--log-format', 'json', '--verbose'];
  const events: string[] = [];
  for (const argv of [
    ['plan', ...at],
    ['verify', ...at],
    ['expand', ...at, '--yes'],
    ['migrate', ...at, '--yes', '--max-batches', '1', '--batch-size', '10'],
    ['migrate', ...at, '--yes'],
    ['rollback', ...at, '--yes'],
  ]) {
    const { stderr } = await runCli(argv);
    for (const line of stderr.trimEnd().split('\n')) {
      const event = checked('log', line);
      events.push(String(event['event']));
    }
  }
  expect(new Set(events)).toEqual(
    new Set(['start', 'database', 'intent', 'run', 'phase', 'progress', 'batch', 'stopping', 'times', 'error', 'end']),
  );
});

it('what --show-config says is as docs/schema says', async () => {
  const { url } = await hostileCloud('sqlite');
  expect(await printed('show-config', 0, 'plan', '--show-config', '--json', '--database-url', url)).toMatchObject({
    kind: 'configuration',
  });
});

it('the certificate of a rehearsal is as docs/schema says', async () => {
  const { url } = await hostileCloud('sqlite');
  const rehearsed = ['rehearse', '--yes', '--json', '--kills', '1', '--database-url', url];
  expect(await printed('rehearse', 0, ...rehearsed)).toMatchObject({
    verdict: 'passed',
  });
});

describe('a command that fails', () => {
  it.each([
    [2, 'USAGE', ['plan', '--json', '--no-such-option']],
    [2, 'DATABASE_URL', ['status', '--json']],
    [8, 'DATABASE_NOT_FOUND', ['gate', '--json', '--database-url', 'sqlite:////nonexistent/x']],
    [2, 'USAGE', ['plan', '--json', '--questions', '-', '--database-url', 'sqlite:////nonexistent/x']],
    [2, 'PLAN_FILE', ['diff', '--json', '/nonexistent/a', '/nonexistent/b']],
    [2, 'RULES_FILE', ['rules', 'check', '/nonexistent', '--json']],
  ] as const)('%i: its JSON is the error %s: %j', async (code, name, argv) => {
    const { error } = await printed('error', code, ...argv);
    expect(error).toMatchObject({ code: name, exit_code: code });
  });

  it('says nothing on standard output where its JSON goes to a file, and leaves the file as it was', async () => {
    const file = scratch('status.json');
    writeFileSync(file, 'earlier');
    const result = await runCli(['status', '--json', file, '--database-url', 'sqlite:////nonexistent/x']);
    expect([result.code, result.stdout, readFileSync(file, 'utf8')]).toEqual([8, '', 'earlier']);
  });

  it('asks for a yes, and says that in its JSON too', async () => {
    const { url } = await hostileCloud('sqlite');
    const { error } = await printed('error', 2, 'expand', '--json', '--database-url', url);
    expect(error).toMatchObject({ code: 'CONFIRMATION_NEEDED' });
  });
});

it('docs/schema has a schema for each document, and no other file', () => {
  const folder = new URL('../../../docs/schema/', import.meta.url);
  const names = Object.keys(DOCUMENTS).map((name) => `${name}.schema.json`);
  expect(readdirSync(folder).toSorted()).toEqual(names.toSorted());
});

it.each(Object.keys(DOCUMENTS))('the schema of %s is sound, and says no to an empty object', (name) => {
  expect(faultsIn(name, {})).not.toEqual([]);
});
