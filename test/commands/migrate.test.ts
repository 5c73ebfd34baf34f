import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { runCommand } from '../support/program/command.ts';
import { glance } from './support/schema-change.ts';

it('migrate asks before it writes, and writes nothing where it may not', async () => {
  const { url, bench } = await glance('sqlite');
  expect((await runCommand(url, 'expand', '--yes')).code).toBe(0);
  const folder = mkdtempSync(join(tmpdir(), 'glance-retype-migrate-'));
  const asked = await runCommand(url, 'migrate', '--html', join(folder, 'm.html'));
  expect([asked.code, asked.text]).toEqual([2, expect.stringContaining('CONFIRMATION_NEEDED') as string]);
  const rows = async (): Promise<unknown> =>
    (await bench.writer.query('SELECT COUNT(*) AS n FROM retype_journal'))[0]?.['n'];
  expect([await rows(), readdirSync(folder)]).toEqual([0n, []]);
  expect((await runCommand(url, 'migrate', '--yes', '--html', join(folder, 'm.html'))).code).toBe(0);
  expect([(await rows()) === 0n, readdirSync(folder)]).toEqual([false, ['m.html']]);
});

it('migrate reads the answers before anything else', async () => {
  const { url } = await glance('sqlite');
  const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-migrate-')), 'a.yaml');
  writeFileSync(file, 'answers:\n  - { images: a }\n');
  const { code, text } = await runCommand(url, 'migrate', '--yes', '--answers', file);
  expect([code, text]).toEqual([2, expect.stringMatching(/^DECISIONS_FILE[^]*the key answer/) as string]);
});
