import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { createEra } from '../../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../../scripts/fixtures/eras/eras.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';
import { runCli } from '../../support/program/run-cli.ts';

const HOSTILE = '<script>\u001b[31m\u202e","x":"';

async function glance(engine: EngineName) {
  const { url } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  await createEra(database, eraNamed('newest'));
  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-diff-'));
  const file = (name: string): string => join(directory, name);
  await runCli(['plan', '--database-url', url, '--json', file('a.json'), '--ndjson', file('a.ndjson')]);
  return { url, database, file };
}

const lines = (text: string): readonly Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe.each(ENGINES)('diff by the built program on %s', (engine) => {
  it('compares a plan with another and with the database: the row, a property, rules, an image gone and one more', async () => {
    const { url, database, file } = await glance(engine);
    const same = await runCli(['diff', file('a.json'), file('a.ndjson')]);
    expect([same.code, same.stderr, same.stdout.split(':')[0]]).toEqual([0, '', 'No difference']);
    expect((await runCli(['diff', file('a.ndjson'), '--database-url', url, '--fail-on', 'any'])).code).toBe(0);

    const copy = lines(readFileSync(file('a.ndjson'), 'utf8'));
    const ids = copy
      .filter((record) => record['disk_format'] === 'qcow2' && record['status'] === 'inferred')
      .slice(0, 3)
      .map((record) => String(record['image_id']));
    await database.execute("UPDATE images SET disk_format = 'iso' WHERE id = ?", [ids[0] ?? '']);
    await database.execute('UPDATE images SET name = ? WHERE id = ?', [HOSTILE, ids[1] ?? '']);
    writeFileSync(
      file('b.ndjson'),
      copy
        .filter((record) => record['image_id'] !== ids[2])
        .toReversed()
        .map((record) => `${JSON.stringify(record)}\n`)
        .join(''),
    );

    const live = await runCli([
      'diff',
      file('b.ndjson'),
      '--database-url',
      url,
      '--ndjson',
      '-',
      '--json',
      file('d.json'),
    ]);
    expect([live.code, live.stderr]).toEqual([7, expect.stringContaining('Different: ') as string]);
    expect(
      Object.fromEntries(lines(live.stdout).map(({ image_id, changes, why }) => [image_id, [changes, why]])),
    ).toEqual({
      [ids[0] ?? '']: [expect.arrayContaining(['decision', 'tuple']) as unknown, ['tuple']],
      [ids[1] ?? '']: [['name'], []],
      [ids[2] ?? '']: [['added'], ['added']],
    });
    expect(live.stderr).toContain('Different: 1 image decided differently, 1 added; 1 changed in other ways.');
    const document = JSON.parse(readFileSync(file('d.json'), 'utf8')) as Record<string, unknown>;
    expect(document).toMatchObject({ verdict: 'different', changed: 3, same: copy.length - 3 });

    const gone = await runCli(['diff', file('a.json'), file('b.ndjson')]);
    expect([gone.code, gone.stdout.split('\n')[0]]).toEqual([0, expect.stringContaining('1 gone') as string]);
    expect((await runCli(['diff', file('a.json'), file('b.ndjson'), '--fail-on', 'any'])).code).toBe(7);
    expect((await runCli(['diff', file('a.json'), '--database-url', url, '--fail-on', 'none'])).code).toBe(0);
  });

  it('tells rules of one’s own from changed rows', async () => {
    const { url, file } = await glance(engine);
    writeFileSync(
      file('r.yaml'),
      'rows:\n  - id: SITE\n    when: { disk: raw, container: bare }\n    then: { type: disk, container: raw }\n    reason: ours\n',
    );
    const { code, stdout, stderr } = await runCli([
      'diff',
      file('a.json'),
      '--database-url',
      url,
      '--rules',
      file('r.yaml'),
      '--json',
      '-',
    ]);
    expect(code).toBe(7);
    const document = JSON.parse(stdout) as { headers: { key: string }[]; transitions: { why: string[] }[] };
    expect(document.headers.map(({ key }) => key)).toEqual(['rules_digest']);
    expect(new Set(document.transitions.flatMap(({ why }) => why))).toEqual(new Set(['rules']));
    expect(stderr).toContain('different rules digest');
  });
});

describe('diff by the built program', () => {
  it('refuses what is no plan, with file and line, and says so of both files', async () => {
    const { file } = await glance('sqlite');
    const [one] = readFileSync(file('a.ndjson'), 'utf8').split('\n');
    writeFileSync(file('twice.ndjson'), `${one}\n${one}\n`);
    writeFileSync(file('cut.json'), readFileSync(file('a.json'), 'utf8').slice(0, -200));
    const bad = await runCli(['diff', file('twice.ndjson'), file('cut.json')]);
    expect([bad.code, bad.stdout]).toEqual([2, '']);
    expect(bad.stderr).toMatch(/^PLAN_FILE/);
    expect(bad.stderr).toMatch(/twice\.ndjson:2[\s\S]*again, first in line 1[\s\S]*cut\.json:\d+[\s\S]*cut off/);
    const missing = await runCli(['diff', file('none'), file('a.json')]);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringMatching(/^PLAN_FILE[\s\S]*ENOENT/) as string]);
    const directory = await runCli(['diff', file('.'), file('a.json')]);
    expect([directory.code, directory.stderr.split(':')[0]]).toEqual([2, 'PLAN_FILE']);
  });

  it.each([
    [['a', 'b', '--database-url', 'sqlite:////x'], 'after and database-url together'],
    [['a', '-', '--json', 'x', '--ndjson', 'x'], 'both want'],
    [['a', '-', '--json', '-', '--ndjson', '-'], 'both want'],
    [['-', '-'], '- twice'],
    [[], 'nothing after diff'],
    [['a', 'b', 'c'], 'expected BEFORE [AFTER] and no more'],
  ])('does not take %j', async (argv, found) => {
    const { code, stderr } = await runCli(['diff', ...argv]);
    expect([code, stderr.split(':')[0]]).toEqual([2, 'USAGE']);
    expect(stderr).toContain(found);
  });

  it('leaves nothing behind when it is interrupted, or killed', async () => {
    const { file } = await glance('sqlite');
    const [line] = readFileSync(file('a.ndjson'), 'utf8').split('\n');
    const record = JSON.parse(line ?? '') as Record<string, unknown>;
    const many = Array.from({ length: 60_000 }, (_, n) => JSON.stringify({ ...record, image_id: `i${n}` }));
    writeFileSync(file('big.ndjson'), `${many.join('\n')}\n`);
    const scratch = mkdtempSync(join(tmpdir(), 'glance-retype-scratch-'));
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      // The empty database says a sentence on standard error before it is read: the cue, after the file was read.
      const { url } = await withFreshDatabase('sqlite');
      await createEra(await openForTest(url), eraNamed('newest'));
      let signalled = false;
      const result = await runCli(
        [
          'diff',
          file('big.ndjson'),
          '--database-url',
          url,
          '--probe',
          'all',
          '--store-path',
          tmpdir(),
          '--probe-cache',
          tmpdir(),
          '--ndjson',
          file('out'),
        ],
        {
          env: { SQLITE_TMPDIR: scratch },
          onStderr: (text, kill) => {
            if (signalled || !text.includes('is not used as a cache')) return;
            signalled = true;
            kill(signal);
          },
        },
      );
      expect([result.code, result.signal]).toEqual(signal === 'SIGINT' ? [3, null] : [null, 'SIGKILL']);
      expect(readdirSync(scratch)).toEqual([]);
      expect(readdirSync(file('.')).filter((name) => name.includes('out'))).toEqual([]);
    }
  });

  it('reads a plan from standard input', async () => {
    const { file } = await glance('sqlite');
    const { spawnSync } = await import('node:child_process');
    const cli = new URL('../../../dist/cli.js', import.meta.url).pathname;
    const input = readFileSync(file('a.ndjson'));
    const { status, stdout } = spawnSync(process.execPath, [cli, 'diff', '-', file('a.json')], {
      input,
      encoding: 'utf8',
    });
    expect([status, stdout.split(':')[0]]).toEqual([0, 'No difference']);
  });
});
