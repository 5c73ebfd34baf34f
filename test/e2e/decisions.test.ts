import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { readAnswers } from '../../src/answers/read/answers.ts';
import type { Database } from '../../src/db/database.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import { columnNames, tableDigest } from '../support/cloud/migration.ts';
import { runCli } from '../support/program/run-cli.ts';

describe.each(ENGINES)('answers through the built program on %s', (engine) => {
  it('go from the questions to the journal', async () => {
    const { at, database, file } = await glance(engine);
    const before = await runCli(['plan', ...at, '--questions', file]);
    expect([before.code, before.stderr]).toEqual([0, '']);
    const asked = readFileSync(file, 'utf8');
    const first = /^ {2}- id: (\S+)$/m.exec(asked)?.[1] ?? '';
    answerFirst(file, 'answer: 1\n    author: ada\n    date: 2026-11-24\n    reason: "seen at boot"');
    const { answers } = readAnswers({ path: file, text: readFileSync(file, 'utf8') });
    expect(answers.map(({ id, author }) => [id, author])).toEqual([[first, 'ada']]);

    const json = join(file, '..', 'plan.json');
    const planned = await runCli(['plan', ...at, '--answers', file, '--json', json]);
    expect([planned.code, planned.stderr]).toEqual([0, '']);
    expect(planned.stdout).toContain(`question ${first}`);
    const images = (JSON.parse(readFileSync(json, 'utf8')) as { images: { rule: string; image_id: string }[] }).images;
    const settled = images.filter(({ rule }) => rule === `answer:${first}`).map(({ image_id }) => image_id);
    expect(settled.length).toBeGreaterThan(0);

    expect((await runCli(['expand', ...at, '--yes'])).code).toBe(0);
    const original = (await columnNames(database, 'images')).filter(
      (name) => !/^(?:image_type|container_type|envelope)$/.test(name),
    );
    const untouched = await tableDigest(database, 'images', original);
    const migrated = await runCli(['migrate', ...at, '--answers', file, '--yes']);
    expect(migrated.code).toBe(0);
    expect(await tableDigest(database, 'images', original)).toBe(untouched);
    const rows = await database.query(`SELECT i.image_id, i.evidence FROM retype_images i WHERE i.rule = ?`, [
      `answer:${first}`,
    ]);
    expect(rows.map((row) => String(row['image_id'])).toSorted()).toEqual(settled.toSorted());
    for (const row of rows)
      expect(String(row['evidence'])).toMatch(/by ada on 2026-11-24: seen at boot \(answers\.yaml:\d+\)/);

    expect((await runCli(['verify', ...at, '--answers', file])).code).toBe(0);
    const without = await runCli(['verify', ...at]);
    expect(without.code).not.toBe(0);
    expect((await runCli(['rollback', ...at, '--yes'])).code).toBe(0);
    expect(await tableDigest(database, 'images', original)).toBe(untouched);
  });

  it('are refused when their group has grown, until somebody confirms them', async () => {
    const { at, database, file } = await glance(engine);
    await runCli(['plan', ...at, '--questions', file]);
    answerFirst(file, 'answer: 1\n    author: ada');
    const [, id = '', written = ''] = /^ {2}- id: (\S+)\n {4}images: (\d+)$/m.exec(readFileSync(file, 'utf8')) ?? [];
    expect((await runCli(['expand', ...at, '--yes'])).code).toBe(0);
    const sample = /samples:\n\s+- \{ id: "([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    await multiply(database, sample, Number(written) + 2);

    const refused = await runCli(['migrate', ...at, '--answers', file, '--yes']);
    expect([refused.code, refused.stderr.split(':')[0]]).toEqual([5, 'DECISIONS_GROWN']);
    expect(refused.stderr).toContain(`answers.yaml:`);
    expect(refused.stderr).toContain(`question ${id} had ${written} image`);
    expect(await database.query('SELECT * FROM retype_images')).toEqual([]);

    expect((await runCli(['plan', ...at, '--answers', file, '--questions', file])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('images_now:');
    expect((await runCli(['migrate', ...at, '--answers', file, '--yes'])).code).toBe(5);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^growth_limit: .*$/m, 'growth_limit: 1000%'));
    expect((await runCli(['migrate', ...at, '--answers', file, '--yes'])).code).toBe(0);
  });

  it('of one’s own, with properties that no rule looks at, are previewed with file and line', async () => {
    const { at, database, file } = await glance(engine);
    const [row] = await database.query("SELECT id FROM images WHERE name = 'raw/bare'");
    const no = database.dialect.name === 'postgres' ? 'FALSE' : '0';
    await database.execute(
      `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, ?, 'web-7', '2020-01-01 00:00:00', ${no})`,
      [String(row?.['id']), "site's role"],
    );
    writeFileSync(
      file,
      `answers:
  - when: { property: { "site's role": "web-?" } }
    answer: disk/raw
  - images: [no-such-image]
    answer: leave
  - when: { name: "nobody\\e[31m*", property: { "💾": } }
    answer: kernel/raw
`,
    );
    const { code, stdout, stderr } = await runCli(['plan', ...at, '--answers', file]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/1 +1 +0 +disk\/raw +property site's role=web-\?/);
    expect(stdout).toContain('answers.yaml:4');
    expect(stdout).toContain('image no-such-image is not in the database');
    expect(stdout).toContain('answers.yaml:6');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('a broken answers file', () => {
  it('is refused with every line, before the database is opened', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-decisions-')), 'answers.yaml');
    writeFileSync(file, 'answers:\n  - { images: a, answer: tape/raw }\n  - { wen: {}, answer: "\\e[31m" }\n  - *x\n');
    for (const command of [['plan'], ['migrate', '--yes'], ['verify']]) {
      const result = await runCli([...command, '--database-url', 'sqlite:////nowhere/at/all.db', '--answers', file]);
      expect(result.code).toBe(2);
      expect(result.stderr).toMatch(/^DECISIONS_FILE: /);
      for (const line of [2, 3, 4]) expect(result.stderr).toContain(`${file}:${line}`);
      expect(result.stderr).not.toContain('\u001b');
    }
    const none = await runCli(['plan', '--database-url', 'sqlite:////nowhere', '--answers', `${file}.gone`]);
    expect([none.code, none.stderr.split(':')[0]]).toEqual([2, 'DECISIONS_FILE']);
  });
});

interface Glance {
  readonly at: readonly string[];
  readonly database: Database;
  /** Where the answers go. */
  readonly file: string;
}

async function glance(engine: EngineName): Promise<Glance> {
  const fresh = await withFreshDatabase(engine);
  const database = await openForTest(fresh.url);
  await createEra(database, eraNamed('newest'));
  const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-decisions-')), 'answers.yaml');
  return { at: ['--database-url', fresh.url], database, file };
}

/** Fills in the first question of a file. */
function answerFirst(file: string, words: string): void {
  const empty = /answer:\n {4}author:\n {4}date:\n {4}reason:/;
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(empty);
  writeFileSync(file, text.replace(empty, words));
}

/** Adds images that differ from one by their id alone. */
async function multiply(database: Database, id: string, times: number): Promise<void> {
  const columns = (await columnNames(database, 'images'))
    .filter((name) => name !== 'id')
    .map((name) => database.dialect.quote(name))
    .join(', ');
  for (let i = 0; i < times; i += 1) {
    const copy = `f0000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
    await database.execute(`INSERT INTO images (id, ${columns}) SELECT ?, ${columns} FROM images WHERE id = ?`, [
      copy,
      id,
    ]);
    await database.execute(
      `INSERT INTO image_properties (image_id, name, value, created_at, deleted) SELECT ?, name, value, created_at, deleted FROM image_properties WHERE image_id = ?`,
      [copy, id],
    );
  }
}
