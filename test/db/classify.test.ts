import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';

async function openTwice(engine: EngineName): Promise<readonly [Database, Database]> {
  const { url } = await withFreshDatabase(engine);
  const first = await openForTest(url);
  await first.execute(
    `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)${engine === 'mariadb' ? ' ENGINE=InnoDB' : ''}`,
  );
  await first.execute('INSERT INTO t VALUES (1, 0), (2, 0)');
  return [first, await openForTest(url)];
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

/** A promise to resolve from outside. */
function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

describe.each(SERVERS)('classify on %s', (engine) => {
  it('calls a deadlock between two connections a conflict', async () => {
    const [first, second] = await openTwice(engine);
    const [one, two] = [signal(), signal()];
    const lock = (
      database: Database,
      mine: number,
      other: number,
      own: typeof one,
      theirs: typeof one,
    ): Promise<number> =>
      database.transaction(async (trx) => {
        await trx.execute('UPDATE t SET n = n + 1 WHERE id = ?', [mine]);
        own.give();
        await theirs.given;
        return trx.execute('UPDATE t SET n = n + 1 WHERE id = ?', [other]);
      });
    const failures = await Promise.all([
      failureOf(lock(first, 1, 2, one, two)),
      failureOf(lock(second, 2, 1, two, one)),
    ]);
    const errors = failures.filter((error) => error !== null);
    expect(errors.map((error) => first.dialect.classify(error))).toEqual(['conflict']);
    expect((await first.query('SELECT n FROM t')).map((row) => Number(row['n']))).toEqual([1, 1]);
  });

  it('calls a lock time-out a conflict', async () => {
    const [first, second] = await openTwice(engine);
    await first.transaction(async (trx) => {
      await trx.execute('UPDATE t SET n = 1 WHERE id = 1');
      const error = await failureOf(second.transaction((other) => other.execute('UPDATE t SET n = 2 WHERE id = 1')));
      expect(second.dialect.classify(error)).toBe('conflict');
    });
  });

  it('calls a mistake in our SQL fatal', async () => {
    const [first] = await openTwice(engine);
    expect(first.dialect.classify(await failureOf(first.execute('SELEKT 1')))).toBe('fatal');
    expect(first.dialect.classify(await failureOf(first.query('SELECT nothing FROM t')))).toBe('fatal');
    expect(first.dialect.classify(new Error('anything'))).toBe('fatal');
    expect(first.dialect.classify(undefined)).toBe('fatal');
  });
});

describe.runIf(ENGINES.includes('sqlite'))('classify on sqlite', () => {
  it('calls a file locked by another connection a conflict; a transaction holds its lock from the start', async () => {
    const [first, second] = await openTwice('sqlite');
    await first.transaction(async () => {
      const error = await failureOf(second.execute('UPDATE t SET n = 2'));
      expect(second.dialect.classify(error)).toBe('conflict');
    });
  });
});
