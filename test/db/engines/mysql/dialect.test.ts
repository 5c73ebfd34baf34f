import { describe, expect, it } from 'vitest';
import { mysqlDialect } from '../../../../src/db/engines/mysql/dialect.ts';

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
    expect([plain.lanes.useful, galera.lanes.useful]).toEqual([2, 1]);
    expect([plain.rowLocks, galera.rowLocks]).toEqual(['everywhere', 'one-node']);
    expect(galera.rebuild?.mostBytes).toBe(64 * 1024 * 1024);
    expect(galera.serverVersion).toBe('MariaDB 10.11.6 (Galera)');
  });
});
