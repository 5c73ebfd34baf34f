import { RetypeError } from '../model/error.ts';

/** Rows a page where nothing is written. */
export const DEFAULT_PAGE_SIZE = 2000;

/** Rows a batch: large enough that the commit costs little a row, small enough that its locks last a fraction of a second. */
const DEFAULT_BATCH_SIZE = 2000;

/**
 * Rows a batch on a Galera cluster, where a batch can only win or lose as a whole against writes on other nodes, and each node
 * certifies and applies it in one piece.
 */
const GALERA_BATCH_SIZE = 500;

const LARGEST_BATCH = 50_000;

/** Images read at the same time: each may hold a megabyte, a descriptor or a connection. */
export const MOST_JOBS = 64;

export const BATCH_SIZE_OPTION = {
  describe: `rows a batch, 1 to ${LARGEST_BATCH}; smaller ones hold locks for a shorter time and never change a result (default: ${DEFAULT_BATCH_SIZE}, on a Galera cluster ${GALERA_BATCH_SIZE})`,
  requiresArg: true,
} as const;

/**
 * Checks --batch-size before any database is opened; what was left out is chosen once the server is known.
 * @throws RetypeError USAGE.
 */
export function batchSizeFor(value: unknown): (dialect: { readonly galera: boolean }) => number {
  const asked = value === undefined ? null : wholeNumber('--batch-size', value, 1, LARGEST_BATCH);
  return ({ galera }) => asked ?? (galera ? GALERA_BATCH_SIZE : DEFAULT_BATCH_SIZE);
}

/**
 * A whole number within bounds, both inclusive.
 * @throws RetypeError USAGE.
 */
export function wholeNumber(option: string, value: unknown, lowest: number, highest: number): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= lowest && number <= highest) {
    return number;
  }
  throw new RetypeError('USAGE', [
    {
      place: option,
      expected: `a whole number from ${lowest} to ${highest}`,
      found: String(value),
      advice: `give ${option} such a number, or leave it out`,
    },
  ]);
}
