import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { ENGINES, openForTest, runAsAdmin, withFreshDatabase } from '../support/servers/engines.ts';

describe.each(ENGINES)('a database opened read-only on %s', (engine) => {
  it('reads, and refuses every write, in a transaction and outside', async () => {
    const { url } = await withFreshDatabase(engine);
    const writer = await openForTest(url);
    await writer.execute('CREATE TABLE t (id INTEGER PRIMARY KEY)');
    const reader = await openForTest(url, 'read-only');
    expect(await reader.query('SELECT id FROM t')).toEqual([]);
    expect(await reader.transaction((trx) => trx.query('SELECT id FROM t'))).toEqual([]);
    const writes = [
      'INSERT INTO t VALUES (1)',
      'UPDATE t SET id = 2',
      'DELETE FROM t',
      'CREATE TABLE u (id INTEGER)',
      'ALTER TABLE t ADD COLUMN n INTEGER',
      'DROP TABLE t',
    ];
    for (const sql of writes) {
      for (const attempt of [
        () => reader.execute(sql),
        () => reader.transaction((trx) => trx.execute(sql)),
        () => reader.query(sql),
      ]) {
        const error: unknown = await attempt().then(
          () => null,
          (reason: unknown) => reason,
        );
        expect([sql, error === null ? 'written' : reader.dialect.classify(error)]).toEqual([sql, 'read-only']);
      }
    }
    await expect(reader.dialect.insertRows(reader, 't', ['id'], [[1]])).rejects.toThrow();
    expect(await writer.dialect.listTables(writer)).toEqual(['t']);
    expect(await writer.query('SELECT id FROM t')).toEqual([]);
  });

  it('does not say that the server itself is read-only', async () => {
    const { url } = await withFreshDatabase(engine);
    for (const mode of ['read-only', 'read-write'] as const) {
      const database = await openForTest(url, mode);
      expect(await database.dialect.readOnlyReason(database)).toBeNull();
    }
  });
});

describe.runIf(ENGINES.includes('postgres'))('a PostgreSQL database that is frozen', () => {
  it('is named as such', async () => {
    const { url } = await withFreshDatabase('postgres');
    await runAsAdmin('postgres', [
      `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`,
    ]);
    const database = await openForTest(url);
    expect(await database.dialect.readOnlyReason(database)).toMatch(/default_transaction_read_only/);
  });
});

describe.runIf(ENGINES.includes('sqlite'))('a SQLite file', () => {
  it('left in WAL mode can be read', async () => {
    const { url, spec } = await withFreshDatabase('sqlite');
    const file = new BetterSqlite3(spec.kind === 'sqlite' ? spec.path : '');
    file.pragma('journal_mode = WAL');
    file.exec('CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (1)');
    file.close();
    const reader = await openForTest(url, 'read-only');
    expect(await reader.query('SELECT id FROM t')).toEqual([{ id: 1n }]);
  });

  it('whose writer was killed is recovered and read', async () => {
    const { url, path } = await smallFile();
    killWhileWriting(path);
    const reader = await openForTest(url, 'read-only');
    expect(await reader.query('SELECT id FROM t')).toEqual([{ id: 1n }]);
  });

  it.each(['read-only', 'read-write'] as const)(
    'whose writer is killed while somebody has it open (%s) is recovered and read',
    async (mode) => {
      const { url, path } = await smallFile();
      const reader = await openForTest(url, mode);
      expect(await reader.query('SELECT id FROM t')).toEqual([{ id: 1n }]);
      killWhileWriting(path);
      expect(await reader.query('SELECT id FROM t')).toEqual([{ id: 1n }]);
      expect(existsSync(`${path}-journal`)).toBe(false);
    },
  );

  it.skipIf(process.getuid?.() === 0)('without write permission is named as such', async () => {
    const { url, spec } = await withFreshDatabase('sqlite');
    chmodSync(spec.kind === 'sqlite' ? spec.path : '', 0o400);
    const database = await openForTest(url);
    expect(await database.dialect.readOnlyReason(database)).toMatch(/may not be written/);
  });
});

async function smallFile(): Promise<{ readonly url: string; readonly path: string }> {
  const { url, spec } = await withFreshDatabase('sqlite');
  const path = spec.kind === 'sqlite' ? spec.path : '';
  const file = new BetterSqlite3(path);
  file.exec('CREATE TABLE t (id INTEGER, filler TEXT); INSERT INTO t VALUES (1, NULL)');
  file.close();
  return { url, path };
}

/** A tiny cache makes SQLite write uncommitted pages into the file, so that only the journal can undo them. */
function killWhileWriting(path: string): void {
  const script = `
    const db = require('better-sqlite3')(process.argv[1]);
    db.pragma('cache_size = 2');
    db.exec("BEGIN; UPDATE t SET id = 2; INSERT INTO t WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000) SELECT n, hex(zeroblob(100)) FROM c");
    process.kill(process.pid, 'SIGKILL');
  `;
  expect(spawnSync(process.execPath, ['-e', script, path]).signal).toBe('SIGKILL');
  expect(existsSync(`${path}-journal`)).toBe(true);
}
