import { createHash } from 'node:crypto';

import type { DriverRow } from '../db/database.ts';
import { keyText } from '../glance/tables/driver-value.ts';

/** Columns that are sealed: every driver gives them back as they were written, once they are taken as numbers and as texts. */
export interface SealedColumns {
  readonly table: string;
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
}

/**
 * A digest of a row of the tool's own tables, kept with the row: 96 bits in base64url. It keeps nobody out who can run this program; it shows
 * that a row was changed, copied or made by another hand.
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
 * The seal of a row that is about to be changed by this tool. One that another hand changed keeps its seal, so that it goes on to show.
 */
export function sealAfter(columns: SealedColumns, row: DriverRow, change: DriverRow): string {
  return isSealed(columns, row) ? sealOf(columns, { ...row, ...change }) : String(row['seal']);
}
