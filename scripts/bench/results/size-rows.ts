import { COMPARISONS, type Contender, CONTENDERS } from '../contender.ts';
import { grouped, median } from '../figures.ts';
import { type Count, type Phase, PHASES } from '../measures-file.ts';
import type { ContenderFigures } from './figures-of.ts';
import { ratioOf, ratioText } from './ratios.ts';
import type { SizeResults } from './results.ts';

/** A label and a cell for every size. */
export type Row = readonly [label: string, ...cells: readonly string[]];

const NOTHING = '-';
const MIB = 1024 ** 2;

/** How many times as fast as its baseline the product was: median, and the least and the most of the rounds. */
export function ratioRows(sizes: readonly SizeResults[]): readonly Row[] {
  const rows = COMPARISONS.map((comparison): Row => {
    const label = `${CONTENDERS[comparison.product]} : ${CONTENDERS[comparison.baseline]}`;
    return [label, ...sizes.map(({ figures }) => ratioText(ratioOf(figures, comparison)))];
  });
  return filled(rows);
}

/** Rows of `images` a second, medians: the product and what it is measured against, one under the other. */
export function rateRows(sizes: readonly SizeResults[]): readonly Row[] {
  const shown: readonly Contender[] = [
    'update-all',
    'update-live',
    'rows-50',
    'rows-1000',
    'migrate-columns',
    'migrate-table',
    'dump-images',
    'dump-both',
    'plan',
  ];
  return filled(
    shown.map((contender): Row => [
      CONTENDERS[contender],
      ...cells(sizes, contender, ({ rows, seconds }) => grouped(rows / median(seconds))),
    ]),
  );
}

/** What a run of the product takes: memory, processor, statements, bytes, and what it spends its time on. */
export function costRows(sizes: readonly SizeResults[]): readonly Row[] {
  const product: readonly Contender[] = ['migrate-columns', 'migrate-table', 'plan'];
  return filled(
    product.flatMap((contender): readonly Row[] => {
      const name = CONTENDERS[contender];
      const count = (what: Count, divisor: number) => (one: ContenderFigures) => {
        const value = one.measures?.[what] ?? null;
        return value === null ? NOTHING : grouped(value / divisor);
      };
      return [
        [`${name}: MiB at most`, ...cells(sizes, contender, (one) => orNothing(one.peakMib, grouped))],
        [`${name}: processor, share of its time`, ...cells(sizes, contender, processorShare)],
        [`${name}: statements`, ...cells(sizes, contender, count('statements', 1))],
        [`${name}: MiB sent`, ...cells(sizes, contender, count('bytesSent', MIB))],
        [`${name}: MiB received`, ...cells(sizes, contender, count('bytesReceived', MIB))],
        [`${name}: read / decide / write / wait, % of its time`, ...cells(sizes, contender, phaseShares)],
      ];
    }),
  );
}

/** Whole runs, medians; a program's start-up is in them. */
export function secondsRows(sizes: readonly SizeResults[]): readonly Row[] {
  const shown: readonly Contender[] = ['update-all', 'expand-columns', 'migrate-columns', 'migrate-table', 'plan'];
  return filled(
    shown.map((contender): Row => [
      `${CONTENDERS[contender]}: seconds`,
      ...cells(sizes, contender, ({ seconds }) => median(seconds).toFixed(2)),
    ]),
  );
}

function cells(
  sizes: readonly SizeResults[],
  contender: Contender,
  text: (figures: ContenderFigures) => string,
): readonly string[] {
  return sizes.map(({ figures }) => {
    const found = figures[contender];
    return found === undefined ? NOTHING : text(found);
  });
}

function processorShare({ cpuSeconds, seconds }: ContenderFigures): string {
  return orNothing(cpuSeconds, (value) => (value / median(seconds)).toFixed(2));
}

function phaseShares({ measures }: ContenderFigures): string {
  const total = measures?.seconds.total ?? null;
  if (measures === null || total === null) return NOTHING;
  const parts = PHASES.filter((phase): phase is Exclude<Phase, 'total'> => phase !== 'total');
  return parts
    .map((phase) => orNothing(measures.seconds[phase], (value) => ((value / total) * 100).toFixed(0)))
    .join(' / ');
}

function orNothing(value: number | null, text: (value: number) => string): string {
  return value === null ? NOTHING : text(value);
}

/** Rows that say nothing at any size are left out. */
function filled(rows: readonly Row[]): readonly Row[] {
  return rows.filter(([, ...found]) => found.some((cell) => cell !== NOTHING));
}
