import type { Executor } from '../database.ts';
import type { JoinedUpdate } from '../dialect.ts';
import { quoteStandard } from './quote-standard.ts';

/** `UPDATE target SET … FROM source`, as PostgreSQL and SQLite spell a joined update. @returns rows matched. */
export async function updateFrom(executor: Executor, update: JoinedUpdate): Promise<number> {
  const { target, source, lookups = [] } = update;
  const set = Object.entries(update.set).map(([column, expression]) => `${quoteStandard(column)} = ${expression}`);
  return executor.execute(
    `UPDATE ${quoteStandard(target.table)} AS ${quoteStandard(target.alias)} SET ${set.join(', ')}` +
      ` FROM ${[source, ...lookups].map(({ table, alias }) => `${quoteStandard(table)} AS ${quoteStandard(alias)}`).join(', ')}` +
      ` WHERE ${[update.on, ...lookups.map(({ on }) => on), update.where].map((condition) => `(${condition})`).join(' AND ')}`,
    update.bindings,
  );
}
