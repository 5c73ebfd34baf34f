import type { PageColumns } from '../../glance/reader/image-row.ts';
import { type BatchSize, fixedSize, steeredSize } from '../../run/context/batch-size.ts';
import { GROUPS } from './kinds.ts';
import { wholeNumber } from './numbers.ts';
import type { Deciding } from './deciding.ts';
import type { ProbeChoice } from './probe.ts';

const LARGEST_PAGE = 100_000;
const STEERING = { start: 2_000, most: 10_000 } as const;
const AIM = { milliseconds: 250, least: 100 } as const;

/** For commands that only read. */
export const PAGE_SIZE_OPTION = {
  group: GROUPS.pace,
  describe: `rows to read at a time, 1 to ${LARGEST_PAGE}; never changes a result (default: as many as a quarter of a second allows, at most ${STEERING.most})`,
  requiresArg: true,
} as const;

/**
 * The size that the operator gave; else one that is steered by time, so that no query holds its snapshot for long. A
 * row has a kilobyte at most.
 * @throws RetypeError USAGE.
 */
export function pageSizeOf(value: unknown): BatchSize {
  if (value !== undefined) return fixedSize(wholeNumber('--page-size', value, 1, LARGEST_PAGE));
  return steeredSize(STEERING, () => AIM);
}

/**
 * Which columns must be read: all of them where answers may ask for an owner or a size, where content is read, and
 * where single images are reported.
 */
export function pageColumns({ answers }: Deciding, { mode }: ProbeChoice, outputs: readonly unknown[]): PageColumns {
  return answers === null && mode === 'off' && outputs.length === 0 ? 'decisive' : 'all';
}
