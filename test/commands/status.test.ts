import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { runCommand } from '../support/program/command.ts';
import { glance } from './support/schema-change.ts';

it('status follows a migration from its beginning to its end', async () => {
  const { url } = await glance('sqlite');
  const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-status-')), 's.json');
  const status = async (): Promise<unknown> => {
    expect((await runCommand(url, 'status', '--json', file)).code).toBe(0);
    return JSON.parse(readFileSync(file, 'utf8'));
  };
  expect(await status()).toMatchObject({ state: 'not-expanded' });
  expect((await runCommand(url, 'expand', '--target', 'table', '--yes')).code).toBe(0);
  expect(await status()).toMatchObject({ state: 'expanded', target: 'table', lease: null, runs: [] });
  expect((await runCommand(url, 'migrate', '--yes')).code).toBe(0);
  expect(await status()).toMatchObject({ unsettled: 0, runs: [{ state: 'complete' }] });
  expect((await runCommand(url, 'status')).text).toMatch(/Next +glance-retype verify/);
});
