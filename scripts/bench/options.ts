import { parseArgs } from 'node:util';
import { BENCH_ENGINES, type BenchEngineName } from './engine-names.ts';

/** What can be measured. */
const PARTS = ['migration', 'neighbour', 'shards', 'probe'] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly parts: readonly Part[];
  readonly engines: readonly BenchEngineName[];
  /** Rows of `images`, smallest first; neighbour and shards have the largest. */
  readonly sizes: readonly [number, ...number[]];
  readonly repeat: number;
  readonly seed: number;
  readonly output: 'terminal' | 'terminal-and-files';
}

const DEFAULTS = { sizes: '10000,100000,1000000', engine: 'mariadb', repeat: '5', seed: '2011' };

/** @throws RangeError or TypeError that says what the option takes. */
export function readOptions(words: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: 'string' },
      sizes: { type: 'string', default: DEFAULTS.sizes },
      engine: { type: 'string', default: DEFAULTS.engine },
      repeat: { type: 'string', default: DEFAULTS.repeat },
      seed: { type: 'string', default: DEFAULTS.seed },
      write: { type: 'boolean', default: false },
    },
  });
  return {
    parts: chosen('--only', values.only ?? 'all', PARTS),
    engines: chosen('--engine', values.engine, BENCH_ENGINES),
    sizes: readSizes(values.sizes),
    repeat: positive('--repeat', values.repeat),
    seed: positive('--seed', values.seed),
    output: values.write ? 'terminal-and-files' : 'terminal',
  };
}

function chosen<T extends string>(option: string, text: string, known: readonly T[]): readonly T[] {
  const found = known.filter((one) => text === 'all' || text === one);
  if (found.length === 0) throw new RangeError(`${option} must be one of ${known.join(', ')}, all; not ${text}`);
  return found;
}

function readSizes(text: string): readonly [number, ...number[]] {
  const sizes = [...new Set(text.split(',').map((size) => positive('--sizes', size)))];
  const [first = 1, ...others] = sizes.toSorted((left, right) => left - right);
  return [first, ...others];
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`${option} takes whole numbers from 1, not ${text}`);
  return value;
}
