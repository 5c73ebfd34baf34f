import type { ConnectionSpec } from '../connection/spec.ts';
import type { AccessMode, Database } from '../database.ts';

/**
 * Connects and returns the database. Loads only the driver that is needed. Calls `onWait` with the reason, in the
 * server's words, whenever it waits for a server, now and later.
 *
 * @throws RetypeError DATABASE_UNREACHABLE, DATABASE_LOGIN, DATABASE_NOT_FOUND, DATABASE_FAILED, SERVER_TOO_OLD, or
 *   DATABASE_URL for TLS files that cannot be read. No message holds the password, not even that of a cause. A SQLite
 *   file is never created.
 */
export async function openDatabase(
  spec: ConnectionSpec,
  mode: AccessMode,
  onWait: (reason: string) => void = () => {},
): Promise<Database> {
  if (spec.kind === 'mysql') {
    const { openMysql } = await import('./mysql/open.ts');
    return openMysql(spec, mode, onWait);
  }
  if (spec.kind === 'postgres') {
    const { openPostgres } = await import('./postgres/open.ts');
    return openPostgres(spec, mode, onWait);
  }
  const { openSqlite } = await import('./sqlite/open.ts');
  return openSqlite(spec, mode, onWait);
}
