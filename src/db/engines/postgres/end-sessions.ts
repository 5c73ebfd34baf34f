import { LOCK_WAIT_S, OPEN_TRANSACTION_S } from '../../transaction/pool-settings.ts';
import type { Executor } from '../../database.ts';

/**
 * BEGIN with all settings of a transaction, as one message. All of them end with the transaction: behind a pooler the
 * server connection then serves another client. ALTER ROLE … SET and ALTER DATABASE … SET must not change a result. A
 * database that its owner has made read-only stays read-only.
 *
 * @param access null: the server's default.
 * @param name the transaction's application_name in pg_stat_activity.
 * @param schema where names are looked up and made, a plain identifier; null: as the server has it.
 */
export function beginPostgres(access: 'READ ONLY' | null, name: string, schema: string | null = null): string {
  return [
    `BEGIN ISOLATION LEVEL READ COMMITTED${access === null ? '' : ` ${access}`}`,
    `SET LOCAL application_name = '${name}'`,
    ...(schema === null ? [] : [`SET LOCAL search_path = "${schema}"`]),
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    // The bulk insert escapes only quotes, by doubling them.
    'SET LOCAL standard_conforming_strings = on',
    `SET LOCAL lock_timeout = '${LOCK_WAIT_S}s'`,
    'SET LOCAL statement_timeout = 0',
    // A process that is stopped or cut off must not block others for longer.
    `SET LOCAL idle_in_transaction_session_timeout = '${OPEN_TRANSACTION_S}s'`,
  ].join('; ');
}

/** What the names of all sessions of this program begin with. */
export const SESSION_NAMES = 'glance-retype ';

/** The application_name of one open database's transactions. @param id a uuid. */
export function sessionName(id: string): string {
  return `${SESSION_NAMES}${id}`;
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
