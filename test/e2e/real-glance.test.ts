import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { loadCloud } from '../../scripts/fixtures/cloud.ts';
import { createRealGlanceSchema, realGlanceConf } from '../../scripts/fixtures/real-glance.ts';
import { openForTest, withFreshDatabase } from '../support/servers/engines.ts';
import { columnNames, schemaText, tableDigest } from '../support/cloud/migration.ts';
import { REAL_GLANCE } from '../support/cloud/real-glance.ts';
import { runCli } from '../support/program/run-cli.ts';

describe.runIf(REAL_GLANCE)('the main job on a schema made by the real glance-manage', () => {
  it.each(['columns', 'table'])('goes from plan to rollback, named by glance-api.conf (target %s)', async (target) => {
    const { url } = await withFreshDatabase('mariadb');
    createRealGlanceSchema(url);
    const database = await openForTest(url);
    await loadCloud(database, { images: 3000, seed: 2011 });
    const conf = join(mkdtempSync(join(tmpdir(), 'glance-retype-e2e-')), 'glance-api.conf');
    writeFileSync(conf, realGlanceConf(url));
    const at = ['--glance-conf', conf];
    const original = await columnNames(database, 'images');
    const before = [await tableDigest(database, 'images', original), await schemaText(database)];

    const plan = await runCli(['plan', ...at, '--ndjson', '-']);
    expect(plan.code).toBe(0);
    const planned = plan.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { status: string });
    expect(planned).toHaveLength(3000);

    expect((await runCli(['expand', ...at, '--target', target, '--yes'])).code).toBe(0);
    expect((await runCli(['migrate', ...at, '--yes', '--batch-size', '500'])).code).toBe(0);
    const status = JSON.parse((await runCli(['status', ...at, '--json', '-'])).stdout) as {
      runs: { counts: Record<string, number>; batches: number }[];
    };
    const counts: Record<string, number> = { exact: 0, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 0 };
    for (const { status: word } of planned) {
      counts[word] = (counts[word] ?? 0) + 1;
    }
    expect(status.runs[0]?.counts).toEqual(counts);
    expect((await runCli(['verify', ...at])).code).toBe(0);
    expect(await tableDigest(database, 'images', original)).toBe(before[0]);

    expect((await runCli(['rollback', ...at, '--yes'])).code).toBe(0);
    expect([await tableDigest(database, 'images', original), await schemaText(database)]).toEqual(before);
  });
});
