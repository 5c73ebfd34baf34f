import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { Random } from '../../scripts/fixtures/cloud/random.ts';
import { positionColumn, type ScanRange, WHOLE_TABLE } from '../../src/glance/tables/scan-order.ts';
import { insertBatch } from '../../src/journal/batches.ts';
import { noEntries } from '../../src/journal/ledger.ts';
import { forgetCoverage, readGaps } from '../../src/journal/coverage.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import { COLUMNS, openBench, runExpand, type Bench } from '../support/cloud/migration.ts';

describe.each(ENGINES)('what is settled of a run, on %s', (engine) => {
  it('is told apart from what is not, wherever batches begin and end, in whatever order they were committed', async () => {
    const bench = await expanded(engine, 'newest');
    const positions = await positionsOf(bench);
    const random = new Random(20_111_202);
    for (let runId = 1; runId <= 25; runId += 1) {
      const { batches, gaps } = randomCoverage(random, positions.length);
      for (const [index, range] of batches.entries()) await settle(bench, runId, index + 1, positions, range);
      // A tail pass and the first half of a split batch settle nothing.
      await settle(bench, runId, 900, positions, null, 2);
      await settle(bench, runId, 901, positions, null);
      expect(await readGaps(bench.reader, bench.schema, runId, WHOLE_TABLE)).toEqual(
        gaps.map(([after, until]) => rangeAt(positions, after, until === positions.length ? null : until)),
      );
      for (let part = 0; part < 5; part += 1) {
        const [from, to] = twoOf(random, positions.length);
        const within = rangeAt(positions, from, to);
        expect([runId, within, await readGaps(bench.reader, bench.schema, runId, within)]).toEqual([
          runId,
          within,
          gaps
            .map(([after, until]): readonly [number, number] => [Math.max(after, from), Math.min(until, to)])
            .filter(([after, until]) => after < until)
            .map(([after, until]) => rangeAt(positions, after, until)),
        ]);
      }
    }
  });

  it('counts from the start again once it is forgotten', async () => {
    const bench = await expanded(engine, 'newest');
    const positions = await positionsOf(bench);
    await settle(bench, 1, 1, positions, [0, 20]);
    expect(await readGaps(bench.reader, bench.schema, 1, WHOLE_TABLE)).toEqual([rangeAt(positions, 20, null)]);
    await forgetCoverage(bench.writer, 1);
    expect(await readGaps(bench.reader, bench.schema, 1, WHOLE_TABLE)).toEqual([WHOLE_TABLE]);
  });

  it('compares integer keys as numbers: 9, 10, 100', async () => {
    const bench = await expanded(engine, 'diablo');
    const positions = await positionsOf(bench);
    await settle(bench, 1, 1, positions, [0, 9]);
    await settle(bench, 1, 2, positions, [10, 100]);
    expect(await readGaps(bench.reader, bench.schema, 1, WHOLE_TABLE)).toEqual([
      rangeAt(positions, 9, 10),
      rangeAt(positions, 100, null),
    ]);
  });
});

async function expanded(engine: EngineName, era: string): Promise<Bench> {
  const fresh = await withFreshDatabase(engine);
  await createEra(await openForTest(fresh.url), eraNamed(era));
  const bench = await openBench(fresh.url);
  await runExpand(bench, COLUMNS);
  return bench;
}

/** Positions of all rows, in scan order. */
async function positionsOf({ reader, schema }: Bench): Promise<readonly string[]> {
  const position = positionColumn(schema, 'i');
  const rows = await reader.query(`SELECT ${position} AS position FROM images i ORDER BY ${position}`);
  return rows.map((row) => String(row['position']));
}

/** The part behind the first `after` rows up to the `until`-th; null is the end of the table. */
function rangeAt(positions: readonly string[], after: number, until: number | null): ScanRange {
  return { after: positions[after - 1] ?? null, until: until === null ? null : (positions[until - 1] ?? null) };
}

type Part = readonly [after: number, until: number];

/** Some neighbouring parts of the rows, those that are settled in a random order. */
function randomCoverage(
  random: Random,
  rows: number,
): { readonly batches: readonly Part[]; readonly gaps: readonly Part[] } {
  const batches: Part[] = [];
  const gaps: Part[] = [];
  let open: number | null = null;
  for (let at = 0; at < rows;) {
    const until = Math.min(rows, at + random.between(1, 40));
    // The end of the table is never settled: rows may come.
    if (random.chance(0.6) && until < rows) {
      if (open !== null) gaps.push([open, at]);
      open = null;
      batches.splice(random.below(batches.length + 1), 0, [at, until]);
    } else {
      open ??= at;
    }
    at = until;
  }
  if (open !== null) gaps.push([open, rows]);
  return { batches, gaps };
}

function twoOf(random: Random, rows: number): Part {
  const one = random.below(rows - 1);
  return [one, random.between(one + 1, rows)];
}

async function settle(
  { writer, schema }: Bench,
  runId: number,
  batch: number,
  positions: readonly string[],
  part: Part | null,
  pass = 1,
): Promise<void> {
  const range = part === null ? null : rangeAt(positions, part[0], part[1]);
  const counts = { exact: 0, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 0 };
  const record = {
    runId,
    batch,
    uuid: randomUUID(),
    pass,
    range: range === null ? null : { after: range.after, until: range.until ?? '' },
    rowsRead: 0,
    rowsWritten: 0,
    counts,
    committedAt: '2026-01-01T00:00:00Z',
  };
  await insertBatch(writer, schema, record, { written: noEntries(), dropped: noEntries(), moved: 0 });
}
