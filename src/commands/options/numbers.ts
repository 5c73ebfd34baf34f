import { usageError } from './usage.ts';

/** Images read at the same time: each may hold a megabyte, a descriptor or a connection. */
export const MOST_JOBS = 64;

/**
 * A whole number within bounds, both inclusive.
 * @throws RetypeError USAGE.
 */
export function wholeNumber(option: string, value: unknown, lowest: number, highest: number): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= lowest && number <= highest) {
    return number;
  }
  throw usageError(
    option,
    `a whole number from ${lowest} to ${highest}`,
    String(value),
    `give ${option} such a number, or leave it out`,
  );
}
