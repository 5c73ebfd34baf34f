import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { hostileCloud } from '../../support/cloud/hostile-cloud.ts';
import { faultsIn } from '../../support/program/published-schema.ts';
import { runCli } from '../../support/program/run-cli.ts';

/** Loaded before the program: sends it a signal as soon as it listens for one. */
function stopper(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-stopped-')), 'stopper.mjs');
  writeFileSync(
    file,
    "const { on } = process; process.on = function (name, listener) { const made = on.call(this, name, listener); if (name === 'SIGTERM') setImmediate(() => process.kill(process.pid, name)); return made; };\n",
  );
  return file;
}

it('a command that is stopped before it has a result says STOPPED in its JSON', async () => {
  const { url } = await hostileCloud('sqlite');
  const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-stopped-')), 'plan.ndjson');
  expect((await runCli(['plan', '--ndjson', file, '--database-url', url])).code).toBe(0);
  const { code, stdout, stderr } = await runCli(['diff', file, file, '--json'], { preload: stopper() });
  expect(code, stderr).toBe(3);
  const document = JSON.parse(stdout) as object;
  expect(faultsIn('error', document)).toEqual([]);
  expect(document).toMatchObject({ format_version: 1, error: { code: 'STOPPED', exit_code: 3 } });
});

it('an error after the document adds nothing to it', async () => {
  const { url } = await hostileCloud('sqlite');
  const missing = join(mkdtempSync(join(tmpdir(), 'glance-retype-failed-')), 'none', 'q.yaml');
  const { code, stdout } = await runCli(['plan', '--json', '--questions', missing, '--database-url', url]);
  expect([code, faultsIn('plan', JSON.parse(stdout))]).toEqual([2, []]);
});
