import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { loadRules } from '../../src/rules/table/load.ts';
import { ruleIds } from '../../src/rules/table/rule-table.ts';
import { shippedRules } from '../../src/rules/table/rule-files.ts';
import { storeFixture } from '../run/support/image-store.ts';
import { ENGINES, openForTest } from '../support/servers/engines.ts';
import { schemaText } from '../support/cloud/migration.ts';
import { runCli } from '../support/program/run-cli.ts';

const OWN = `aliases:
  disk: { vpc: vhd, never: raw }
rows:
  - id: SITE-RAW
    when: { disk: raw, container: PLAIN, own_kernel: absent }
    then: { type: disk, container: raw }
    reason: every raw image is a disk here
  - id: SITE-QED
    when: { disk: qed }
    then: { type: other, container: qed }
    reason: nobody has one
`;

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'glance-retype-rules-')), 'my rules.yaml');
  writeFileSync(path, text);
  return path;
}

interface Shown {
  readonly sections: readonly {
    readonly section: string;
    readonly rows: readonly { readonly id: string; readonly place: string; readonly reason: string }[];
  }[];
}

describe('rules show', () => {
  it('prints every row of the table in the order of a decision, your own with file and line', async () => {
    const mine = file(OWN);
    const result = await runCli(['rules', 'show', '--rules', mine, '--json', '-']);
    const shown = JSON.parse(result.stdout) as Shown;
    expect(result.code).toBe(0);
    expect(shown.sections.flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual([
      ...ruleIds(loadRules([shippedRules()])).slice(0, shown.sections[0]?.rows.length),
      'SITE-RAW',
      'SITE-QED',
      ...ruleIds(loadRules([shippedRules()])).slice(shown.sections[0]?.rows.length),
    ]);
    expect(shown.sections[1]).toMatchObject({
      section: 'operator',
      rows: [
        { place: expect.stringContaining('my rules.yaml:4') as unknown },
        { place: expect.stringContaining('my rules.yaml:8') as unknown },
      ],
    });
    const text = await runCli(['rules', 'show', mine]);
    for (const { rows } of shown.sections) {
      for (const { id } of rows) expect(text.stdout).toMatch(new RegExp(`^  ${id}  \\S`, 'm'));
    }
    expect(text.stdout).toContain('my rules.yaml, then the shipped table');
  });

  it('prints one section', async () => {
    const result = await runCli(['rules', 'show', '--section', 'references']);
    expect(result.stdout).toContain('REF-KERNEL');
    expect(result.stdout).not.toContain('UNTYPED');
  });
});

describe('rules check', () => {
  it('says what it understood, and how to see the effect', async () => {
    const mine = file(OWN);
    const result = await runCli(['rules', 'check', mine]);
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('Valid: 2 rows and 2 aliases of yours');
    expect(result.stdout).toMatch(/when +disk is raw; container is NULL or bare; own_kernel is absent/);
    expect(result.stdout).toContain(`glance-retype rules check '${mine}' --glance-conf`);
  });

  it('lists every problem with its line: words, repeated ids, rows that can never fire', async () => {
    const broken = file(
      'rows:\n  - id: A\n    when: {disk: raw}\n    then: {type: disk, container: raw}\n    reason: x\n' +
        '  - id: B\n    when: {disk: raw, container: bare}\n    then: {type: disk, container: raw}\n    reason: x\n' +
        '  - id: A\n    when: {disk: nosuch\u001bword}\n    then: {type: disc, container: raw}\n    reason: x\n',
    );
    const result = await runCli(['rules', 'check', broken]);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toMatch(/^RULES_FILE/);
    for (const line of [10, 11, 12]) expect(result.stderr).toContain(`my rules.yaml:${line} `);
    const unreachable = await runCli([
      'rules',
      'check',
      file(OWN.replace('disk: qed', 'disk: raw, container: bare, own_kernel: absent')),
    ]);
    expect(unreachable.code).toBe(2);
    expect(unreachable.stderr).toContain('SITE-QED never fires: SITE-RAW before it takes all it allows');
  });

  it.each([
    [['rules', 'check']],
    [['rules', 'check', '/x', '--section', 'tuples']],
    [['rules', 'show', '--database-url', 'sqlite:////x']],
    [['rules', 'print']],
    [['rules']],
  ])('%j is refused as usage', async (argv) => {
    const result = await runCli(argv);
    expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(/^USAGE/)]);
  });
});

describe.each(ENGINES)('rules check on a database, on %s', (engine) => {
  it('tells of each row how many images it decides, from what to what, and writes nothing', async () => {
    const store = await storeFixture(engine);
    const hostile = 'raw\u001b[31m';
    for (let i = 0; i < 7; i += 1) await store.add(null, { disk: 'raw', size: 5_000_000 });
    await store.add(null, { disk: 'vpc', size: 5_000_000 });
    await store.add(null, { id: 'evil\u001b[2J', disk: hostile, container: '\u202ebare', size: 5_000_000 });
    const reader = await openForTest(store.url);
    const before = await schemaText(reader);
    const argv = ['rules', 'check', file(OWN), '--database-url', store.url];
    const result = await runCli([...argv, '--json', '-']);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({
      sound: true,
      images: 9,
      rows: [
        {
          id: 'SITE-RAW',
          effect: {
            images: 7,
            settled: 7,
            changed: 0,
            changes: [
              {
                disk_format: 'raw',
                container_format: 'bare',
                before: { status: 'ambiguous', rule: 'RAW' },
                after: {
                  status: 'inferred',
                  rule: 'SITE-RAW',
                  classifications: [{ image_type: 'disk', container_type: 'raw' }],
                },
                count: 7,
              },
            ],
          },
        },
        { id: 'SITE-QED', effect: { images: 0 } },
      ],
      aliases: [
        { column: 'disk', word: 'vpc', read_as: 'vhd', images: 1 },
        { column: 'disk', word: 'never', images: 0 },
      ],
      alias_effect: { images: 1, settled: 1 },
    });
    const text = await runCli(argv);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/here +decides 7 images: 7 undecided without it/);
    expect(text.stdout).toMatch(/here +matches no image/);
    expect(text.stdout).toContain('in disk_format is read as raw: no image has it');
    expect(text.stdout.replaceAll('\n', '')).toMatch(/^[^\p{Cc}\p{Cf}]*$/u);
    expect(await schemaText(reader)).toBe(before);
  });
});
