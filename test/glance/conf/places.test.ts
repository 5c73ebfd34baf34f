import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import {
  containerRoot,
  existing,
  glanceContainers,
  glancePlaces,
  searchPlaces,
} from '../../../src/glance/conf/places.ts';

function machine(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'places-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const NAMES_ONE = '[database]\nconnection = sqlite:////a\n';
const NAMES_NONE = '[DEFAULT]\ndebug = true\n';

function found(root: string, environment: Readonly<Record<string, string>> = {}): unknown {
  const search = searchPlaces(glancePlaces({ environment, root, containers: glanceContainers(root) }), environment);
  const cut = (paths: readonly string[]): readonly string[] => paths.map((path) => path.slice(root.length));
  return search.kind === 'found' ? cut(search.paths) : { seen: cut(search.seen), problems: search.problems };
}

describe('the search', () => {
  it.each([
    ['/etc/glance/glance-api.conf'],
    ['/etc/glance/glance-api.conf.d/10-database.conf', '/etc/glance/glance-api.conf.d'],
    ['/etc/glance/glance.conf.d/00-config.conf', '/etc/glance/glance.conf.d'],
    ['/etc/glance-api.conf'],
    ['/etc/glance/conf.d/10-database.conf', '/etc/glance/conf.d'],
    ['/etc/kolla/glance-api/glance-api.conf'],
    ['/etc/kolla/glance-api/conf.d/10-database.conf', '/etc/kolla/glance-api/conf.d'],
    ['/var/lib/config-data/puppet-generated/glance_api/etc/glance/glance-api.conf'],
    ['/var/snap/microstack/common/etc/glance/glance-api.conf'],
    ['/var/lib/lxc/infra1_glance_container-0f1e/rootfs/etc/glance/glance-api.conf'],
    ['/usr/share/glance/glance-api-dist.conf'],
  ])('finds %s', (file, path = file) => {
    expect(found(machine({ [file]: NAMES_ONE }))).toEqual([path]);
  });

  it.each([
    '/etc/glance/policy.yaml',
    '/etc/kolla/glance-api/config.json',
    '/var/lib/lxc/infra1_nova-0f1e/rootfs/etc/glance/glance-api.conf',
  ])('does not take %s', (file) => {
    expect(found(machine({ [file]: NAMES_ONE }))).toEqual({ seen: [], problems: [] });
  });

  it('reads the files of one place in their order, and of one name the first', () => {
    const root = machine({
      '/usr/share/glance/glance-api-dist.conf': NAMES_ONE,
      '/etc/glance/glance-api.conf': NAMES_ONE,
      '/etc/glance/glance.conf': NAMES_NONE,
      '/etc/glance/glance-registry.conf': NAMES_ONE,
      '/etc/glance/glance-api.conf.d/1.conf': NAMES_NONE,
      '/etc/glance/glance.conf.d/1.conf': NAMES_NONE,
      '/home/.glance/glance-api.conf': NAMES_ONE,
    });
    const home = { HOME: join(root, 'home') };
    const paths = [
      '/usr/share/glance/glance-api-dist.conf',
      '/etc/glance/glance.conf',
      '/etc/glance/glance-registry.conf',
      '/etc/glance/glance-api.conf',
      '/etc/glance/glance.conf.d',
      '/etc/glance/glance-api.conf.d',
    ];
    expect(found(root)).toEqual(paths);
    expect(found(root, home)).toEqual(paths.with(3, '/home/.glance/glance-api.conf'));
  });

  it('does not read conf.d where the files that Glance finds by itself name a database', () => {
    const files = { '/etc/glance/glance-api.conf': NAMES_ONE, '/etc/glance/conf.d/1.conf': NAMES_ONE };
    expect(found(machine(files))).toEqual(['/etc/glance/glance-api.conf']);
    expect(found(machine({ ...files, '/etc/glance/glance-api.conf': NAMES_NONE }))).toEqual([
      '/etc/glance/glance-api.conf',
      '/etc/glance/conf.d',
    ]);
  });

  it('goes on where files name no database, and says which', () => {
    const package_ = { '/etc/glance/glance-api.conf': NAMES_NONE };
    const kolla = { '/etc/kolla/glance-api/glance-api.conf': NAMES_ONE };
    expect(found(machine({ ...package_, ...kolla }))).toEqual(['/etc/kolla/glance-api/glance-api.conf']);
    expect(found(machine(package_))).toEqual({ seen: ['/etc/glance/glance-api.conf'], problems: [] });
  });

  it('ends at a broken file and at a variable, which both say that this place is meant', () => {
    const files = { '/etc/glance/glance-api.conf': NAMES_NONE, '/etc/kolla/glance-api/glance-api.conf': NAMES_ONE };
    expect(found(machine({ ...files, '/etc/glance/glance-api.conf': 'no section = 1\n' }))).toEqual([
      '/etc/glance/glance-api.conf',
    ]);
    expect(found(machine(files), { OS_DATABASE__CONNECTION: 'sqlite:////b' })).toEqual(['/etc/glance/glance-api.conf']);
  });

  it('looks into snaps that the environment names', () => {
    const root = machine({ '/snap/etc/glance/glance-api.conf': NAMES_ONE });
    expect(found(root, { SNAP_COMMON: join(root, 'snap') })).toEqual(['/snap/etc/glance/glance-api.conf']);
  });

  it('takes a link that leads nowhere for nothing', () => {
    const root = machine({ '/etc/glance/policy.yaml': '' });
    symlinkSync('/nowhere', join(root, 'etc/glance/glance-api.conf'));
    expect(existing([[join(root, 'etc/glance/glance-api.conf')]])).toEqual({ paths: [], problems: [] });
  });
});

it.each([
  ['/etc/glance/glance-api.conf', null],
  ['/etc/kolla/glance-api/glance-api.conf', null],
  ['glance-api.conf', null],
  ['/var/lib/lxc/c/rootfs/etc/glance/glance-api.conf', '/var/lib/lxc/c/rootfs'],
  ['/r/etc/glance/glance.conf.d/1.conf', '/r'],
])('%s belongs to the container %j', (path, root) => {
  expect(containerRoot(path)).toBe(root);
});
