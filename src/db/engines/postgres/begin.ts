import { LOCK_WAIT_S, OPEN_TRANSACTION_S } from '../../transaction/pool-settings.ts';

/**
 * BEGIN together with everything that a transaction needs set, as one message. All of it ends with the transaction: behind a pooler the
 * server connection belongs to somebody else the moment after. ALTER ROLE … SET and ALTER DATABASE … SET must not change a result. A
 * database that its owner has made read-only stays so.
 *
 * @param access null: as the server has it.
 * @param name what the transaction is called in pg_stat_activity.
 */
export function beginPostgres(access: 'READ ONLY' | null, name: string): string {
  return [
    `BEGIN ISOLATION LEVEL READ COMMITTED${access === null ? '' : ` ${access}`}`,
    `SET LOCAL application_name = '${name}'`,
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    // The bulk insert quotes by doubling quotes and nothing else.
    'SET LOCAL standard_conforming_strings = on',
    `SET LOCAL lock_timeout = '${LOCK_WAIT_S}s'`,
    'SET LOCAL statement_timeout = 0',
    // Whoever stops, or loses the way to the server, holds nobody up for longer.
    `SET LOCAL idle_in_transaction_session_timeout = '${OPEN_TRANSACTION_S}s'`,
  ].join('; ');
}
