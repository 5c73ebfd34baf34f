import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMariadb } from '../../../../scripts/servers/mariadb.ts';
import type { PrivateServer } from '../../../../scripts/servers/private-server.ts';
import type { SqlValue } from '../../../../src/db/database.ts';
import { ENGINES, openForTest } from '../../../support/servers/engines.ts';

// A server of its own: what is changed here is global, and other tests run beside this one.
describe.runIf(ENGINES.includes('mariadb'))('a session on a MariaDB server with unusual settings', () => {
  let server: PrivateServer;

  beforeAll(async () => {
    server = await startMariadb({
      options: [
        '--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT',
        '--transaction-isolation=SERIALIZABLE',
        '--autocommit=0',
        '--max-allowed-packet=65536',
        '--character-set-server=latin1',
        '--skip-character-set-client-handshake',
        '--max-statement-time=1',
        '--default-time-zone=+05:00',
      ],
    });
    await server.createDatabase('glance');
    await server.admin(
      "CREATE TABLE glance.t (id int PRIMARY KEY, word text CHARACTER SET utf8mb4) ENGINE=InnoDB; CREATE USER plain@'%'; GRANT SELECT, INSERT ON *.* TO plain@'%'; COMMIT",
    );
  });

  afterAll(async () => {
    await server.stop();
  });

  it('depends on none of them', async () => {
    const database = await openForTest(server.url('glance'));
    const text = String.raw`a\'b"c\\`;
    const sql = `SELECT ? AS bound, "x" AS quoted, @@tx_isolation AS level, @@time_zone AS zone, @@autocommit AS auto, @@character_set_results AS charset`;
    expect(await database.query(sql, [text])).toEqual([
      { bound: text, quoted: 'x', level: 'READ-COMMITTED', zone: '+00:00', auto: '1', charset: 'utf8mb4' },
    ]);
    expect(await database.query('SELECT SLEEP(1.5) AS slept')).toEqual([{ slept: 0 }]);
  });

  it('inserts many rows below a small max_allowed_packet', async () => {
    const database = await openForTest(server.url('glance'));
    const rows = Array.from({ length: 3000 }, (_, index): SqlValue[] => [index, `\\'😀"${index}`.repeat(9)]);
    expect(await database.transaction((trx) => database.dialect.insertRows(trx, 't', ['id', 'word'], rows))).toBe(3000);
    const found = await database.query('SELECT id, word FROM t ORDER BY id');
    expect(found.map((row) => [row['id'], row['word']])).toEqual(rows);
  });

  it('calls a statement above max_allowed_packet too large', async () => {
    const database = await openForTest(server.url('glance'));
    const error: unknown = await database
      .query('SELECT LENGTH(?)', ['x'.repeat(200_000)])
      .catch((reason: unknown) => reason);
    expect(database.dialect.classify(error)).toBe('too-large');
  });

  it('names a read_only server as such to everybody, and classifies its refusal', async () => {
    await server.admin('SET GLOBAL read_only = 1');
    const root = await openForTest(server.url('glance'));
    expect(await root.dialect.readOnlyReason(root)).toMatch(/read_only/);
    const plain = await openForTest(server.url('glance').replace('root@', 'plain@'));
    const error: unknown = await plain.execute('INSERT INTO t VALUES (-1, NULL)').catch((reason: unknown) => reason);
    expect(plain.dialect.classify(error)).toBe('read-only');
    await server.admin('SET GLOBAL read_only = 0');
  });
});
