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
import { type ContentKey, PROBER_VERSION } from '../../../src/probe/cache/verdict-cache-key.ts';
import { verdictRecord } from '../../../src/probe/cache/verdict-cache-record.ts';
import { NOTHING_SEEN } from '../../../src/model/inspection.ts';

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
  inspection: NOTHING_SEEN,
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
  inspection: NOTHING_SEEN,
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

describe('a record that the prober did not write', () => {
  it('is not used', () => {
    const file = cacheFile();
    const cache = opened(file);
    cache.put(KEY, 'random', on(DISK));
    tamper(file, `UPDATE verdict SET record = '${changed({ imageType: 'virus' })}'`);
    expect(cache.get(KEY, 'random')).toBeNull();
    tamper(file, `UPDATE verdict SET record = x'00'`);
    expect(cache.get(KEY, 'random')).toBeNull();
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
