import { describe, expect, it } from 'vitest';

import type { BatchAccount } from '../../../src/journal/batches.ts';
import { addEntry, type EntrySum, noEntries, sumText } from '../../../src/journal/ledger.ts';
import type { RunRecord } from '../../../src/journal/runs.ts';
import { Differences } from '../../../src/run/verify/differences.ts';
import { compareBooks, type RunBooks } from '../../../src/run/verify/journal-accounts.ts';

const SEALS = noEntries();

function sumOf(batch: number, ...ids: readonly string[]): EntrySum {
  const sum = noEntries();
  for (const imageId of ids) addEntry(sum, { imageId, runId: 1, batch, decisionKey: 'k' });
  return sum;
}

/** A complete run of two batches with three rows, all of them as they were written. */
function books(changes: Partial<RunBooks> = {}, run: Partial<RunRecord> = {}): RunBooks {
  const account = (batch: number, written: EntrySum): BatchAccount =>
    ({ ...INTACT, runId: 1, batch, written, dropped: noEntries(), moved: 0 }) as BatchAccount;
  const record: Partial<RunRecord> = {
    id: 1,
    state: 'complete',
    batches: { count: 2, seals: sumText(SEALS) },
    undone: noEntries(),
    restored: 0,
    ...INTACT,
    ...run,
  };
  return {
    id: 1,
    run: record as RunRecord,
    account: {
      batches: new Map([
        [1, account(1, sumOf(1, 'a', 'b'))],
        [2, account(2, sumOf(2, 'c'))],
      ]),
      seals: SEALS,
    },
    entries: {
      byBatch: new Map([
        [1, sumOf(1, 'a', 'b')],
        [2, sumOf(2, 'c')],
      ]),
      supersededByIt: 0,
    },
    ...changes,
  };
}

const INTACT = { integrity: 'intact' } as const;
const ALTERED = { integrity: 'altered' } as const;

function compared(one: RunBooks): readonly [Readonly<Record<string, number>>, readonly number[]] {
  const found = new Differences();
  const fuller = compareBooks(one, found);
  return [Object.fromEntries(Object.entries(found.counts).filter(([, count]) => count > 0)), fuller];
}

const rows = (first: EntrySum, second = sumOf(2, 'c')): Partial<RunBooks> => ({
  entries: {
    byBatch: new Map([
      [1, first],
      [2, second],
    ]),
    supersededByIt: 0,
  },
});

describe('compareBooks', () => {
  it('finds nothing where every row is there that a batch wrote', () => {
    expect(compared(books())).toEqual([{}, []]);
  });

  it('counts missing and surplus rows by batch, and names the batches with too many', () => {
    expect(compared(books(rows(sumOf(1, 'a'))))).toEqual([{ 'journal-missing': 1 }, []]);
    expect(compared(books(rows(sumOf(1, 'a', 'b', 'x', 'y'))))).toEqual([{ 'journal-surplus': 2 }, [1]]);
  });

  it('tells as many rows from the same rows', () => {
    expect(compared(books(rows(sumOf(1, 'a', 'x'))))).toEqual([{ 'journal-altered': 1 }, []]);
  });

  it('takes what was rolled back out of the account', () => {
    expect(compared(books(rows(sumOf(1, 'a')), { undone: sumOf(1, 'b') }))).toEqual([{}, []]);
  });

  it('misses batches and runs that rows name', () => {
    const lost = books();
    lost.account.batches.delete(2);
    expect(compared(lost)).toEqual([{ 'batch-missing': 1 }, []]);
    expect(compared({ ...books(), run: null })).toEqual([{ 'run-missing': 1 }, []]);
  });

  it('counts before-images against the rows that the run replaced', () => {
    const { entries } = books();
    expect(compared(books({ entries: { ...entries, supersededByIt: 2 } }))).toEqual([{ 'undo-surplus': 2 }, []]);
  });

  it('concludes nothing from a record that was altered', () => {
    expect(compared(books(rows(sumOf(1, 'a')), ALTERED))).toEqual([{}, []]);
  });
});
