import type { Shard } from '../../journal/lease.ts';
import { GROUPS } from './kinds.ts';
import { usageError } from './usage.ts';

/** More shards would have more leases and boundaries than use. */
const MOST_SHARDS = 256;

export const SHARD_OPTION = {
  group: GROUPS.pace,
  type: 'string',
  requiresArg: true,
  describe: `K/N: only the K-th of N equal parts of the table, while other processes do the others; N is at most ${MOST_SHARDS}`,
} as const;

/**
 * Reads `3/8` as the third of eight; null for the whole table.
 * @throws RetypeError USAGE.
 */
export function shardOf(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const shard = Number(match?.[1]);
  const of = Number(match?.[2]);
  if (match !== null && shard >= 1 && shard <= of && of <= MOST_SHARDS) return { shard, of };
  throw usageError(
    '--shard',
    `K/N, K from 1 to N, N up to ${MOST_SHARDS}`,
    text,
    'for two processes give one --shard 1/2 and the other --shard 2/2',
  );
}
