import type { ConnectionSpec } from '../connection/spec.ts';
import type { AccessMode, Database } from '../database.ts';

/**
 * Connects and returns the database. Only the driver that is needed is loaded. `onWait` is told whenever a server is waited for, then
 * and later, in the server's words.
 *
 * @throws RetypeError DATABASE_UNREACHABLE, DATABASE_LOGIN, DATABASE_NOT_FOUND, DATABASE_FAILED, SERVER_TOO_OLD, or
 * DATABASE_URL for TLS files that cannot be read. No message, nor that of any cause, holds the password. A SQLite file is
 * never created.
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
