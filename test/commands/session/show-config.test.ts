import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';

import { showConfig } from '../../../src/commands/session/show-config.ts';

it('one gathered configuration is shown to people and to machines', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'show-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const conf = join(folder, 'g.conf');
  writeFileSync(
    conf,
    [
      '[database]',
      'connection = postgresql://g:hunter2@h:5433/g?sslmode=verify-full',
      'connection_parameters = sslrootcert=/nowhere',
      '[glance_store]',
      'filesystem_store_datadir = /a',
      'filesystem_store_datadirs = relative',
      '',
    ].join('\n'),
  );
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text, done?: unknown) => {
    written.push(String(text));
    if (typeof done === 'function') (done as () => void)();
    return true;
  });
  onTestFinished(() => spy.mockRestore());
  const json = join(folder, 'c.json');
  await showConfig({ glanceConf: [conf], json, answers: 'my answers.yaml' }, {});
  const here = `${conf}:2 [database] connection`;
  expect(JSON.parse(readFileSync(json, 'utf8'))).toEqual({
    format_version: 1,
    kind: 'configuration',
    database: [
      {
        name: 'address',
        value: 'postgresql://g:***@h:5433/g?sslmode=verify-full&sslrootcert=/nowhere',
        source: here,
      },
      { name: 'engine', value: 'PostgreSQL', source: here },
      { name: 'host', value: 'h', source: here },
      { name: 'port', value: '5433', source: here },
      { name: 'user', value: 'g', source: here },
      { name: 'password', value: '***', source: here },
      { name: 'database', value: 'g', source: here },
      { name: 'TLS', value: 'yes; the certificate of the server and its name are verified', source: here },
      { name: 'TLS authority', value: '/nowhere (not found here; --tls-ca names a copy)', source: here },
      {
        name: 'parameters',
        value: 'appended to the address',
        source: `${conf}:3 [database] connection_parameters`,
      },
    ],
    stores: [
      { name: 'store', value: '/a', source: `${conf}:5 [glance_store] filesystem_store_datadir` },
      { name: 'not used', value: 'a relative one', source: `${conf}:6 [glance_store] filesystem_store_datadirs` },
    ],
    deciding: [
      { name: 'rules', value: 'the rules that come with the tool', source: 'default' },
      { name: 'answers', value: 'my answers.yaml', source: '--answers' },
    ],
    files: [conf],
    remarks: [],
  });
  const text = written.join('');
  expect(text).toContain(`  port           5433  `);
  expect(text).toMatch(/Files read, in order\n {2}\/.*g\.conf\n/u);
  expect(text).toContain('Nothing was connected to, and nothing was written.');
  expect(text).not.toContain('hunter2');
});
