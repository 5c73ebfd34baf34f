import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readFilesystemStores } from '../../../src/glance/conf/filesystem-stores.ts';

let root = '';
let counter = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'glance-stores-'));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function files(texts: readonly string[]): readonly string[] {
  return texts.map((text) => {
    const path = join(root, `glance-${(counter += 1)}.conf`);
    writeFileSync(path, text);
    return path;
  });
}

function stores(...texts: readonly string[]): readonly string[] {
  const { directories, problems } = readFilesystemStores(files(texts));
  expect(problems).toEqual([]);
  return directories.map(({ value }) => value);
}

describe('readFilesystemStores', () => {
  it.each([
    ['none', '[database]\nconnection = sqlite:///a', []],
    ['one', '[glance_store]\nfilesystem_store_datadir = /srv/images', ['/srv/images']],
    ['one by its old name', '[DEFAULT]\nfilesystem_store_datadir=/srv/images/', ['/srv/images/']],
    [
      'the new name, which beats the old one',
      '[DEFAULT]\nfilesystem_store_datadir=/old\n[glance_store]\nfilesystem_store_datadir=/new',
      ['/new'],
    ],
    ['an empty one', '[glance_store]\nfilesystem_store_datadir =', []],
    [
      'several, the highest priority in front, 0 where none is given',
      '[glance_store]\nfilesystem_store_datadirs = /a\nfilesystem_store_datadirs = /b:100\nfilesystem_store_datadirs = /c : 7\nfilesystem_store_datadirs = /d:',
      ['/b', '/c', '/a', '/d'],
    ],
    ['a path with a colon', '[glance_store]\nfilesystem_store_datadirs = /a:b:3', ['/a:b']],
    ['the same twice', '[glance_store]\nfilesystem_store_datadirs = /a:1\nfilesystem_store_datadirs = /a:2', ['/a']],
    [
      'a variable',
      '[DEFAULT]\nstate_path = /var/lib/glance\n[glance_store]\nfilesystem_store_datadir = $state_path/images',
      ['/var/lib/glance/images'],
    ],
    ['stores without files', '[glance_store]\nstores = rbd, http\nfilesystem_store_datadir = /packaged', []],
    ['stores with files', '[glance_store]\nstores = rbd, file\nfilesystem_store_datadir = /a', ['/a']],
    [
      'stores by their old names',
      '[DEFAULT]\nknown_stores = glance.store.rbd.Store,glance.store.filesystem.Store\nfilesystem_store_datadir = /a',
      ['/a'],
    ],
    [
      'stores of the sections that enabled_backends gives',
      '[DEFAULT]\nenabled_backends = fast:file, ceph:rbd,Slow : file\n[glance_store]\ndefault_backend = ceph\nfilesystem_store_datadir = /packaged\n[fast]\nfilesystem_store_datadir = /fast\n[slow]\nfilesystem_store_datadirs = /slow:2\n[ceph]\nfilesystem_store_datadir = /no\n[os_glance_staging_store]\nfilesystem_store_datadir = /staging',
      ['/slow', '/fast'],
    ],
    ['enabled_backends without files', '[DEFAULT]\nenabled_backends = ceph:rbd\nfilesystem_store_datadir = /a', []],
  ])('finds %s', (_what, text, expected) => {
    expect(stores(text)).toEqual(expected);
  });

  it('names the place and leaves out what Glance would refuse', () => {
    const paths = files([
      '[glance_store]\nfilesystem_store_datadirs = /a:high\nfilesystem_store_datadirs = :5\nfilesystem_store_datadirs = /b\nfilesystem_store_datadir = images\n',
    ]);
    const { directories, problems } = readFilesystemStores(paths);
    expect(directories.map(({ value }) => value)).toEqual(['/b']);
    expect(problems.map(({ place }) => place)).toEqual([
      `${paths[0]}:2 [glance_store] filesystem_store_datadirs`,
      `${paths[0]}:3 [glance_store] filesystem_store_datadirs`,
      `${paths[0]}:5 [glance_store] filesystem_store_datadir`,
    ]);
  });

  it('adds up what several files say, as the real oslo.config does (Debian package python3-oslo.config)', () => {
    const texts = [
      '[DEFAULT]\nfilesystem_store_datadirs = /old:1\n[glance_store]\nfilesystem_store_datadirs = /a\nfilesystem_store_datadirs = /b\n',
      '[glance_store]\nfilesystem_store_datadirs = /c\n[DEFAULT]\nfilesystem_store_datadirs = /d\n',
    ];
    const paths = files(texts);
    const answer = spawnSync('/usr/bin/python3', ['-W', 'ignore', '-c', ORACLE, ...paths], { encoding: 'utf8' });
    expect(answer.status, answer.stderr).toBe(0);
    const theirs = (JSON.parse(answer.stdout) as readonly string[]).map((line) => line.split(':')[0]);
    const ours = readFilesystemStores(paths).directories.map(({ value }) => value);
    expect(new Set(ours)).toEqual(new Set(theirs));
  });
});

it('the environment comes before the files, for the list of stores and for the directory of each', () => {
  const paths = files(['[DEFAULT]\nenabled_backends = a:file\n[a]\nfilesystem_store_datadir = /a\n']);
  const environment = { OS_DEFAULT__ENABLED_BACKENDS: 'a:rbd,b:file', OS_B__FILESYSTEM_STORE_DATADIR: '/b' };
  expect(readFilesystemStores(paths, environment).directories).toEqual([
    { value: '/b', place: 'OS_B__FILESYSTEM_STORE_DATADIR in the environment' },
  ]);
});

const ORACLE = `
import json, sys
from oslo_config import cfg
conf = cfg.ConfigOpts()
conf.register_opts([cfg.MultiStrOpt('filesystem_store_datadirs', deprecated_opts=[cfg.DeprecatedOpt('filesystem_store_datadirs', group='DEFAULT')])], 'glance_store')
conf([w for name in sys.argv[1:] for w in ('--config-file', name)], project='x', default_config_files=[], default_config_dirs=[])
json.dump(conf.glance_store.filesystem_store_datadirs, sys.stdout)
`;
