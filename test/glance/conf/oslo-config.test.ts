import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readGlanceConf } from '../../../src/glance/conf/glance-conf.ts';
import { askPython } from '../../support/python-oracle.ts';

/** Reads pairs of files with the real oslo.config and oslo.db options; prints one JSON array: the value, or null. */
const ORACLE = `
import json, sys
from oslo_config import cfg
from oslo_db import options
answers = []
for pair in json.load(sys.stdin):
    conf = cfg.ConfigOpts()
    conf.register_opts(options.database_opts, 'database')
    conf.register_opts([cfg.StrOpt('a'), cfg.StrOpt('b')])
    conf.register_opts([cfg.StrOpt('a')], 'other')
    try:
        args = [word for name in pair for word in ('--config-file', name)]
        conf(args, project='x', default_config_files=[], default_config_dirs=[])
        value = conf.database.connection
        answers.append(value if value and value.strip() else None)
    except (cfg.Error, ValueError, RecursionError):
        answers.append(None)
json.dump(answers, sys.stdout)
`;

const FIRST = '[DEFAULT]\na = one\nb = two$a\n[other]\na = "three $b"\n[database]\nslave_connection = own\n';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'oslo-config-'));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Fragments that the rules tell apart; whole files are any sequence of them. */
const value = fc
  .array(
    fc.constantFrom(
      'x',
      ' ',
      '"',
      "'",
      '$',
      '$$',
      '\\$',
      '$a',
      '${b}',
      '${other.a}',
      '$1',
      '$slave_connection',
      '=',
      ':',
      '#',
      '.',
      '\t',
      '{a}',
    ),
    { maxLength: 7 },
  )
  .map((parts) => parts.join(''));
const key = fc.constantFrom(
  'connection',
  'sql_connection',
  'slave_connection',
  ' connection',
  'connection ',
  'Connection',
);
const line = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(key, fc.constantFrom('=', ' = ', ':', ': '), value).map((parts) => parts.join('')) },
  fc.constantFrom('[database]', '[DATABASE]', '[DEFAULT]', '[default]', '[sql]', '[other]', '[database] '),
  fc.constantFrom('', ' ', '# comment', '; comment', '  continued', '\tcontinued $a', '  # not a comment'),
  fc.constantFrom('[', '[]', 'no sign', '= no key', 'connection'),
);
const text = fc
  .tuple(fc.boolean(), fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'))
  .map(([opened, lines, end]) => [...(opened ? ['[database]'] : []), ...lines].join(end));

function ours(paths: readonly string[]): string | null {
  try {
    return readGlanceConf(paths).connection.value;
  } catch {
    return null;
  }
}

describe('readGlanceConf', () => {
  it('reads 3,000 odd files exactly as the real oslo.config does (Debian package python3-oslo.config)', () => {
    const first = join(root, 'first.conf');
    writeFileSync(first, FIRST);
    const texts = fc.sample(text, { numRuns: 3_000, seed: 20_111_202 });
    const pairs = texts.map((content, index) => {
      const path = join(root, `${index}.conf`);
      writeFileSync(path, content);
      return [first, path];
    });
    const theirs = askPython(ORACLE, pairs, 'oslo.config and oslo.db') as readonly (string | null)[];
    const differing = pairs.flatMap((pair, index) =>
      ours(pair) === theirs[index] ? [] : [{ text: texts[index], ours: ours(pair), theirs: theirs[index] }],
    );
    expect(differing).toEqual([]);
    expect(theirs.filter((answer) => answer !== null).length).toBeGreaterThan(300);
  });
});
