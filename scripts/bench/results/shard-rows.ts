import { median } from '../figures.ts';
import { ARRANGEMENTS, type ShardSeconds } from '../shards.ts';
import { ratioText } from './ratios.ts';

/** A row an arrangement, under a header. The ratio is taken round by round; above 1 the shards are faster. */
export function shardRows({ whole, shards }: ShardSeconds): readonly (readonly string[])[] {
  const ratios = shards.map((seconds, round) => (whole[round] ?? Number.NaN) / seconds);
  const ratio = { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
  return [
    ['migrate', 'seconds', 'times as fast'],
    [ARRANGEMENTS.whole, median(whole).toFixed(2), '1'],
    [ARRANGEMENTS.shards, median(shards).toFixed(2), ratioText(ratio)],
  ];
}
