import type { PageColumns } from '../../glance/reader/page-statement.ts';
import { type BatchSize, fixedSize, steeredSize } from '../../run/context/batch-size.ts';
import { wholeNumber } from './numbers.ts';
import type { Deciding } from './deciding.ts';
import type { ProbeChoice } from './probe.ts';

const LARGEST_PAGE = 100_000;
const STEERING = { start: 2_000, least: 100, most: 10_000, target: 250 } as const;

/** Rows read at a time by commands that only read. */
export const PAGE_SIZE_OPTION = {
  describe: `rows read at a time, 1 to ${LARGEST_PAGE}; never changes a result (default: as many as are read in a quarter of a second, ${STEERING.most} at most)`,
  requiresArg: true,
} as const;

/**
 * As the operator said; else steered so that no query holds its snapshot for long and no page its rows, which are a kilobyte at most.
 * @throws RetypeError USAGE.
 */
export function pageSizeOf(value: unknown): BatchSize {
  if (value !== undefined) return fixedSize(wholeNumber('--page-size', value, 1, LARGEST_PAGE));
  return steeredSize(STEERING);
}

/**
 * What must be read of every row: all columns where answers may ask for an owner or a size, where bytes are looked at, and where single
 * images are reported.
 */
export function pageColumns({ answers }: Deciding, { mode }: ProbeChoice, outputs: readonly unknown[]): PageColumns {
  return answers === null && mode === 'off' && outputs.length === 0 ? 'decisive' : 'all';
}
