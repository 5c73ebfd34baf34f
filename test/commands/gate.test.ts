import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { GATE_CODES } from '../../src/model/gate.ts';
import { ENGINES, openForTest, runAsAdmin, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import { runCli } from '../support/program/run-cli.ts';

interface GateDocument {
  readonly ready: boolean;
  readonly exit_code: number;
  readonly reasons: readonly { readonly code: string; readonly count: number | null }[];
  readonly undecided: number;
  readonly verified: boolean;
  readonly nodes: readonly { readonly name: string; readonly disk_formats: readonly string[] }[];
}

async function glance(engine: EngineName) {
  const { url, urlAs } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  await createEra(database, eraNamed('newest'));
  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-gate-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  return { url, urlAs, database, directory, file };
}

/** An account that may read this database and nothing else. */
async function readerOf(
  engine: 'mariadb' | 'postgres',
  { url, urlAs, database }: Pick<Awaited<ReturnType<typeof glance>>, 'url' | 'urlAs' | 'database'>,
): Promise<string> {
  const user = `gate_${randomUUID().slice(0, 8)}`;
  if (engine === 'mariadb') {
    const name = new URL(url).pathname.slice(1);
    await runAsAdmin(engine, [`CREATE USER ${user} IDENTIFIED BY 'pw'`, `GRANT SELECT ON ${name}.* TO ${user}`]);
  } else {
    await runAsAdmin(engine, [`CREATE ROLE ${user} LOGIN PASSWORD 'pw'`]);
    await database.execute(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${user}`);
  }
  return urlAs(user, 'pw');
}

async function gate(argv: readonly string[]) {
  const result = await runCli(['gate', '--json', '-', ...argv]);
  const document = JSON.parse(result.stdout) as GateDocument;
  expect(document.exit_code).toBe(result.code);
  expect(document.ready).toBe(result.code === 0);
  return { ...result, document, codes: document.reasons.map(({ code }) => code) };
}

/** The only images left are those that are decided and give no cause for concern. */
const TIDY = [
  'DELETE FROM image_properties',
  "UPDATE images SET deleted = TRUE, status = 'deleted' WHERE disk_format IS NULL OR disk_format NOT IN ('qcow2', 'vhd') OR container_format <> 'bare' OR container_format IS NULL",
];

describe.each(ENGINES)('gate by the built program on %s', (engine) => {
  it('stays shut until everything is done, and opens then', async () => {
    const { url, database } = await glance(engine);
    const at = ['--database-url', url];
    const early = await gate(at);
    expect([early.code, early.codes]).toEqual([4, ['NOT_EXPANDED', 'UNDECIDED', 'FINDINGS']]);
    expect((await runCli(['expand', ...at, '--yes'])).code).toBe(0);
    expect((await gate(at)).codes).toEqual(['RUN_UNFINISHED', 'UNDECIDED', 'FINDINGS']);
    expect((await runCli(['migrate', ...at, '--yes'])).code).toBe(0);
    expect((await gate(at)).codes).toEqual(['UNDECIDED', 'FINDINGS']);
    expect((await gate([...at, '--fail-on-findings', 'none'])).codes).toEqual(['UNDECIDED']);

    for (const statement of TIDY)
      await database.execute(engine === 'sqlite' ? statement.replace('TRUE', '1') : statement);
    const moved = await gate(at);
    expect(moved.codes).not.toContain('UNDECIDED');
    expect((await runCli(['migrate', ...at, '--yes'])).code).toBe(0);
    const ready = await gate(at);
    expect([ready.code, ready.codes, ready.document.verified, ready.document.undecided]).toEqual([0, [], true, 0]);
    expect((await runCli(['gate', ...at])).stdout.split('\n')[0]).toBe('Ready: the cutover may go on.');

    await database.execute("UPDATE images SET disk_format = 'vdi' WHERE disk_format = 'qcow2' AND NOT deleted");
    const drifted = await gate(at);
    expect([drifted.code, drifted.codes]).toEqual([7, ['DRIFT']]);
    expect(drifted.stderr).toContain('legacy-changed');
  });

  it('writes nothing, and does with SELECT alone', async () => {
    const { url, urlAs, database } = await glance(engine);
    await runCli(['expand', '--database-url', url, '--yes']);
    const tables = ['images', 'retype_meta', 'retype_lease', 'retype_runs', 'retype_images'];
    const dump = async (): Promise<unknown> => {
      const rows: unknown[] = [];
      for (const table of tables) rows.push(await database.query(`SELECT * FROM ${table} ORDER BY 1`));
      return rows;
    };
    const before = await dump();
    const reader = engine === 'sqlite' ? url : await readerOf(engine, { url, urlAs, database });
    expect((await gate(['--database-url', reader])).codes).toEqual(['RUN_UNFINISHED', 'UNDECIDED', 'FINDINGS']);
    expect(await dump()).toEqual(before);
  });

  it('compares the formats of the API nodes and reads the database from their files', async () => {
    const { url, directory, file } = await glance(engine);
    const connection = `[database]\nconnection = ${url.replace(/^mysql:/u, 'mysql+pymysql:')}\n`;
    const first = file('first.conf', `${connection}[image_format]\ndisk_formats = raw,qcow2\n`);
    const second = file('second.conf', `${connection}[DEFAULT]\ndisk_formats = raw, qcow2\n`);
    expect((await gate(['--node-conf', first, '--node-conf', second])).codes).toEqual([
      'NOT_EXPANDED',
      'UNDECIDED',
      'FINDINGS',
    ]);

    const layer = join(directory, 'second.d');
    mkdirSync(layer);
    writeFileSync(join(layer, 'site.conf'), '[image_format]\ndisk_formats = raw,qcow2,vpc\u001b[31m\n');
    const { codes, document, stderr } = await gate(['--node-conf', first, '--node-conf', `${second},${layer}`]);
    expect(codes).toEqual(['NOT_EXPANDED', 'UNDECIDED', 'FINDINGS', 'CONF_FORMATS', 'CONF_UNKNOWN_WORD']);
    expect(document.nodes.map(({ name, disk_formats }) => [name, disk_formats.length])).toEqual([
      [first, 2],
      [`${second},${layer}`, 3],
    ]);
    expect(stderr).toContain(`${first}: refuses disk`);
    expect(stderr).not.toContain('\u001b');
    // Beside --glance-conf the nodes' files are read for their formats alone, and without --node-conf its files are one node.
    const beside = await gate([
      '--glance-conf',
      first,
      '--node-conf',
      file('own.conf', `[image_format]\ndisk_formats = iso\n`),
    ]);
    expect(beside.document.nodes.map(({ disk_formats }) => disk_formats)).toEqual([['iso']]);
    const layered = await gate(['--glance-conf', second, '--glance-conf', layer]);
    expect(layered.document.nodes.map(({ name, disk_formats }) => [name, disk_formats.length])).toEqual([
      [`${second},${layer}`, 3],
    ]);
    // The address may also be given beside the files.
    const apart = file('apart.conf', '[image_format]\ndisk_formats = raw\n');
    expect((await gate(['--database-url', url, '--node-conf', apart])).codes).not.toContain('CONF_FORMATS');

    const aliases = file('r.yaml', 'aliases:\n  disk:\n    vpc: vhd\n');
    const named = file('named.conf', '[image_format]\ndisk_formats = vpc\n');
    const at = ['--database-url', url, '--node-conf', named];
    expect((await gate(at)).codes).toContain('CONF_UNKNOWN_WORD');
    expect((await gate([...at, '--rules', aliases])).codes).not.toContain('CONF_UNKNOWN_WORD');
  });
});

describe('gate by the built program', () => {
  it('refuses broken configuration and unreachable databases with their own codes', async () => {
    const { url, file } = await glance('sqlite');
    const broken = await runCli(['gate', '--database-url', url, '--node-conf', file('x.conf', 'junk\n')]);
    expect([broken.code, broken.stderr.split(':')[0]]).toEqual([2, 'GLANCE_CONF']);
    const comma = await runCli(['gate', '--database-url', url, '--node-conf', 'a.conf,']);
    expect([comma.code, comma.stderr.split(':')[0]]).toEqual([2, 'USAGE']);
    const gone = await runCli(['gate', '--database-url', 'sqlite:////nowhere/g.db']);
    expect([gone.code, gone.stdout]).toEqual([8, '']);
  });
});

describe('the example playbook', () => {
  const text = readFileSync(new URL('../../config/example.gate-playbook.yml', import.meta.url), 'utf8');

  it('is one play whose tasks ask gate, show every reason and fail', () => {
    const [play] = parse(text) as { tasks: { block?: Record<string, unknown>[]; always?: object[] }[] }[];
    const block = play?.tasks.find((task) => task.block !== undefined);
    const modules = block?.block?.map((task) => Object.keys(task).find((key) => key.startsWith('ansible.builtin.')));
    expect(modules).toEqual([
      'ansible.builtin.fetch',
      'ansible.builtin.command',
      'ansible.builtin.debug',
      'ansible.builtin.assert',
    ]);
    expect(block?.always).toHaveLength(1);
  });

  it('knows the exit codes and keys that gate has', () => {
    expect(text).toContain('gate.rc not in [0, 4, 7]');
    for (const option of ['--json', '--fail-on-findings', '--node-conf=', '--probe', '--openstack'])
      expect(text).toContain(option);
    expect(GATE_CODES).toHaveLength(13);
  });
});
