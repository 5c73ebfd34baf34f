import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';

import type { Verdict } from '../../../src/model/verdict.ts';
import { type KnownVerdict, openVerdictCache, type VerdictCache } from '../../../src/probe/cache/verdict-cache.ts';
import { contentKey, type ContentKey, PROBER_VERSION } from '../../../src/probe/cache/verdict-cache-key.ts';
import { readVerdictRecord, verdictRecord } from '../../../src/probe/cache/verdict-cache-record.ts';

const KEY: ContentKey = { algorithm: 'sha512', digest: 'ab'.repeat(64), size: '41126400' };

const HEAD = 'cd'.repeat(32);

const DISK: Verdict = {
  imageType: 'disk',
  containerType: 'qcow2',
  confidence: 'certain',
  alsoReadAs: ['filesystem'],
  containerBasis: 'proven',
  reach: 'whole',
  refutes: ['iso', 'vmdk'],
  envelope: null,
  evidence: [{ offset: 0, detail: 'QFI version 3' }],
  safety: ['DIRTY'],
  cost: { requests: 3, bytes: 65_536 },
};

const BLANK: Verdict = {
  imageType: null,
  containerType: null,
  confidence: 'undetermined',
  state: 'contested',
  why: 'blank',
  containerBasis: 'assumed',
  reach: 'cut',
  refutes: [],
  envelope: 'compressed',
  evidence: [],
  safety: [],
  cost: { requests: 1, bytes: 512 },
};

describe('the verdict cache', () => {
  it('gives back what was put in, at no cost, also after it was closed, and to another process', () => {
    const file = cacheFile();
    const cache = opened(file);
    cache.put(KEY, 'random', on(DISK));
    cache.put({ ...KEY, size: '7' }, 'random', on(BLANK));
    expect(cache.get(KEY, 'random')).toEqual(on(free(DISK)));
    cache.close();
    const later = opened(file);
    expect(later.get(KEY, 'random')).toEqual(on(free(DISK)));
    expect(later.get({ ...KEY, size: '7' }, 'random')).toEqual(on(free(BLANK)));
  });

  it.each([
    { ...KEY, size: '41126401' },
    { ...KEY, digest: 'ac'.repeat(64) },
    { ...KEY, algorithm: 'sha256' },
  ])('does not answer for other bytes (%#)', (other) => {
    const cache = opened(cacheFile());
    cache.put(KEY, 'random', on(DISK));
    expect(cache.get(other, 'random')).toBeNull();
  });

  it('does not serve what was read forward to a reader that sees the end of the file as well', () => {
    const cache = opened(cacheFile());
    cache.put(KEY, 'forward', on(BLANK));
    expect(cache.get(KEY, 'random')).toBeNull();
    expect(cache.get(KEY, 'forward')).toEqual(on(free(BLANK)));
    cache.put(KEY, 'random', on(DISK));
    expect(cache.get(KEY, 'forward')).toEqual(on(free(DISK)));
  });

  it('serves no verdict of another version of the prober', () => {
    const file = cacheFile();
    const cache = opened(file);
    cache.put(KEY, 'random', on(DISK));
    cache.close();
    tamper(file, `UPDATE verdict SET prober = ${PROBER_VERSION + 1}`);
    expect(opened(file).get(KEY, 'random')).toBeNull();
  });

  it('drops the verdicts of the layout that knew them by a claimed checksum alone', () => {
    const file = cacheFile();
    opened(file).close();
    tamper(
      file,
      `DROP TABLE verdict;
       CREATE TABLE verdict (algorithm TEXT NOT NULL, digest TEXT NOT NULL, size TEXT NOT NULL, prober INTEGER NOT NULL,
         access TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (algorithm, digest, size, prober, access)) WITHOUT ROWID;
       INSERT INTO verdict VALUES ('sha512', '${KEY.digest}', '${KEY.size}', ${PROBER_VERSION}, 'random', '${verdictRecord(DISK)}');
       PRAGMA user_version = 1`,
    );
    const cache = opened(file);
    expect(cache.get(KEY, 'random')).toBeNull();
    cache.put(KEY, 'random', on(DISK));
    expect(cache.get(KEY, 'random')).toEqual(on(free(DISK)));
  });

  it('may be used by two at once', () => {
    const file = cacheFile();
    const [one, two] = [opened(file), opened(file)];
    one.put(KEY, 'random', on(DISK));
    expect(two.get(KEY, 'random')).toEqual(on(free(DISK)));
    two.put(KEY, 'random', on(BLANK));
    expect(one.get(KEY, 'random')).toEqual(on(free(BLANK)));
  });

  it('is made once by several processes that start together', () => {
    const file = cacheFile();
    const script = fileURLToPath(new URL('verdict-cache-writer.ts', import.meta.url));
    const tsx = fileURLToPath(new URL('../../../node_modules/.bin/tsx', import.meta.url));
    execFileSync('sh', ['-c', 'for n in 1 2 3 4; do "$0" "$1" "$2" $n & done; wait', tsx, script, file]);
    const cache = opened(file);
    for (const writer of [1, 2, 3, 4]) {
      for (let entry = 0; entry < 50; entry += 1) {
        expect(cache.get({ ...KEY, size: `${writer}${entry}` }, 'random')).toEqual(on(free(DISK)));
      }
    }
  });

  it('holds digests and verdicts and nothing else, readable for its owner alone', () => {
    const file = cacheFile();
    const cache = opened(file);
    cache.put(KEY, 'random', on(DISK));
    cache.close();
    const database = new Sqlite(file, { readonly: true });
    const rows = database.prepare('SELECT * FROM verdict').all() as readonly Record<string, unknown>[];
    database.close();
    expect(Object.keys(rows[0] ?? {})).toEqual(['algorithm', 'digest', 'size', 'prober', 'access', 'head', 'record']);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it.each([
    ['a text file', (file: string) => writeFileSync(file, 'no database\n'.repeat(100))],
    ['somebody else’s database', (file: string) => tamper(file, 'CREATE TABLE images (id INTEGER)')],
    ['a directory', (file: string) => execFileSync('mkdir', ['-p', file])],
    ['a later layout', (file: string) => tamper(file, 'PRAGMA application_id = 1196586595; PRAGMA user_version = 9')],
    ['a path through a file', (file: string) => writeFileSync(join(file, '..', '..', 'deep'), '')],
  ])('refuses %s, says why, and leaves it as it is', (what, make) => {
    const base = mkdtempSync(join(tmpdir(), 'glance-retype-cache-'));
    execFileSync('mkdir', ['-p', join(base, 'a')]);
    const file = what === 'a path through a file' ? join(base, 'deep', 'x', 'c.sqlite') : join(base, 'a', 'c.sqlite');
    if (what === 'a path through a file') writeFileSync(join(base, 'deep'), '');
    else make(file);
    const before = statSync(what === 'a path through a file' ? base : file).isFile() ? readFileSync(file) : null;
    const answer = openVerdictCache(file, unexpected);
    expect(answer).toMatchObject({ kind: 'unusable', why: expect.stringMatching(/^[a-z].*[^.]$/u) as string });
    if (before !== null) expect(readFileSync(file)).toEqual(before);
  });

  it('refuses a directory that may not be written', () => {
    const base = mkdtempSync(join(tmpdir(), 'glance-retype-cache-'));
    // The superuser may write anywhere; a name that cannot exist fails for everybody.
    const file = join(base, 'x'.repeat(300), 'c.sqlite');
    expect(openVerdictCache(file, unexpected)).toMatchObject({ kind: 'unusable' });
    chmodSync(base, 0o500);
    onTestFinished(() => chmodSync(base, 0o700));
    const answer = openVerdictCache(join(base, 'y', 'c.sqlite'), unexpected);
    expect(answer.kind).toBe(process.getuid?.() === 0 ? 'open' : 'unusable');
    if (answer.kind === 'open') answer.cache.close();
  });

  it('a file that breaks while it is in use is told of once, and answers nothing from then on', () => {
    const file = cacheFile();
    const troubles: string[] = [];
    const cache = opened(file, (why) => troubles.push(why));
    tamper(file, 'DROP TABLE verdict');
    cache.put(KEY, 'random', on(DISK));
    expect(cache.get(KEY, 'random')).toBeNull();
    cache.put(KEY, 'random', on(DISK));
    expect(troubles).toHaveLength(1);
  });

  it('a damaged file is a reason, not a failure', () => {
    const file = cacheFile();
    const cache = opened(file);
    cache.put(KEY, 'random', on(DISK));
    cache.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 100, 8192);
    writeFileSync(file, bytes);
    const answer = openVerdictCache(file, () => {});
    if (answer.kind === 'open') {
      expect(answer.cache.get(KEY, 'random')).toBeNull();
      answer.cache.close();
    } else {
      expect(answer.why).toMatch(/damaged/u);
    }
  });

  it('a link to nowhere does not stop it', () => {
    const base = mkdtempSync(join(tmpdir(), 'glance-retype-cache-'));
    symlinkSync(join(base, 'none', 'c.sqlite'), join(base, 'c.sqlite'));
    expect(openVerdictCache(join(base, 'c.sqlite'), unexpected).kind).toBe('unusable');
    expect(existsSync(join(base, 'none'))).toBe(false);
    expect(readdirSync(base)).toEqual(['c.sqlite']);
  });
});

describe('a record read back', () => {
  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['null', 'null'],
    ['another type', changed({ imageType: 'virus' })],
    ['another container', changed({ containerType: 'iso' })],
    ['a type without a container', changed({ containerType: null })],
    ['no confidence', changed({ confidence: 'sure' })],
    ['a type that is undetermined', changed({ confidence: 'undetermined' })],
    ['an unknown safety code', changed({ safety: ['DIRTY', 'NOPE'] })],
    ['safety that is no list', changed({ safety: 'DIRTY' })],
    ['another envelope', changed({ envelope: 'rar' })],
    ['evidence with a control character', changed({ evidence: [{ offset: 0, detail: 'a\u001b[2J' }] })],
    ['evidence without an offset', changed({ evidence: [{ detail: 'a' }] })],
    ['evidence with half an offset', changed({ evidence: [{ offset: 0.5, detail: 'a' }] })],
    ['too much evidence', changed({ evidence: Array.from({ length: 201 }, () => ({ offset: 0, detail: 'a' })) })],
    ['a very long detail', changed({ evidence: [{ offset: 0, detail: 'a'.repeat(1_001) }] })],
    ['another reading of no type', changed({ alsoReadAs: ['virus'] })],
    ['no basis', changed({ containerBasis: null })],
  ])('with %s is none', (_what, record) => {
    expect(readVerdictRecord(verdictRecord(DISK))).toEqual(free(DISK));
    expect(readVerdictRecord(record)).toBeNull();
  });

  it('is not served from the file either', () => {
    const file = cacheFile();
    const cache = opened(file);
    cache.put(KEY, 'random', on(DISK));
    tamper(file, `UPDATE verdict SET record = '${changed({ imageType: 'virus' })}'`);
    expect(cache.get(KEY, 'random')).toBeNull();
    tamper(file, `UPDATE verdict SET record = x'00'`);
    expect(cache.get(KEY, 'random')).toBeNull();
  });

  it('drops what is no part of a verdict', () => {
    expect(readVerdictRecord(changed({ name: 'x', cost: { requests: 9, bytes: 9 } }))).toEqual(free(DISK));
  });
});

describe('contentKey', () => {
  const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
  const locations = ['file:///var/lib/glance/images/a', 'filesystem:///srv/images/a'];

  it('prefers the strong hash, in lower case', () => {
    const hash = { algorithm: 'SHA512', value: 'AB'.repeat(64) };
    expect(contentKey({ locations, size: 41_126_400n, checksum: md5, hash })).toEqual(KEY);
    expect(contentKey({ locations, size: 5n, checksum: md5, hash: null })).toEqual({
      algorithm: 'md5',
      digest: md5,
      size: '5',
    });
  });

  it.each([
    [],
    ['https://tenant.example/image'],
    ['http://'],
    ['rbd://'],
    ['swift://'],
    ['s3://'],
    ['file:///var/lib/glance/images/a', 'http://'],
    ['gAAAAAencrypted'],
  ])('takes no checksum that a user may only claim (%#)', (...elsewhere) => {
    expect(contentKey({ locations: elsewhere, size: 5n, checksum: md5, hash: null })).toBeNull();
  });

  it.each([
    { size: null, checksum: md5, hash: null },
    { size: 0n, checksum: md5, hash: null },
    { size: 1n, checksum: null, hash: null },
    { size: 1n, checksum: 'my secret name', hash: null },
    { size: 1n, checksum: `${md5}0`, hash: null },
    { size: 1n, checksum: md5, hash: { algorithm: 'sha512', value: 'file:///etc/passwd' } },
    { size: 1n, checksum: md5, hash: { algorithm: '../x', value: 'ab'.repeat(64) } },
  ])('names nothing by what Glance does not write (%#)', (row) => {
    expect(contentKey({ ...row, locations })).toBeNull();
  });
});

function on(verdict: Verdict): KnownVerdict {
  return { verdict, head: HEAD };
}

function free(verdict: Verdict): Verdict {
  return { ...verdict, cost: { requests: 0, bytes: 0 } };
}

function changed(part: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...(JSON.parse(verdictRecord(DISK)) as object), ...part });
}

function cacheFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'glance-retype-cache-')), 'deep', 'verdicts.sqlite');
}

function opened(file: string, onTrouble: (why: string) => void = unexpected): VerdictCache {
  const answer = openVerdictCache(file, onTrouble);
  if (answer.kind === 'unusable') throw new Error(answer.why);
  onTestFinished(() => answer.cache.close());
  return answer.cache;
}

function tamper(file: string, sql: string): void {
  const database = new Sqlite(file);
  database.exec(sql);
  database.close();
}

function unexpected(why: string): never {
  throw new Error(why);
}
