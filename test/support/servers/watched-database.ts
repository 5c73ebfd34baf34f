import type { Database, Executor } from '../../../src/db/database.ts';

/** Where a call stands that is about to be made, or, for `committed`, was made. */
type CallPlace = 'outside' | 'inside' | 'committed';

/** Awaited before each call of a database, and once more after each COMMIT. What it throws is what the call throws. */
export type Watcher = (place: CallPlace) => Promise<void>;

const STATEMENTS: ReadonlySet<PropertyKey> = new Set(['query', 'execute', 'native']);

/** The same database, with somebody who may do something before each of its calls, or keep it from being made. */
export function watchedDatabase(database: Database, watcher: Watcher): Database {
  const transaction: Database['transaction'] = async (work) => {
    await watcher('outside');
    const value = await database.transaction(async (trx) => {
      const result = await work(watchedStatements<Executor>(trx, 'inside', watcher));
      // COMMIT comes next.
      await watcher('inside');
      return result;
    });
    await watcher('committed');
    return value;
  };
  const statements = watchedStatements(database, 'outside', watcher);
  return new Proxy(statements, {
    get: (target, key): unknown => (key === 'transaction' ? transaction : Reflect.get(target, key, target)),
  });
}

function watchedStatements<T extends object>(target: T, place: CallPlace, watcher: Watcher): T {
  return new Proxy(target, {
    get: (_, key): unknown => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      const bound = value.bind(target) as (...values: readonly unknown[]) => unknown;
      if (!STATEMENTS.has(key)) return bound;
      return async (...values: readonly unknown[]): Promise<unknown> => {
        await watcher(place);
        return bound(...values);
      };
    },
  });
}
