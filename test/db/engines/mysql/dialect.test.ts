import { describe, expect, it } from 'vitest';

import { MYSQL_BUILDER, insertMysqlRows, mysqlDialect } from '../../../../src/db/engines/mysql/dialect.ts';
import { schemaStatements } from '../../../../src/db/statements/schema.ts';
import type { NativeExecutor } from '../../../../src/db/transaction/transaction-executor.ts';

const SERVER = { flavour: 'MariaDB', version: '10.11.6', galera: false, maxAllowedPacket: 16_777_216 } as const;
const COLUMNS = [
  { name: 'image_type', length: 16 },
  { name: 'envelope', length: 16 },
];

describe('the dialect of MySQL and MariaDB', () => {
  it('creates a table in one statement, in InnoDB with byte collation and DYNAMIC rows', () => {
    const statements = mysqlDialect(SERVER).createTable('t', (table) => {
      table.specificType('image_id', 'varchar(36) CHARACTER SET utf8mb3').notNullable();
      table.text('evidence', 'mediumtext').notNullable();
      table.bigInteger('epoch').notNullable();
      table.string('owner', 36).nullable();
      table.primary(['image_id', 'epoch']);
    });
    expect(statements).toEqual([
      'create table `t` (`image_id` varchar(36) CHARACTER SET utf8mb3 not null, `evidence` mediumtext not null, ' +
        '`epoch` bigint not null, `owner` varchar(36) null, primary key (`image_id`, `epoch`)) ' +
        'default character set utf8mb4 collate utf8mb4_bin engine = InnoDB ROW_FORMAT=DYNAMIC',
    ]);
  });

  it('adds and drops all columns with one ALTER, whose algorithm it leaves to the server', () => {
    const dialect = mysqlDialect(SERVER);
    expect(dialect.addColumns('images', COLUMNS)).toEqual([
      'alter table `images` add `image_type` varchar(16) null, add `envelope` varchar(16) null',
    ]);
    expect(dialect.dropColumns('images', ['image_type', 'envelope'])).toEqual([
      'alter table `images` drop `image_type`, drop `envelope`',
    ]);
    expect(dialect.rebuild?.clause).toBe(', FORCE, ALGORITHM=INPLACE, LOCK=NONE');
  });

  it('makes views that are read with the rights of the reader', () => {
    expect(mysqlDialect(SERVER).createView('v', 'SELECT 1')).toEqual([
      'CREATE SQL SECURITY INVOKER VIEW `v` AS SELECT 1',
    ]);
  });

  it('copies character set and collation of a column', () => {
    const column = { name: 'id', type: 'varchar(36)', nullable: false };
    const dialect = mysqlDialect(SERVER);
    expect(dialect.columnType({ ...column, charset: 'utf8mb3', collation: 'utf8mb3_general_ci' })).toBe(
      'varchar(36) CHARACTER SET utf8mb3 COLLATE `utf8mb3_general_ci`',
    );
    expect(dialect.columnType({ ...column, type: 'int(11)', charset: null, collation: null })).toBe('int(11)');
  });

  it('keeps to one lane, small rebuilds and writes as locks on Galera', () => {
    const [plain, galera] = [mysqlDialect(SERVER), mysqlDialect({ ...SERVER, galera: true })];
    expect([plain, galera].map(({ pressure }) => [pressure.alone.lanes, pressure.beside.lanes])).toEqual([
      [3, 2],
      [1, 1],
    ]);
    expect([plain.rowLocks, galera.rowLocks]).toEqual(['everywhere', 'one-node']);
    expect(galera.rebuild?.mostBytes).toBe(64 * 1024 * 1024);
    expect(galera.serverVersion).toBe('MariaDB 10.11.6 (Galera)');
  });
});

/** A connection that notes what it is sent and says that each statement inserted two rows. */
function connection() {
  const sent: string[] = [];
  const native = {
    query: (sql: string, _: null, done: (error: null, result: { affectedRows: number }) => void): void => {
      sent.push(sql);
      done(null, { affectedRows: 2 });
    },
  };
  const nothing = async (): Promise<never> => Promise.reject(new Error('a bulk insert goes to the connection'));
  const executor: NativeExecutor = { query: nothing, execute: nothing, native: async (work) => work(native) };
  return { executor, sent };
}

const { quote } = schemaStatements(MYSQL_BUILDER);
const ROWS = {
  table: 't',
  columns: ['id', 'word'],
  rows: [
    [1, "it's"],
    [2, null],
  ],
} as const;

describe('insertMysqlRows', () => {
  it('sends one statement with its values in the text', async () => {
    const { executor, sent } = connection();
    expect(await insertMysqlRows(quote, 16_777_216, executor, { ...ROWS, duplicates: 'fail' })).toBe(2);
    expect(sent).toEqual(["INSERT INTO `t` (`id`,`word`) VALUES (1,'it\\'s'),(2,NULL)"]);
  });

  it('keeps rows that are there, where asked to', async () => {
    const { executor, sent } = connection();
    await insertMysqlRows(quote, 16_777_216, executor, { ...ROWS, duplicates: 'keep' });
    expect(sent[0]?.endsWith(' ON DUPLICATE KEY UPDATE `id` = `id`')).toBe(true);
  });

  it('cuts rows into statements below its limit', async () => {
    const { executor, sent } = connection();
    const rows = Array.from({ length: 3 }, (_, id) => [id, 'x'.repeat(600_000)]);
    expect(await insertMysqlRows(quote, 16_777_216, executor, { ...ROWS, rows, duplicates: 'fail' })).toBe(6);
    expect(sent).toHaveLength(3);
  });
});
