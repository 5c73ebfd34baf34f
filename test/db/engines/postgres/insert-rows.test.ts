import { describe, expect, it } from 'vitest';
import { POSTGRES_BUILDER } from '../../../../src/db/engines/postgres/dialect.ts';
import { insertPostgresRows } from '../../../../src/db/engines/postgres/insert-rows.ts';
import { schemaStatements } from '../../../../src/db/statements/schema.ts';
import type { NativeExecutor } from '../../../../src/db/transaction/transaction-executor.ts';

/** A connection that notes what it is sent and says that each statement inserted two rows. */
function connection() {
  const sent: string[] = [];
  const native = {
    query: async (sql: string) => {
      sent.push(sql);
      return Promise.resolve({ rowCount: 2 });
    },
  };
  const nothing = async (): Promise<never> => Promise.reject(new Error('a bulk insert goes to the connection'));
  const executor: NativeExecutor = { query: nothing, execute: nothing, native: async (work) => work(native) };
  return { executor, sent };
}

const { quote } = schemaStatements(POSTGRES_BUILDER);
const ROWS = {
  table: 't',
  columns: ['id', 'word'],
  rows: [
    [1, "it's"],
    [2, null],
  ],
} as const;

describe('insertPostgresRows', () => {
  it('sends one statement with its values in the text', async () => {
    const { executor, sent } = connection();
    expect(await insertPostgresRows(quote, executor, { ...ROWS, duplicates: 'fail' })).toBe(2);
    expect(sent).toEqual([`INSERT INTO "t" ("id","word") VALUES ('1','it''s'),('2',NULL)`]);
  });

  it('keeps rows that are there, where asked to', async () => {
    const { executor, sent } = connection();
    await insertPostgresRows(quote, executor, { ...ROWS, duplicates: 'keep' });
    expect(sent[0]?.endsWith(' ON CONFLICT DO NOTHING')).toBe(true);
  });

  it('cuts rows into statements below its limit', async () => {
    const { executor, sent } = connection();
    const rows = Array.from({ length: 3 }, (_, id) => [id, 'x'.repeat(600_000)]);
    expect(await insertPostgresRows(quote, executor, { ...ROWS, rows, duplicates: 'fail' })).toBe(6);
    expect(sent).toHaveLength(3);
  });
});
