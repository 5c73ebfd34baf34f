import type { Executor } from '../../database.ts';

/** The application_name of one open database's transactions. @param id a uuid. */
export function sessionName(id: string): string {
  return `glance-retype ${id}`;
}

/**
 * Ends the sessions that are inside a transaction of that name. Behind a pooler a server session belongs to the client
 * that has a transaction on it; an idle one may serve anybody next and is left. A role may always end its own sessions.
 */
export async function endPostgresSessions(executor: Executor, names: readonly string[]): Promise<number> {
  if (names.length === 0) return 0;
  const [row] = await executor.query(
    `SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) AS ended FROM pg_catalog.pg_stat_activity
     WHERE application_name IN (${names.map(() => '?').join(', ')}) AND usename = current_user AND pid <> pg_backend_pid()
       AND state IN ('active', 'idle in transaction', 'idle in transaction (aborted)')`,
    names,
  );
  return Number(row?.['ended'] ?? 0);
}
