import { BENCH_ENGINES } from '../engine-names.ts';
import { type Comparison, CONTENDERS } from '../contender.ts';
import { logScale, type LogScale } from './log-scale.ts';
import { type Ratio, ratioOf } from './ratios.ts';
import type { EngineResults, Results, SizeResults } from './results.ts';
import { at, type Colour, COLOURS, dot, label, line, svgDocument } from './svg-text.ts';

/** The comparisons that are drawn; the tables hold the others. */
const DRAWN: readonly Comparison[] = [
  { product: 'migrate-columns', baseline: 'update-all' },
  { product: 'migrate-table', baseline: 'update-all' },
  { product: 'migrate-columns', baseline: 'rows-50' },
  { product: 'plan', baseline: 'dump-images' },
];

const PANEL = { width: 300, height: 230, left: 46, right: 16 };
const TOP = 52 + DRAWN.length * 18;
const MARGIN = 16;

/** How many times as fast as its baselines the product is, by the size of the table: a panel for each engine, on one scale. */
export function ratiosSvg(results: Results): string {
  const engines = BENCH_ENGINES.flatMap((name) => results.engines[name] ?? []).filter(({ sizes }) => sizes.length > 0);
  const drawn = engines.flatMap((engine) =>
    DRAWN.flatMap((one) => engine.sizes.flatMap((size) => ratioOf(size.figures, one) ?? [])),
  );
  const scale = logScale({
    least: Math.min(0.5, ...drawn.map((ratio) => ratio.least)) / 1.15,
    most: Math.max(2, ...drawn.map((ratio) => ratio.most)) * 1.15,
    from: TOP + PANEL.height,
    to: TOP,
    room: 22,
  });
  const width = Math.max(2, engines.length) * PANEL.width + 2 * MARGIN;
  return svgDocument({
    width,
    height: TOP + PANEL.height + 48,
    title: 'How many times as fast as its baselines glance-retype is, by images in the table; above 1 it is faster',
    body: [
      label('Rows a second, product : baseline', { x: MARGIN, y: 26, weight: 'bold' }),
      label('above 1 the product is faster; medians, with the least and the most of the rounds', {
        x: width - MARGIN,
        y: 26,
        anchor: 'end',
        tone: 'dim',
      }),
      ...DRAWN.flatMap(legendLine),
      ...engines.flatMap((engine, index) => panel(engine, MARGIN + index * PANEL.width, scale)),
    ],
  });
}

function colourOf(index: number): Colour {
  return COLOURS[index] ?? 'a';
}

function legendLine({ product, baseline }: Comparison, index: number): readonly string[] {
  const y = 48 + index * 18;
  const colour = colourOf(index);
  return [
    line(`${colour} line`, [MARGIN, y - 4], [MARGIN + 22, y - 4]),
    dot(colour, MARGIN + 11, y - 4),
    label(`${CONTENDERS[product]} : ${CONTENDERS[baseline]}`, { x: MARGIN + 30, y }),
  ];
}

function panel({ conditions, sizes }: EngineResults, x: number, scale: LogScale): readonly string[] {
  const left = x + PANEL.left;
  const right = x + PANEL.width - PANEL.right;
  const bottom = TOP + PANEL.height;
  const column = (index: number): number => left + ((index + 0.5) / sizes.length) * (right - left);
  return [
    ...scale.ticks.flatMap((tick) => [
      line(tick === 1 ? 'one' : 'grid', [left, scale.position(tick)], [right, scale.position(tick)]),
      label(String(tick), { x: left - 6, y: scale.position(tick) + 4, anchor: 'end', tone: 'dim' }),
    ]),
    ...sizes.map((size, index) =>
      label(shortCount(size.images), { x: column(index), y: bottom + 18, anchor: 'middle', tone: 'dim' }),
    ),
    label(conditions.server, { x: (left + right) / 2, y: bottom + 38, anchor: 'middle', weight: 'bold' }),
    ...DRAWN.flatMap((comparison, index) => curve(comparison, colourOf(index), sizes, column, scale)),
  ];
}

function curve(
  comparison: Comparison,
  colour: Colour,
  sizes: readonly SizeResults[],
  column: (index: number) => number,
  scale: LogScale,
): readonly string[] {
  const points = sizes.flatMap((size, index): readonly { readonly x: number; readonly ratio: Ratio }[] => {
    const ratio = ratioOf(size.figures, comparison);
    return ratio === null ? [] : [{ x: column(index), ratio }];
  });
  const path = points.map(({ x, ratio }) => `${at(x)},${at(scale.position(ratio.median))}`).join(' ');
  return [
    `<polyline class="${colour} line" points="${path}"/>`,
    ...points.flatMap(({ x, ratio }) => [
      line(`${colour} spread`, [x, scale.position(ratio.least)], [x, scale.position(ratio.most)]),
      dot(colour, x, scale.position(ratio.median)),
    ]),
  ];
}

/** `10 k`, `1 M` */
function shortCount(images: number): string {
  if (images >= 1e6) return `${String(Number((images / 1e6).toPrecision(3)))} M`;
  return images >= 1e3 ? `${String(Number((images / 1e3).toPrecision(3)))} k` : String(images);
}
