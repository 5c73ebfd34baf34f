import { describe, expect, it } from 'vitest';
import { postgresDialect } from '../../../../src/db/engines/postgres/dialect.ts';

describe('the dialect of PostgreSQL', () => {
  const dialect = postgresDialect('15.18');

  it('creates a table with texts of any length', () => {
    expect(
      dialect.createTable('t', (table) => {
        table.integer('id').notNullable();
        table.text('evidence', 'mediumtext').notNullable();
        table.primary(['id']);
      }),
    ).toEqual([
      'create table "t" ("id" integer not null, "evidence" text not null, constraint "t_pkey" primary key ("id"))',
    ]);
  });

  it('adds columns without a default and drops them, with one ALTER each', () => {
    expect(
      dialect.addColumns('images', [
        { name: 'a', length: 16 },
        { name: 'b', length: 8 },
      ]),
    ).toEqual(['alter table "images" add column "a" varchar(16) null, add column "b" varchar(8) null']);
    expect(dialect.dropColumns('images', ['a', 'b'])).toEqual([
      'alter table "images" drop column "a", drop column "b"',
    ]);
  });

  it('waits one second for a table', () => {
    expect(dialect.waitingOneSecond(['x'])).toEqual(["SET LOCAL lock_timeout = '1s'", 'x']);
  });

  it('copies a collation of a column, quoted', () => {
    const column = { name: 'id', type: 'varchar(36)', nullable: false, charset: null };
    expect(dialect.columnType({ ...column, collation: 'C' })).toBe('varchar(36) COLLATE "C"');
    expect(dialect.columnType({ ...column, collation: null })).toBe('varchar(36)');
  });
});
