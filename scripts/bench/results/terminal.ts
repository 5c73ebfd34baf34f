import { grouped, textTable } from '../figures.ts';
import { WRITES_A_SECOND } from '../neighbour/measure.ts';
import { neighbourRows } from './neighbour-rows.ts';
import { shardRows } from './shard-rows.ts';
import type { EngineResults } from './results.ts';
import { costRows, rateRows, ratioRows, secondsRows } from './size-rows.ts';

/** What one run of the benchmark found on one engine, for a terminal. */
export function terminalText({ conditions, sizes, neighbour, shards }: EngineResults): string {
  const blocks = [
    `${conditions.server}: ${conditions.settings}\n${conditions.machine}; seed ${String(conditions.seed)}`,
  ];
  const [first] = sizes;
  if (first !== undefined) {
    const header = ['images', ...sizes.map((size) => grouped(size.images))];
    blocks.push(
      `Medians of ${String(first.repeat)}; load average before the start ${first.load.toFixed(1)}; rows are rows of images, soft-deleted ones too; a program's start-up counts; a ratio above 1 means that the product is faster.`,
      textTable([header, ...ratioRows(sizes)]),
      textTable([['rows a second', ...header.slice(1)], ...rateRows(sizes)]),
      textTable([header, ...costRows(sizes), ...secondsRows(sizes)]),
    );
  }
  if (neighbour !== null) {
    blocks.push(
      `A live neighbour, ${String(WRITES_A_SECOND)} writes a second, on ${grouped(neighbour.images)} images; medians of ${String(neighbour.repeat)}; load average before the start ${neighbour.load.toFixed(1)}.`,
      textTable(neighbourRows(neighbour)),
    );
  }
  if (shards !== undefined) {
    blocks.push(
      `Shards, on ${grouped(shards.images)} images; medians of ${String(shards.repeat)}; load average before the start ${shards.load.toFixed(1)}.`,
      textTable(shardRows(shards.seconds)),
    );
  }
  return blocks.join('\n\n');
}
