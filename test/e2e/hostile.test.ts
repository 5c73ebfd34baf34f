import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';

import { IMAGE_KEYS } from '../../src/report/records/decision-record.ts';
import { textWidth } from '../../src/report/words/text-width.ts';
import { cellText, readCsv } from '../report/support/csv-reader.ts';
import { ENGINES } from '../support/servers/engines.ts';
import { hostileCloud, type HostileRow } from '../support/cloud/hostile-cloud.ts';
import { runInTerminal } from '../support/program/real-terminal.ts';
import { runCli, type CliResult } from '../support/program/run-cli.ts';

/** Enough of the texts to know the worst of them by. */
const WORST = ['script', '\u001B', '\u009B', '\u202E', 'answers:', '=cmd'];

function scratch(name: string): string {
  return join(mkdtempSync(join(tmpdir(), 'glance-retype-hostile-')), name);
}

/** Nothing that a terminal obeys or that reorders a line: text in lines. */
function expectHarmless(text: string): void {
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  expect(text).not.toMatch(/[\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/u);
}

/** What a command sent but for our own colours, and for going back to the beginning of a line, as progress does. */
function withoutOurs(sent: string): string {
  const colours = [0, 1, 2, 31, 32, 33].map((code) => `\u001B[${code}m`);
  return [...colours, '\r'].reduce((text, ours) => text.replaceAll(ours, ''), sent);
}

function expectQuiet(result: CliResult): void {
  expectHarmless(result.stdout);
  expectHarmless(result.stderr);
}

function byId(rows: readonly HostileRow[]): ReadonlyMap<string, HostileRow> {
  return new Map(rows.map((row) => [row.image_id, row]));
}

function imageOf(record: Readonly<Record<string, unknown>>): HostileRow {
  return Object.fromEntries(IMAGE_KEYS.map((key) => [key, record[key]])) as unknown as HostileRow;
}

/** Every text anywhere in a document. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** What a driver hands out depends on the engine; what becomes of it afterwards does not. */
describe.each(ENGINES)('a hostile database on %s', (engine) => {
  it('is planned without harm to a pipe, and JSON, NDJSON and CSV give every text back', async () => {
    const { url, rows } = await hostileCloud(engine);
    const [json, ndjson, csv] = [scratch('plan.json'), scratch('plan.ndjson'), scratch('plan.csv')];
    const plan = await runCli(['plan', '--database-url', url, '--json', json, '--ndjson', ndjson, '--csv', csv]);
    expect([plan.code, plan.stderr]).toEqual([0, '']);
    expectQuiet(plan);
    expect((await runCli(['plan', '--database-url', url, '--fail-on', 'undecided'])).code).toBe(4);

    const whole = readFileSync(json, 'utf8');
    expectHarmless(whole);
    const { images, summary } = JSON.parse(whole) as { images: HostileRow[]; summary: { total: number } };
    expect(summary.total).toBe(rows.length);
    expect(byId(images.map((record) => imageOf({ ...record })))).toEqual(byId(rows));

    const lines = readFileSync(ndjson, 'utf8');
    expectHarmless(lines);
    expect(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(images);

    const [head, ...records] = readCsv(readFileSync(csv, 'utf8'));
    expect(records).toHaveLength(rows.length);
    const read = records.map((record) =>
      imageOf(Object.fromEntries((head ?? []).map((key, index) => [key ?? '', cellText(record[index] ?? null)]))),
    );
    expect(byId(read)).toEqual(byId(rows));
    for (const cell of records.flat()) expect(cell ?? '').not.toMatch(/^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u);
  });

  it('is migrated, verified, shown and rolled back', async () => {
    const { url, rows } = await hostileCloud(engine);
    const at = ['--database-url', url];
    const codes: Record<string, number | null> = {};
    for (const [command, ...options] of [
      ['expand', '--yes'],
      ['migrate', '--yes'],
      ['status'],
      ['verify'],
      ['status', '--json', '-'],
      ['verify', '--json', '-'],
      ['plan', '--json', '-'],
      ['rollback', '--yes'],
    ] as const) {
      const result = await runCli([command, ...at, ...options]);
      codes[[command, ...options].join(' ')] = result.code;
      expectQuiet(result);
      if (options.some((word) => word === '-')) expect(() => JSON.parse(result.stdout) as unknown).not.toThrow();
    }
    expect(codes).toEqual({
      'expand --yes': 0,
      'migrate --yes': 0,
      status: 0,
      verify: 0,
      'status --json -': 0,
      'verify --json -': 0,
      'plan --json -': 0,
      'rollback --yes': 0,
    });
    const after = await runCli(['plan', ...at, '--ndjson', '-']);
    const images = after.stdout.trimEnd().split('\n');
    expect(byId(images.map((line) => imageOf(JSON.parse(line) as Record<string, unknown>)))).toEqual(byId(rows));
  });
});

describe('a hostile database, output by output', () => {
  const engine = 'sqlite';

  it('asks its questions in YAML that holds the texts and nothing of their making', async () => {
    const { url, rows } = await hostileCloud(engine);
    const file = scratch('answers.yaml');
    const plan = await runCli(['plan', '--database-url', url, '--questions', file]);
    expect([plan.code, plan.stderr]).toEqual([0, '']);
    const text = readFileSync(file, 'utf8');
    expectHarmless(text);
    const document = parseDocument(text, { strict: true });
    expect([document.errors, document.warnings]).toEqual([[], []]);
    const parsed = document.toJS({ maxAliasCount: 0 }) as {
      readonly questions: readonly { readonly samples: readonly { readonly id: string; readonly name: string }[] }[];
      readonly answers?: unknown;
    };
    const known = ['glance_retype_questions', 'plan', 'signature', 'growth_limit', 'questions', 'answers'];
    for (const key of Object.keys(parsed)) expect(known).toContain(key);
    expect(parsed.answers ?? []).toEqual([]);
    const names = byId(rows);
    const cut = (name: string | null | undefined): string | null =>
      (name ?? '').length > 255 ? `${name?.slice(0, 255)}…` : (name ?? null);
    for (const { samples, ...question } of parsed.questions) {
      const facts =
        'id,images,disk_format,container_format,status,rule,why,candidates,evidence,answer,author,date,reason,image_type,envelope';
      for (const key of Object.keys(question)) expect(facts.split(',')).toContain(key);
      expect(question).toMatchObject({ answer: null });
      for (const { id, name } of samples) expect(name).toBe(cut(names.get(id)?.name));
    }
    // What was written can be read: the answers are empty, so the plan is as before.
    const again = await runCli(['plan', '--database-url', url, '--answers', file]);
    expect([again.code, again.stderr]).toEqual([0, '']);
    expectQuiet(again);
    expectQuiet(await runCli(['questions', file]));
  });

  it('makes an HTML page in which every text is text', async () => {
    const { url, rows } = await hostileCloud(engine);
    const file = scratch('report.html');
    const plan = await runCli(['plan', '--database-url', url, '--html', file]);
    expect([plan.code, plan.stderr]).toEqual([0, '']);
    const page = readFileSync(file, 'utf8');
    expect(page).not.toMatch(/[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/u);
    for (const mark of ['<script>pwned', '<img src=x', '<svg onload', '<!-- pwned', '</textarea>']) {
      expect(page).not.toContain(mark);
    }
    // Every element that executes closes once: no text ended one early.
    for (const name of ['script', 'style', 'title', 'body', 'html']) {
      const opened = page.match(new RegExp(`<${name}[\\s>]`, 'g')) ?? [];
      expect([name, page.match(new RegExp(`</${name}>`, 'g'))?.length]).toEqual([name, opened.length]);
    }
    expect(rows.length).toBeGreaterThan(0);
  });

  it('tells in verify what changed without harm', async () => {
    const { url, database } = await hostileCloud(engine);
    const at = ['--database-url', url];
    await runCli(['expand', ...at, '--yes']);
    await runCli(['migrate', ...at, '--yes']);
    await database.execute("UPDATE images SET disk_format = 'vmdk' WHERE disk_format = 'qcow2'");
    const text = await runCli(['verify', ...at]);
    expect(text.code).toBe(7);
    expectQuiet(text);
    const json = await runCli(['verify', ...at, '--json', '-']);
    expect(json.code).toBe(7);
    expectHarmless(json.stdout);
    const { sample } = JSON.parse(json.stdout) as { readonly sample: readonly { readonly image_id: string }[] };
    const stored = await database.query("SELECT id FROM images WHERE disk_format = 'vmdk'");
    const ids = new Set(stored.map((row) => row['id']));
    for (const { image_id } of sample) expect(ids).toContain(image_id);
  });

  it('is explained image by image', async () => {
    const { url, rows } = await hostileCloud(engine);
    // Of the worst; a NUL cannot be typed, and what begins with a dash is an option.
    const asked = rows.filter(
      ({ image_id, name }) => !/^-|\0/.test(image_id) && WORST.some((part) => name?.includes(part) === true),
    );
    expect(asked.length).toBeGreaterThan(20);
    for (const { image_id, name } of asked.filter((_, index) => index % 12 === 0)) {
      const text = await runCli(['explain', '--database-url', url, image_id]);
      expect([text.code, image_id]).toEqual([0, image_id]);
      expectQuiet(text);
      const json = await runCli(['explain', '--database-url', url, '--json', '-', image_id]);
      expect(json.code).toBe(0);
      expectHarmless(json.stdout);
      if ((name ?? '').length <= 255) expect(textsIn(JSON.parse(json.stdout))).toContain(name);
    }
    const unknown = await runCli(['explain', '--database-url', url, '\u001B]0;pwned\u0007<script>']);
    expect(unknown.code).toBe(2);
    expectQuiet(unknown);
  });

  it('is compared with an earlier plan of itself', async () => {
    const { url, database } = await hostileCloud(engine);
    const [before, after] = [scratch('before.json'), scratch('after.ndjson')];
    await runCli(['plan', '--database-url', url, '--json', before]);
    await runCli(['plan', '--database-url', url, '--ndjson', after]);
    const same = await runCli(['diff', before, after]);
    expect(same.code).toBe(0);
    expectQuiet(same);
    await database.execute("UPDATE images SET disk_format = 'iso' WHERE disk_format = 'raw'");
    const live = await runCli(['diff', before, '--database-url', url]);
    expect(live.code).toBe(7);
    expectQuiet(live);
    const json = await runCli(['diff', before, '--database-url', url, '--json', '-']);
    expectHarmless(json.stdout);
    expect(() => JSON.parse(json.stdout) as unknown).not.toThrow();
  });

  it('is refused by the gate with reasons that are text', async () => {
    const { url } = await hostileCloud(engine);
    const at = ['--database-url', url];
    await runCli(['expand', ...at, '--yes']);
    await runCli(['migrate', ...at, '--yes']);
    const text = await runCli(['gate', ...at]);
    expect(text.code).toBe(4);
    expectQuiet(text);
    const json = await runCli(['gate', ...at, '--json', '-']);
    expect(json.code).toBe(4);
    expectHarmless(json.stdout);
    expect(() => JSON.parse(json.stdout) as unknown).not.toThrow();
  });
});

describe('a hostile database on a real terminal', () => {
  it.each([
    ['in colour', 100, 30, {}],
    ['narrow', 60, 24, {}],
    ['without colour', 100, 30, { NO_COLOR: '1' }],
  ] as const)('is planned on one screen %s', async (_how, columns, rows, env) => {
    const { url, database } = await hostileCloud('sqlite');
    // The most frequent tuple, so that it has a place on the smallest screen.
    const worst = '\u001B]0;pwned\u0007\u009B2J\u202E 日本';
    await database.execute("UPDATE images SET disk_format = ? WHERE disk_format = 'raw'", [worst]);
    const { code, sent, screen } = await runInTerminal(['plan', '--database-url', url], { columns, rows, env });
    expect(code).toBe(0);
    const plain = withoutOurs(sent);
    expectHarmless(plain);
    if ('NO_COLOR' in env) expect(sent).not.toContain('\u001B');
    else expect(sent).toContain('\u001B[1m');
    expect(plain).toContain('\\x1b]0;pwned\\x07\\x9b2J');
    // The first line has not left the screen when the last one stands there.
    expect(screen.some((line) => line.startsWith('Not ready: '))).toBe(true);
    // Commands stay whole, so that they can be copied.
    const prose = plain.split('\n').filter((line) => !line.startsWith('  glance-retype '));
    for (const line of prose) expect(textWidth(line)).toBeLessThanOrEqual(columns);
  });

  it('is explained, compared, migrated, verified, shown and taken back', async () => {
    const { url, rows } = await hostileCloud('sqlite');
    const before = scratch('before.json');
    const at = ['--database-url', url];
    const image = rows.find(({ image_id }) => image_id.startsWith('\u001B]0;'))?.image_id ?? '';
    for (const [expected, ...argv] of [
      [0, 'plan', '--full', '--json', before],
      [0, 'explain', image],
      [0, 'expand', '--yes'],
      [0, 'migrate', '--yes'],
      [0, 'verify'],
      [0, 'status'],
      [0, 'diff', before],
      [4, 'gate'],
      [0, 'rollback', '--yes'],
    ] as const) {
      const { code, sent } = await runInTerminal([...argv, ...at], { columns: 100, rows: 40 });
      expect([argv[0], code]).toEqual([argv[0], expected]);
      expectHarmless(withoutOurs(sent));
    }
  });

  it('shows bytes that are no text as something else than commands', async () => {
    const { url, database } = await hostileCloud('sqlite');
    await database.execute("UPDATE images SET name = CAST(X'FF1B5B324AEDA0BD00' AS TEXT) WHERE disk_format = 'raw'");
    const { code, sent } = await runInTerminal(['plan', '--full', '--database-url', url], { columns: 100, rows: 40 });
    expect(code).toBe(0);
    expectHarmless(withoutOurs(sent));
  });
});
