import { createHash } from 'node:crypto';

import type { DriverRow } from '../db/database.ts';
import { keyText } from '../glance/tables/driver-value.ts';

/**
 * The columns of a table that its seal covers. Read as numbers and texts, every driver returns them as they were
 * written.
 */
export interface SealedColumns {
  readonly table: string;
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
}

/**
 * A digest of a row of the tool's own tables, stored with the row: 96 bits in base64url. It shows that a row was
 * changed, copied or written by another hand. It does not protect against somebody who can run this program.
 */
export function sealOf({ table, numbers, texts }: SealedColumns, row: DriverRow): string {
  const values = [...numbers.map((column) => Number(row[column])), ...texts.map((column) => keyText(row[column]))];
  return createHash('sha256')
    .update(JSON.stringify([table, ...values]))
    .digest('base64url')
    .slice(0, 16);
}

export function isSealed(columns: SealedColumns, row: DriverRow): boolean {
  return row['seal'] === sealOf(columns, row);
}

/**
 * The seal of a row after a change by this tool. A row that another hand has changed keeps its old seal, so that verify
 * still finds it.
 */
export function sealAfter(columns: SealedColumns, row: DriverRow, change: DriverRow): string {
  return isSealed(columns, row) ? sealOf(columns, { ...row, ...change }) : String(row['seal']);
}
