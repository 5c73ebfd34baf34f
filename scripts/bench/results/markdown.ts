import { BENCH_ENGINES } from '../engine-names.ts';
import { grouped } from '../figures.ts';
import { WRITES_A_SECOND } from '../neighbour/measure.ts';
import { ROW_SAMPLE } from '../runs.ts';
import { neighbourRows } from './neighbour-rows.ts';
import { shardRows } from './shard-rows.ts';
import type { EngineResults, NeighbourResults, Results, ShardResults, SizeResults } from './results.ts';
import { costRows, rateRows, ratioRows, type Row } from './size-rows.ts';

const INTRODUCTION = `# How fast

Written by \`npm run bench -- --write\`; not edited by hand. Every run that writes has a fresh copy of the same generated cloud, with
the server at rest and warm. Contenders take turns within one run, in another order each round. Rows are rows of \`images\`,
soft-deleted ones too (two in five). A program's start-up counts.

- **one UPDATE**: Glance's own habit, one \`UPDATE … CASE\` by the tuple alone: no journal, no stop, no undo, every row locked to the end.
- **one UPDATE a row**: the habit of OpenStack's online migrations; over the first ${grouped(ROW_SAMPLE)} rows where there are more.
- **the dump**: the engine's own client writes the columns that \`plan\` reads, all rows, to /dev/null.
- A ratio is the product's rows a second through the baseline's, round by round: the median, and the least and the most of the rounds.
  **Above 1 the product is faster.**
`;

/** The written results of every engine that has any. */
export function resultsMarkdown(results: Results): string {
  const sections = BENCH_ENGINES.flatMap((name) => {
    const found = results.engines[name];
    return found === undefined ? [] : [engineSection(found)];
  });
  return [INTRODUCTION, ...sections].join('\n');
}

function engineSection({ conditions, sizes, neighbour, shards }: EngineResults): string {
  const about = [
    `## ${conditions.server}`,
    '',
    `${conditions.settings}. ${conditions.machine}. Seed ${String(conditions.seed)}.`,
    '',
  ];
  return [
    ...about,
    ...(sizes.length === 0 ? [] : sizeSection(sizes)),
    ...neighbourSection(neighbour),
    ...shardSection(shards),
  ].join('\n');
}

function sizeSection(sizes: readonly SizeResults[]): readonly string[] {
  const header: Row = ['images', ...sizes.map((size) => grouped(size.images))];
  const occasions: readonly Row[] = [
    ['properties', ...sizes.map((size) => grouped(size.properties))],
    ['measured', ...sizes.map((size) => size.date)],
    ['rounds', ...sizes.map((size) => String(size.repeat))],
    ['load average before', ...sizes.map((size) => size.load.toFixed(1))],
  ];
  return [
    markdownTable([header, ...ratioRows(sizes)]),
    '',
    'Rows a second, medians:',
    '',
    markdownTable([header, ...rateRows(sizes)]),
    '',
    'What it takes:',
    '',
    markdownTable([header, ...costRows(sizes), ...occasions]),
    '',
  ];
}

function neighbourSection(neighbour: NeighbourResults | null): readonly string[] {
  if (neighbour === null) return [];
  const { images, repeat, date, load } = neighbour;
  return [
    `### A live neighbour`,
    '',
    `A simulated Glance, ${String(WRITES_A_SECOND)} writes a second over five connections, on ${grouped(images)} images: how long a write waits, from the moment it was due to the answer to COMMIT, and how many rows a second what runs beside it does, with and without it. Medians of ${String(repeat)} rounds, ${date}, load average before ${load.toFixed(1)}.`,
    '',
    markdownTable(neighbourRows(neighbour)),
    '',
  ];
}

function shardSection(shards: ShardResults | undefined): readonly string[] {
  if (shards === undefined) return [];
  const { images, repeat, date, load, seconds } = shards;
  return [
    '### Shards',
    '',
    `One migration of ${grouped(images)} images on one server, by one process and by two that share it (\`--shard\`), from the first start to the last end. Medians of ${String(repeat)} rounds, ${date}, load average before ${load.toFixed(1)}.`,
    '',
    markdownTable(shardRows(seconds)),
    '',
  ];
}

/** Rows under the first of them; the first column left, the others right. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [header = [], ...body] = rows;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = header.map((_, index) => (index === 0 ? '---' : '--:'));
  return [line(header), line(rule), ...body.map(line)].join('\n');
}
