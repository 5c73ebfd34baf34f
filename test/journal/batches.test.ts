import { describe, expect, it } from 'vitest';
import { type GlanceSchema } from '../../src/glance/tables/schema.ts';
import {
  batchAccounts,
  type BatchRecord,
  countBatches,
  insertBatch,
  readCheckpoint,
  rowsOfCommitted,
  sumCounts,
} from '../../src/journal/batches.ts';
import { forgetCoverage } from '../../src/journal/coverage.ts';
import { noEntries } from '../../src/journal/ledger.ts';
import { allOf, memoryJournal } from '../support/memory-database.ts';

const SCHEMA = { keyKind: 'text', scan: { kind: 'key' } } as unknown as GlanceSchema;
const COUNTS = { exact: 3, inferred: 1, ambiguous: 0, unmappable: 0, 'not-applicable': 0 };
const LEDGER = { written: { rows: 4, high: 1, low: 2 }, dropped: noEntries(), moved: 1 };

function batch(number: number, more: Partial<BatchRecord> = {}): BatchRecord {
  return {
    runId: 1,
    batch: number,
    uuid: `uuid-${number}`,
    pass: 1,
    range: { after: null, until: `key-${number}` },
    rowsRead: 5,
    rowsWritten: 4,
    counts: COUNTS,
    committedAt: '2026-01-01T00:00:00Z',
    ...more,
  };
}

describe('batches', () => {
  it('are found by their uuid within their run', async () => {
    const journal = await memoryJournal();
    await insertBatch(journal, SCHEMA, batch(1), LEDGER);
    expect(await rowsOfCommitted(journal, { runId: 1, uuid: 'uuid-1' })).toBe(4);
    expect(await rowsOfCommitted(journal, { runId: 1, uuid: 'uuid-2' })).toBeNull();
    expect(await rowsOfCommitted(journal, { runId: 2, uuid: 'uuid-1' })).toBeNull();
  });

  it('add up to where a run is; only the first pass counts rows read', async () => {
    const journal = await memoryJournal();
    expect(await readCheckpoint(journal, 1)).toEqual({ batch: 0, pass: 1, rowsRead: 0 });
    await insertBatch(journal, SCHEMA, batch(1), LEDGER);
    await insertBatch(journal, SCHEMA, batch(2, { pass: 2, range: null }), LEDGER);
    await insertBatch(journal, SCHEMA, batch(3, { runId: 2 }), LEDGER);
    expect(await readCheckpoint(journal, 1)).toEqual({ batch: 2, pass: 2, rowsRead: 5 });
    expect(await sumCounts(journal, 1)).toMatchObject({ batches: 2, rowsRead: 5, rowsWritten: 8, counts: COUNTS });
    expect(await countBatches(journal)).toBe(3);
  });

  it('keep their seal when coverage is forgotten, and lose it by any other change', async () => {
    const journal = await memoryJournal();
    await insertBatch(journal, SCHEMA, batch(1), LEDGER);
    const accounts = async () => allOf(batchAccounts(journal));
    const [written] = await accounts();
    expect(written).toMatchObject({ pass: 1, until: 'key-1', written: LEDGER.written, moved: 1, integrity: 'intact' });
    await forgetCoverage(journal, 1);
    expect((await accounts())[0]).toMatchObject({ pass: 0, seal: written?.seal, integrity: 'intact' });
    await journal.execute('UPDATE retype_batches SET rows_moved = 2');
    expect((await accounts())[0]?.integrity).toBe('altered');
  });

  it('are summed up whatever their order, and one that is missing shows', async () => {
    const [one, other] = [await memoryJournal(), await memoryJournal()];
    for (const number of [1, 2]) await insertBatch(one, SCHEMA, batch(number), LEDGER);
    for (const number of [2, 1]) await insertBatch(other, SCHEMA, batch(number), LEDGER);
    const { seals } = await sumCounts(one, 1);
    expect((await sumCounts(other, 1)).seals).toBe(seals);
    await other.execute('DELETE FROM retype_batches WHERE batch = 2');
    expect((await sumCounts(other, 1)).seals).not.toBe(seals);
  });
});
