import type { Argv } from 'yargs';

import { MOST_LANES } from '../../db/transaction/pool-settings.ts';
import type { Dialect } from '../../db/dialect.ts';
import type { Pressure } from '../../db/pressure.ts';
import { countText } from '../../report/words/number-text.ts';
import { type BatchSize, fixedSize, steeredSize } from '../../run/context/batch-size.ts';
import { createPressureControl, type PressureControl } from '../../run/steering/pressure.ts';
import { type Given, GROUPS } from './kinds.ts';
import { wholeNumber } from './numbers.ts';

const LARGEST_BATCH = 50_000;

/** How quickly a command writes. */
export interface BatchPace {
  readonly size: BatchSize;
  /** At most. */
  readonly lanes: number;
  readonly pressure: PressureControl;
  /** For the question before writing: `300 rows a batch at first, up to 3 at a time`. */
  readonly text: string;
}

export function batchSizeOption<T>(yargs: Argv<T>) {
  return yargs.option('batch-size', {
    group: GROUPS.pace,
    describe: `rows in a batch, 1 to ${LARGEST_BATCH}; a smaller batch holds its locks for a shorter time, and the result is the same (default: as many as 100 ms allow, and fewer beside others who write or wait)`,
    requiresArg: true,
  });
}

export function batchPaceOptions<T>(yargs: Argv<T>) {
  return batchSizeOption(yargs)
    .option('lanes', {
      group: GROUPS.pace,
      describe: `batches to write at the same time, 1 to ${MOST_LANES} (default: up to 3, and fewer beside others who write or wait; 1 on a Galera cluster; always 1 on SQLite)`,
      requiresArg: true,
    })
    .option('max-latency', {
      group: GROUPS.pace,
      describe:
        'milliseconds that 99 of 100 small writes by others may take while the run writes; the tool makes 20 such writes a second to measure it, and pauses where needed (default: no pauses)',
      requiresArg: true,
    });
}

/** What the operator asked for, checked before any database is opened. The rest is chosen once the server is known. */
export interface AskedPace {
  readonly batchSize: number | null;
  readonly lanes: number | null;
  /** Milliseconds. */
  readonly maxLatency: number | null;
}

const LONGEST_LATENCY_MS = 60_000;

/** @throws RetypeError USAGE. */
export function askedPace({ batchSize, lanes, maxLatency }: Given<typeof batchPaceOptions>): AskedPace {
  return {
    batchSize: batchSize === undefined ? null : wholeNumber('--batch-size', batchSize, 1, LARGEST_BATCH),
    lanes: lanes === undefined ? null : wholeNumber('--lanes', lanes, 1, MOST_LANES),
    maxLatency: maxLatency === undefined ? null : wholeNumber('--max-latency', maxLatency, 1, LONGEST_LATENCY_MS),
  };
}

/** How quickly to write to a database. */
export function batchPace(
  { batchSize, lanes: asked, maxLatency }: AskedPace,
  { batches, pressure: { alone, beside }, mostLanes }: Dialect,
): BatchPace {
  // A writer that needs a row of the batch waits until the batch commits.
  const longest = (maxLatency ?? Number.POSITIVE_INFINITY) / 2;
  const within = (usual: Pressure): Pressure => ({
    milliseconds: Math.min(usual.milliseconds, longest),
    least: maxLatency === null ? usual.least : Math.ceil(usual.least / 10),
    lanes: Math.min(asked ?? usual.lanes, mostLanes),
    rest: usual.rest,
  });
  const pressure = createPressureControl({ alone: within(alone), beside: within(beside) });
  const { lanes } = within(alone);
  const size = `${countText(batchSize ?? batches.start)} rows a batch${batchSize === null ? ' at first' : ''}`;
  return {
    size: batchSize === null ? steeredSize(batches, () => pressure.now()) : fixedSize(batchSize),
    lanes,
    pressure,
    text: lanes === 1 ? size : `${size}, ${asked === null ? 'up to ' : ''}${lanes} at a time`,
  };
}
