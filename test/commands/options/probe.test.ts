import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { probeChoice, probeTail } from '../../../src/commands/options/probe.ts';
import { RetypeError } from '../../../src/model/error.ts';

type Given = Parameters<typeof probeChoice>[0];

let store = '';
let conf = '';
let moved = '';
beforeAll(() => {
  const root = mkdtempSync(join(tmpdir(), 'glance-retype-options-'));
  store = join(root, 'images');
  mkdirSync(store);
  conf = join(root, 'glance-api.conf');
  writeFileSync(conf, `[glance_store]\nfilesystem_store_datadir = ${store}\n`);
  moved = join(root, 'moved.conf');
  writeFileSync(moved, `[glance_store]\nfilesystem_store_datadir = ${root}/elsewhere\n`);
});

function refusal(given: Given): readonly string[] {
  try {
    probeChoice(given, {});
  } catch (error) {
    if (error instanceof RetypeError && error.code === 'USAGE') return error.problems.map(({ place }) => place);
    throw error;
  }
  return [];
}

describe('the probe options', () => {
  it('are off without a source, and look into undecided images with one', () => {
    // An address, so that no configuration of this machine is found.
    expect(probeChoice({ databaseUrl: 'sqlite:////x' }, {})).toEqual({ mode: 'off', notes: [] });
    const sources: Given[] = [
      { storePath: [store] },
      { imageApi: 'https://glance' },
      { imageApi: 'catalog' },
      { glanceConf: [conf] },
    ];
    for (const given of sources) {
      expect(probeChoice(given, {}).mode).toBe('undecided');
      expect(probeChoice({ ...given, probe: 'all' }, {}).mode).toBe('all');
      expect(probeChoice({ ...given, probe: 'off' }, {})).toEqual({ mode: 'off', notes: [] });
    }
  });

  it('take the stores of the configuration only where no source is named', () => {
    expect(probeChoice({ glanceConf: [conf] }, {})).toMatchObject({ stores: [store], imageApi: null });
    expect(probeChoice({ glanceConf: [conf], imageApi: 'catalog' }, {})).toMatchObject({ stores: [] });
  });

  it('take the store inside the root of the container whose configuration names it', () => {
    const root = mkdtempSync(join(tmpdir(), 'probe-container-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    for (const path of ['etc/glance', 'var/images']) mkdirSync(join(root, path), { recursive: true });
    const inside = join(root, 'etc/glance/glance-api.conf');
    writeFileSync(inside, '[glance_store]\nfilesystem_store_datadir = /var/images\n');
    expect(probeChoice({ glanceConf: [inside] }, {})).toMatchObject({ stores: [join(root, 'var/images')], notes: [] });
  });

  it('do not fail for a configuration that names a store of another machine, unless probing was asked for', () => {
    const choice = probeChoice({ glanceConf: [moved] }, {});
    expect(choice).toMatchObject({
      mode: 'off',
      notes: [expect.stringMatching(/moved\.conf:2 .*nothing of that name/u)],
    });
    expect(refusal({ glanceConf: [moved], probe: 'undecided' })).toHaveLength(1);
    expect(probeChoice({ glanceConf: [moved], probe: 'off' }, {})).toEqual({ mode: 'off', notes: [] });
  });

  it('hold a token for the API, and none in what is printed', () => {
    const choice = probeChoice({ imageApi: 'http://glance:9292', osToken: 'hunter2' }, {});
    expect(choice).toMatchObject({ imageApi: { address: 'http://glance:9292', token: 'hunter2' } });
    expect(probeTail({ imageApi: 'http://glance:9292', osToken: 'hunter2' })).toBe(' --image-api http://glance:9292');
  });

  it('keep the cache where the XDG base directories say', () => {
    const cacheFile = (given: Given, environment: NodeJS.ProcessEnv): unknown => {
      const choice = probeChoice({ storePath: [store], ...given }, environment);
      return choice.mode === 'off' ? 'off' : choice.cacheFile;
    };
    expect(cacheFile({}, { XDG_CACHE_HOME: '/c' })).toBe('/c/glance-retype/verdicts.sqlite');
    expect(cacheFile({}, { XDG_CACHE_HOME: 'relative' })).toBe(join(homedir(), '.cache/glance-retype/verdicts.sqlite'));
    expect(cacheFile({}, {})).toBe(join(homedir(), '.cache/glance-retype/verdicts.sqlite'));
    expect(cacheFile({ probeCache: '/x/y' }, {})).toBe('/x/y');
    expect(cacheFile({ probeCache: 'off' }, {})).toBeNull();
  });

  it('are refused all at once', () => {
    expect(refusal({ storePath: ['/none', conf], imageApi: 'ftp://glance', probeJobs: '0', probeCache: '' })).toEqual([
      '--probe-jobs',
      '--probe-cache',
      '--image-api',
      '--store-path /none',
      `--store-path ${conf}`,
    ]);
  });

  it.each([
    [{ probe: 'all' }, '--probe all'],
    [{ probe: 'undecided' }, '--probe undecided'],
    [{ probeJobs: '4' }, '--probe-jobs'],
    [{ probeCache: '/x' }, '--probe-cache'],
    [{ osToken: 'x' }, '--os-token'],
    [{ imageApi: 'http://user:hunter2@glance' }, '--image-api'],
    [{ imageApi: 'glance' }, '--image-api'],
    [{ imageApi: 'catalog', probeJobs: '65' }, '--probe-jobs'],
    [{ imageApi: 'catalog', probeJobs: '1.5' }, '--probe-jobs'],
  ] as const)('are refused when they cannot be used: %j', (given, place) => {
    expect(refusal(given)).toEqual([place]);
    expect(() => probeChoice(given, {})).not.toThrow(/hunter2/u);
  });

  it('are repeated as a shell reads them', () => {
    expect(probeTail({ probe: 'all', storePath: ['/a b', "/it's"], probeCache: 'off', probeJobs: '3' })).toBe(
      String.raw` --probe all --store-path '/a b' --store-path '/it'\''s' --probe-cache off`,
    );
    expect(probeTail({})).toBe('');
  });
});
