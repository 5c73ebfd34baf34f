import type { Problem } from '../../model/error.ts';

/** A key as text: `42`, `4f9a…`; null where it is NULL or of a type that no key has. */
export function keyText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;
}

/**
 * Reads BOOLEAN (postgres) or 0 and 1 (mysql: number, sqlite: bigint). NULL, which no Glance writes, counts as false.
 */
export function flag(value: unknown): boolean {
  return value === true || value === 1 || value === 1n || (value !== false && value !== null && Number(value) !== 0);
}

/** Collects the problems of rows; each names its row for a person. */
export interface RowComplaints {
  readonly problems: Problem[];
}

export function textOrNull(value: unknown, place: string, complaints: RowComplaints): string | null {
  if (typeof value === 'string' || value === null) return value;
  if (value === undefined) return null;
  complaints.problems.push(unreadable(place, 'text or NULL', `a value of type ${typeof value}`));
  return null;
}

/** Reads BIGINT: string (mysql, postgres), bigint (sqlite), or a whole number. */
export function bigintOrNull(value: unknown, place: string, complaints: RowComplaints): bigint | null {
  if (typeof value === 'bigint' || value === null) return value;
  if (value === undefined) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?\d{1,19}$/u.test(value)) return BigInt(value);
  complaints.problems.push(unreadable(place, 'a whole number or NULL', `a value of type ${typeof value}`));
  return null;
}

export function unreadable(place: string, expected: string, found: string): Problem {
  return { place, expected, found, advice: 'repair the row by SQL (Glance itself cannot serve it), then run again' };
}
