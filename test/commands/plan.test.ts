import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { runCommand } from '../support/program/command.ts';
import { glance } from './support/schema-change.ts';

it('plan writes its outputs and the questions, and says what to do next', async () => {
  const { url } = await glance('sqlite');
  const folder = mkdtempSync(join(tmpdir(), 'glance-retype-plan-'));
  const file = (name: string): string => join(folder, name);
  const asked = ['--questions', file('q.yaml'), '--json', file('p.json'), '--fail-on', 'undecided'];
  const { code, text } = await runCommand(url, 'plan', ...asked);
  expect([code, text.includes(`glance-retype questions ${file('q.yaml')}`)]).toEqual([4, true]);
  expect(readFileSync(file('q.yaml'), 'utf8')).toMatch(/^questions:$/m);
  const { images } = JSON.parse(readFileSync(file('p.json'), 'utf8')) as { images: readonly unknown[] };
  expect(images.length).toBeGreaterThan(0);
  expect((await runCommand(url, 'plan')).code).toBe(0);
});

it('plan takes no two names of a database', async () => {
  const { url } = await glance('sqlite');
  const { code, text } = await runCommand(url, 'plan', '--glance-conf', 'api.conf');
  expect([code, text]).toEqual([2, expect.stringMatching(/^USAGE[^]*database-url and glance-conf together/) as string]);
});
