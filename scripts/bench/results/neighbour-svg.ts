import { BENCH_ENGINES } from '../engine-names.ts';
import { grouped } from '../figures.ts';
import { WRITES_A_SECOND } from '../neighbour/measure.ts';
import { type Situation, SITUATION_NAMES, SITUATIONS } from '../neighbour/situation.ts';
import { logScale, type LogScale } from './log-scale.ts';
import { middle } from './neighbour-rows.ts';
import type { NeighbourResults, Results } from './results.ts';
import { type Colour, dot, label, line, svgDocument } from './svg-text.ts';

const COLOUR: Readonly<Record<Situation, Colour>> = {
  idle: 'c',
  migrate: 'a',
  brake: 'a',
  'update-all': 'd',
  'rows-50': 'b',
};

const WIDTH = 760;
const LEFT = 236;
const RIGHT = WIDTH - 70;
const HEAD = 56;
const ROW = 22;
const MARGIN = 16;

interface Block {
  readonly server: string;
  readonly neighbour: NeighbourResults;
}

/** How long a write of a live Glance waits beside each thing: from the median by the 99th of a hundred to the worst. */
export function neighbourSvg(results: Results): string {
  const blocks = BENCH_ENGINES.flatMap((name): readonly Block[] => {
    const found = results.engines[name];
    return found === undefined || found.neighbour === null
      ? []
      : [{ server: found.conditions.server, neighbour: found.neighbour }];
  });
  const rounds = blocks.flatMap(({ neighbour }) => Object.values(neighbour.waits).flat());
  const height = blocks.reduce((sum, block) => sum + blockHeight(block), HEAD) + 34;
  const scale = logScale({
    least: Math.min(1, ...rounds.map((one) => one.p50)),
    most: Math.max(1000, ...rounds.map((one) => one.worst)) * 1.3,
    from: LEFT,
    to: RIGHT,
    room: 60,
  });
  let top = HEAD;
  const body = blocks.flatMap((block) => {
    const drawn = drawBlock(block, top, scale);
    top += blockHeight(block);
    return drawn;
  });
  return svgDocument({
    width: WIDTH,
    height,
    title: 'How long a write of a live Glance waits while something else runs, in milliseconds',
    body: [
      label('How long a write of a live Glance waits', { x: MARGIN, y: 26, weight: 'bold' }),
      label(`${String(WRITES_A_SECOND)} writes a second; dots: median, 99 %, worst`, {
        x: WIDTH - MARGIN,
        y: 26,
        anchor: 'end',
        tone: 'dim',
      }),
      ...scale.ticks.flatMap((tick) => [
        line('grid', [scale.position(tick), HEAD], [scale.position(tick), height - 30]),
        label(waitText(tick), { x: scale.position(tick), y: height - 12, anchor: 'middle', tone: 'dim' }),
      ]),
      ...body,
    ],
  });
}

function situationsOf({ neighbour }: Block): readonly Situation[] {
  return SITUATION_NAMES.filter((situation) => (neighbour.waits[situation] ?? []).length > 0);
}

function blockHeight(block: Block): number {
  return (situationsOf(block).length + 1) * ROW + 12;
}

function drawBlock(block: Block, top: number, scale: LogScale): readonly string[] {
  const { server, neighbour } = block;
  return [
    label(`${server}, ${grouped(neighbour.images)} images; beside`, { x: MARGIN, y: top + 15, weight: 'bold' }),
    ...situationsOf(block).flatMap((situation, index) => {
      const y = top + (index + 1) * ROW + 14;
      const rounds = neighbour.waits[situation] ?? [];
      const [p50, p99, worst] = [middle(rounds, 'p50'), middle(rounds, 'p99'), middle(rounds, 'worst')];
      const colour = COLOUR[situation];
      return [
        label(SITUATIONS[situation], { x: MARGIN + 8, y: y + 4 }),
        line(`${colour} line`, [scale.position(p50), y], [scale.position(worst), y]),
        ...[p50, p99, worst].map((value) => dot(colour, scale.position(value), y)),
        label(waitText(worst), { x: scale.position(worst) + 9, y: y + 4 }),
      ];
    }),
  ];
}

/** `48 ms`, `8.3 s` */
function waitText(milliseconds: number): string {
  if (milliseconds < 1000) return `${String(Number(milliseconds.toPrecision(2)))} ms`;
  return `${String(Number((milliseconds / 1000).toPrecision(2)))} s`;
}
