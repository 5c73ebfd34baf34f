import { addBaselineColumns, type Baseline, BASELINES } from './baseline.ts';
import { runChild } from './child.ts';
import type { Contender } from './contender.ts';
import { type BenchEngine, inDatabase } from './engine.ts';
import { runProduct } from './product.ts';
import { runRowByRow } from './row-by-row.ts';
import type { Sample } from './sample.ts';

/** What a run has to do with. */
interface RunPlace {
  readonly engine: BenchEngine;
  /** Address of a copy that nothing has been written to. */
  readonly url: string;
  /** Rows of `images`. */
  readonly images: number;
}

/** Something that is run in turns with others. */
export interface Run {
  /** A copy that was only read serves the next run as well. */
  readonly touches: 'reads' | 'writes';
  /** @returns a sample of each contender that took part; none where the engine has no such program. */
  readonly measure: (place: RunPlace) => Promise<readonly (readonly [Contender, Sample])[]>;
}

/** A loop of one statement a row takes as long for any rows: in larger tables it goes over the first ones in the order of ids, which are random. */
export const ROW_SAMPLE = 20_000;

/** All that `plan` reads, all rows of it. */
const IMAGES_READ = 'SELECT id, name, owner, status, disk_format, container_format, size, min_disk FROM images';
const PROPERTIES_READ = 'SELECT image_id, name, value, deleted FROM image_properties';

export const RUNS: readonly Run[] = [
  update('update-all'),
  migrateTo('columns'),
  dump('dump-images', [IMAGES_READ]),
  { touches: 'reads', measure: measurePlan },
  dump('dump-both', [IMAGES_READ, PROPERTIES_READ]),
  migrateTo('table'),
  update('update-live'),
  rowByRow('rows-50', 50),
  rowByRow('rows-1000', 1_000),
];

function update(baseline: Baseline): Run {
  return {
    touches: 'writes',
    measure: async ({ url, images }) => {
      const seconds = await inDatabase(url, async (database) => {
        await addBaselineColumns(database);
        const began = process.hrtime.bigint();
        await database.execute(BASELINES[baseline]);
        return Number(process.hrtime.bigint() - began) / 1e9;
      });
      return [[baseline, ownStatements(images, seconds)]];
    },
  };
}

function rowByRow(contender: Contender, commitEvery: number): Run {
  return {
    touches: 'writes',
    measure: async ({ url }) => {
      const { rows, seconds } = await inDatabase(url, async (database) => {
        await addBaselineColumns(database);
        return runRowByRow(database, { commitEvery, rows: ROW_SAMPLE, seconds: Number.POSITIVE_INFINITY });
      });
      return [[contender, ownStatements(rows, seconds)]];
    },
  };
}

function migrateTo(target: 'columns' | 'table'): Run {
  return {
    touches: 'writes',
    measure: async ({ url, images: rows }) => {
      const expand = await runProduct(url, 'expand', '--yes', '--target', target);
      const migrate = await runProduct(url, 'migrate', '--yes');
      return [
        [`expand-${target}`, { rows, ...expand }],
        [`migrate-${target}`, { rows, ...migrate }],
      ];
    },
  };
}

async function measurePlan({ url, images: rows }: RunPlace): Promise<readonly (readonly [Contender, Sample])[]> {
  return [['plan', { rows, ...(await runProduct(url, 'plan')) }]];
}

function dump(contender: Contender, selects: readonly string[]): Run {
  return {
    touches: 'reads',
    measure: async ({ engine, url, images: rows }) => {
      const command = engine.dumpCommand(url, selects);
      if (command === null) return [];
      return [[contender, { rows, ...(await runChild(command, {}, 'discarded')), measures: null }]];
    },
  };
}

function ownStatements(rows: number, seconds: number): Sample {
  return { rows, seconds, peakMib: null, cpuSeconds: null, measures: null };
}
