/**
 * How fast, and with how much memory: the built program beside the one big UPDATE that Glance itself would run, on the same
 * freshly made tables, in the same run; and `probe` beside the programs that know images, on the same files. Prints tables of
 * medians; asserts nothing.
 *   npm run bench -- [--only migration|probe] [--sizes 10000,100000,1000000] [--engine mariadb|postgres|sqlite] [--repeat 3] [--seed 2011]
 */
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { parseDatabaseUrl } from '../src/db/connection-url.ts';
import { openDatabase } from '../src/db/open.ts';
import type { ChildCost } from './bench/child.ts';
import { BENCH_ENGINES, type BenchEngine, type BenchEngineName, startEngine } from './bench/engines.ts';
import { grouped, median, textTable } from './bench/figures.ts';
import { type Measurements, measureSize } from './bench/measure.ts';
import { measureProbe } from './bench/probe.ts';

const PARTS = ['migration', 'probe'] as const;
type Part = (typeof PARTS)[number];

const options = readOptions();
const started = Date.now();
// What else the machine was busy with before anything was measured: figures from a busy machine say little.
const [loadBefore = 0] = loadavg();
const parts: Readonly<Record<Part, () => Promise<string>>> = {
  migration: benchMigration,
  probe: async () => `${machine()}\n${await measureProbe(options.repeat, progress)}`,
};
const results: string[] = [];
for (const part of options.parts) results.push(await parts[part]());
process.stdout.write(`${results.join('\n\n')}\n`);

async function benchMigration(): Promise<string> {
  const engine = await startEngine(options.engine);
  try {
    const columns: Column[] = [];
    for (const images of options.sizes) {
      const began = Date.now();
      const loaded = await engine.load({ images, seed: options.seed });
      progress(`${grouped(loaded.images)} images, ${grouped(loaded.properties)} properties loaded in ${since(began)}`);
      columns.push({ images, measured: await measureSize(engine, options.repeat, progress) });
    }
    return `${await conditions(engine)}\n\n${migrationTable(columns)}`;
  } finally {
    await engine.stop();
  }
}

interface Column {
  readonly images: number;
  readonly measured: Measurements;
}

function migrationTable(columns: readonly Column[]): string {
  const line = (label: string, figure: (column: Column) => string): readonly string[] => [
    label,
    ...columns.map(figure),
  ];
  const rate = ({ images }: Column, seconds: readonly number[]): string => grouped(images / median(seconds));
  const ratio = (seconds: readonly number[], { measured }: Column): string =>
    (median(seconds) / median(durations(measured.migrate))).toFixed(2);
  return textTable([
    line('images', ({ images }) => grouped(images)),
    line('rows/s, one UPDATE, whole table', (column) => rate(column, column.measured.wholeTable)),
    line('rows/s, one UPDATE, live rows only', (column) => rate(column, column.measured.liveRows)),
    line('rows/s, migrate', (column) => rate(column, durations(column.measured.migrate))),
    line('migrate : one UPDATE, whole table', (column) => ratio(column.measured.wholeTable, column)),
    line('migrate : one UPDATE, live rows only', (column) => ratio(column.measured.liveRows, column)),
    line('seconds, expand', ({ measured }) => median(durations(measured.expand)).toFixed(2)),
    line('seconds, migrate', ({ measured }) => median(durations(measured.migrate)).toFixed(2)),
    line('rows/s, plan', (column) => rate(column, durations(column.measured.plan))),
    line("rows/s, the client's dump", (column) => rate(column, column.measured.dump)),
    line('MiB at most, migrate', ({ measured }) => peak(measured.migrate)),
    line('MiB at most, plan', ({ measured }) => peak(measured.plan)),
  ]);
}

function durations(costs: readonly ChildCost[]): readonly number[] {
  return costs.map((cost) => cost.seconds);
}

function peak(costs: readonly ChildCost[]): string {
  return grouped(Math.max(...costs.map((cost) => cost.peakMib)));
}

function machine(): string {
  const [cpu] = cpus();
  return `${String(cpus().length)} cores (${cpu?.model.trim() ?? 'unknown'}), ${grouped(totalmem() / 1024 ** 3)} GiB, Node ${process.version}; load average before the start ${loadBefore.toFixed(1)}`;
}

async function conditions(measured: BenchEngine): Promise<string> {
  const database = await openDatabase(parseDatabaseUrl(measured.pristineUrl, 'bench'), 'read-only');
  const version = database.dialect.serverVersion;
  await database.close();
  return [
    `${version}: ${measured.settings}`,
    machine(),
    `Medians of ${String(options.repeat)}; rows/s counts all rows of images, soft-deleted ones too; a program's start-up counts; ratios above 1 mean faster.`,
    `Took ${since(started)}; seed ${String(options.seed)}.`,
  ].join('\n');
}

function readOptions(): {
  readonly parts: readonly Part[];
  readonly engine: BenchEngineName;
  readonly sizes: readonly number[];
  readonly repeat: number;
  readonly seed: number;
} {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      sizes: { type: 'string', default: '10000,100000,1000000' },
      engine: { type: 'string', default: 'mariadb' },
      repeat: { type: 'string', default: '3' },
      seed: { type: 'string', default: '2011' },
    },
  });
  const name = BENCH_ENGINES.find((known) => known === values.engine);
  if (name === undefined) throw new RangeError(`--engine must be one of ${BENCH_ENGINES.join(', ')}`);
  const only = PARTS.filter((part) => part === (values.only ?? part));
  if (only.length === 0) throw new RangeError(`--only must be one of ${PARTS.join(', ')}`);
  return {
    parts: only,
    engine: name,
    sizes: values.sizes.split(',').map((text) => positive('--sizes', text)),
    repeat: positive('--repeat', values.repeat),
    seed: positive('--seed', values.seed),
  };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`${option} takes whole numbers from 1, not ${text}`);
  return value;
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

function since(began: number): string {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}
