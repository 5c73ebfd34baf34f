import type { SqlValue } from '../../database.ts';

/** better-sqlite3 binds every number as REAL; only a column's affinity turns it back, and a text column would keep `1.0`. */
export function exactInteger(value: SqlValue): SqlValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}
