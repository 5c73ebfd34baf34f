import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { findDatabase } from '../../../src/commands/options/database.ts';
import { askPython } from '../../support/python-oracle.ts';

/** Reads with the real oslo.config as the program glance-api does; prints the database of each case, or null. */
const ORACLE = `
import json, os, sys
from oslo_config import cfg
from oslo_db import options
answers = []
search = cfg._get_config_dirs
def below(root):
    return lambda project=None: [root + path if path.startswith('/etc') else path for path in search(project)]
for case in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update(case['environment'])
    cfg._get_config_dirs = below(case['root'])
    conf = cfg.ConfigOpts()
    conf.register_opts(options.database_opts, 'database')
    try:
        conf(case['words'], project='glance', prog='glance-api')
        answers.append(conf.database.connection or None)
    except (cfg.Error, SystemExit):
        answers.append(None)
json.dump(answers, sys.stdout)
`;

/** Where files are made; those outside `named` are found without an option. */
const PLACES = [
  'home/.glance/glance.conf',
  'home/.glance/glance-api.conf',
  'home/glance-api.conf',
  'home/.glance/glance.conf.d/10.conf',
  'home/.glance/glance.conf.d/20.conf',
  'home/.glance/glance-api.conf.d/05.conf',
  'home/glance-api.conf.d/99.conf',
  'machine/etc/glance/glance-api.conf',
  'machine/etc/glance-api.conf',
  'machine/etc/glance/glance.conf.d/50.conf',
  'snap/etc/glance/glance-api.conf',
  'named/a.conf',
  'named/b.conf',
  'named/d/1.conf',
  'named/d/2.conf',
  'named/e/1.conf',
];
const WORDS = [
  ['--config-file', 'named/a.conf'],
  ['--config-file', 'named/b.conf'],
  ['--config-dir', 'named/d'],
  ['--config-dir', 'named/e'],
] as const;

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'oslo-search-'));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

interface Case {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Stands for the root of the machine. */
  readonly root: string;
}

function made(
  index: number,
  present: readonly string[],
  silent: readonly string[],
  words: readonly (readonly string[])[],
  variable: boolean,
): Case {
  const folder = join(root, String(index));
  // Directories that an option names must be there.
  for (const name of ['named/d', 'named/e']) mkdirSync(join(folder, name), { recursive: true });
  for (const place of present) {
    mkdirSync(dirname(join(folder, place)), { recursive: true });
    const key = silent.includes(place) ? 'max_retries = 1' : `connection = sqlite:////${place}`;
    writeFileSync(join(folder, place), `[database]\n${key}\n`);
  }
  return {
    words: words.flatMap(([option = '', path = '']) => [option, join(folder, path)]),
    root: join(folder, 'machine'),
    environment: {
      HOME: join(folder, 'home'),
      SNAP_COMMON: join(folder, 'snap'),
      ...(variable ? { OS_DATABASE__CONNECTION: 'sqlite:////variable' } : {}),
    },
  };
}

function ours({ words, environment, root: machine }: Case): string | null {
  const valuesOf = (option: string): string[] =>
    words.flatMap((word, index) => (words[index - 1] === option ? [word] : []));
  const given = { configFile: valuesOf('--config-file'), configDir: valuesOf('--config-dir') };
  try {
    const { spec } = findDatabase(given, { environment, words, root: machine }).address;
    return spec.kind === 'sqlite' ? `sqlite:///${spec.path}` : null;
  } catch {
    return null;
  }
}

it('400 sets of files and options lead where the real oslo.config goes (Debian package python3-oslo.config)', () => {
  const cases = fc
    .sample(
      fc.tuple(
        fc.subarray(PLACES),
        fc.subarray(PLACES, { maxLength: 5 }),
        fc.shuffledSubarray([...WORDS], { maxLength: 3 }),
        fc.integer({ min: 0, max: 9 }),
      ),
      { numRuns: 400, seed: 20_111_202 },
    )
    .map(([present, silent, words, dice], index) => made(index, present, silent, words, dice === 0));
  const theirs = askPython(ORACLE, cases, 'oslo.config and oslo.db') as readonly (string | null)[];
  const differing = cases.flatMap((one, index) =>
    ours(one) === theirs[index] ? [] : [{ ...one, ours: ours(one), theirs: theirs[index] }],
  );
  expect(differing).toEqual([]);
  expect(theirs.filter((answer) => answer !== null).length).toBeGreaterThan(200);
});
