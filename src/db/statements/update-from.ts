import type { Executor } from '../database.ts';
import type { Dialect, JoinedUpdate } from '../dialect.ts';

/**
 * `UPDATE target SET … FROM source`, as PostgreSQL and SQLite spell a joined update; knex has no such form.
 *
 * @returns rows matched.
 */
export async function updateFrom(quote: Dialect['quote'], executor: Executor, update: JoinedUpdate): Promise<number> {
  const { target, source, lookups = [] } = update;
  const set = Object.entries(update.set).map(([column, expression]) => `${quote(column)} = ${expression}`);
  return executor.execute(
    `UPDATE ${quote(target.table)} AS ${quote(target.alias)} SET ${set.join(', ')}` +
      ` FROM ${[source, ...lookups].map(({ table, alias }) => `${quote(table)} AS ${quote(alias)}`).join(', ')}` +
      ` WHERE ${[update.on, ...lookups.map(({ on }) => on), update.where].map((condition) => `(${condition})`).join(' AND ')}`,
    update.bindings,
  );
}
