import type { DriverRow, Executor } from '../../database.ts';
import { driverError } from '../../driver-error.ts';

const NAME = "CONCAT(p.ID, ' ', p.HOST, ' ', @@hostname, ':', @@port)";

/**
 * Names the session that runs it: by its number, the client's address as the server sees it, and the server. A number
 * alone is reused after a restart, and each node of a cluster has its own. Gives no row for a connection by socket,
 * which has no address.
 */
export const SESSION_NAME = `SELECT ${NAME} AS name FROM information_schema.PROCESSLIST p
  WHERE p.ID = CONNECTION_ID() AND p.HOST LIKE '%:%'`;

/** Error numbers for a session that no longer exists and for one that this account may not end. */
const NOT_ENDED = new Set([1094, 1095, 1227]);

/**
 * Ends the named sessions that still exist and belong to the same account, which needs no privilege. Sessions on
 * another node hold no locks here, and the lease keeps them from committing.
 */
export async function endMysqlSessions(executor: Executor, names: readonly string[]): Promise<number> {
  if (names.length === 0) return 0;
  const rows: readonly DriverRow[] = await executor.query(
    `SELECT p.ID AS id FROM information_schema.PROCESSLIST p
     WHERE ${NAME} IN (${names.map(() => '?').join(', ')}) AND p.USER = SUBSTRING_INDEX(USER(), '@', 1) AND p.ID <> CONNECTION_ID()`,
    names,
  );
  let ended = 0;
  for (const { id } of rows) {
    try {
      await executor.execute(`KILL CONNECTION ${String(BigInt(String(id)))}`);
      ended += 1;
    } catch (error) {
      if (!NOT_ENDED.has(driverError(error).errno ?? 0)) throw error;
    }
  }
  return ended;
}
