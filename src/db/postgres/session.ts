import { LOCK_WAIT_S } from '../pool.ts';
import type { AccessMode } from '../database.ts';

/**
 * Statements that every connection starts with; ALTER ROLE … SET and ALTER DATABASE … SET must not change a result. A database
 * that its owner has made read-only stays so.
 */
export function postgresSession(mode: AccessMode): readonly string[] {
  return [
    "SET timezone = 'UTC'",
    "SET datestyle = 'ISO, YMD'",
    "SET client_encoding = 'UTF8'",
    // The bulk insert quotes by doubling quotes and nothing else.
    'SET standard_conforming_strings = on',
    `SET lock_timeout = '${LOCK_WAIT_S}s'`,
    'SET statement_timeout = 0',
    'SET idle_in_transaction_session_timeout = 0',
    "SET default_transaction_isolation = 'read committed'",
    ...(mode === 'read-only' ? ['SET default_transaction_read_only = on'] : []),
  ];
}
