import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import yargs from 'yargs';

import { confOptions, findConf, namedConf } from '../../../src/commands/options/conf-layers.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'conf-layers-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

it.each([
  [['--config-file', 'a', '--config-dir', 'd', '--config-file', 'b'], 'config-file a, config-dir d, config-file b'],
  [['--config-dir=d', '--config-file=a'], 'config-dir d, config-file a'],
  [['--configDir', 'd', '--glanceConf', 'g', '--configFile=a'], 'config-dir d, glance-conf g, config-file a'],
  [['--glance-conf', 'g', '--config-file', 'a', '--glance-conf', 'h'], 'glance-conf g, config-file a, glance-conf h'],
  [['status'], ''],
])('%j is read in the order %s', async (words, order) => {
  const given = await confOptions(yargs()).parseAsync(words);
  expect(
    namedConf(given, words)
      .map(({ option, path }) => `${option} ${path}`)
      .join(', '),
  ).toBe(order);
});

it('options that came without a command line are read too', () => {
  expect(namedConf({ configFile: ['a'], configDir: ['d'] }, [])).toEqual([
    { option: 'config-file', path: 'a' },
    { option: 'config-dir', path: 'd' },
  ]);
});

it('a directory is no --config-file and a file no --config-dir; both are said at once', () => {
  const root = folder();
  writeFileSync(join(root, 'a.conf'), '');
  const find = () =>
    findConf({ configFile: [root], configDir: [join(root, 'a.conf')] }, { environment: {}, words: [], root });
  expect(find).toThrow(/^GLANCE_CONF[^]*name it with --config-dir[^]*name it with --config-file/u);
  expect(findConf({ glanceConf: [root, join(root, 'a.conf')] }, { environment: {}, words: [], root })).toEqual({
    kind: 'named',
    paths: [root, join(root, 'a.conf')],
  });
});

it('--glance-conf reads nothing but what it names', () => {
  const root = folder();
  mkdirSync(join(root, 'etc/glance/glance-api.conf.d'), { recursive: true });
  const around = { environment: {}, words: [], root };
  expect(findConf({ glanceConf: ['g'] }, around)).toEqual({ kind: 'named', paths: ['g'] });
  expect(findConf({ configFile: ['c'] }, around)).toEqual({
    kind: 'named',
    paths: [join(root, 'etc/glance/glance-api.conf.d'), 'c'],
  });
  expect(findConf({ glanceConf: ['g'], configFile: ['c'] }, around)).toMatchObject({ paths: ['c', 'g'] });
});
