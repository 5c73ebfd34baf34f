import { describe, expect, it } from 'vitest';
import { schemaStatements, statementBuilder } from '../../../src/db/statements/schema.ts';

describe('statements built with knex', () => {
  it.each([
    ['mysql2', '`a``b"c`'],
    ['pg', '"a`b""c"'],
    ['better-sqlite3', '`a``b"c`'],
  ] as const)('quote an identifier for %s', (client, quoted) => {
    expect(schemaStatements(statementBuilder(client)).quote('a`b"c')).toBe(quoted);
  });

  it('do not gather: each call gives its own statements', () => {
    const schema = schemaStatements(statementBuilder('pg'));
    expect(schema.dropTable('one')).toEqual(['drop table "one"']);
    expect(schema.dropView('two')).toEqual(['drop view "two"']);
    expect(schema.createView('v', 'SELECT 1')).toEqual(['create view "v" as SELECT 1']);
  });

  it('fail when they are awaited: the builder has no connection', async () => {
    await expect(statementBuilder('pg')('t').select()).rejects.toThrow(/connection/i);
  });

  it('hand bigints on as they are', () => {
    const built = statementBuilder('mysql2')('t').where({ epoch: 5n }).update({ epoch: 6n }).toSQL();
    expect([built.sql, built.bindings]).toEqual(['update `t` set `epoch` = ? where `epoch` = ?', [6n, 5n]]);
  });
});
