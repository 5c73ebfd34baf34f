import { describe, expect, it } from 'vitest';
import { noEntries } from '../../src/journal/ledger.ts';
import { finishRun, insertRun, listRuns, noteUndone, setRowNumbering } from '../../src/journal/runs.ts';
import { memoryJournal } from '../support/memory-database.ts';

const RUN = {
  rulesDigest: 'r'.repeat(64),
  answersDigest: null,
  options: '{}',
  rowNumbering: '5',
  toolVersion: '0.1.0',
  startedAt: '2026-01-01T00:00:00Z',
};
const COUNTS = { exact: 1, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 2, written: 3 };

describe('runs', () => {
  it('are numbered from 1 and come back as they were made', async () => {
    const journal = await memoryJournal();
    const first = await insertRun(journal, RUN);
    const second = await insertRun(journal, { ...RUN, answersDigest: 'a' });
    expect([first.id, second.id, first.state, first.integrity]).toEqual([1, 2, 'active', 'intact']);
    expect(first).toMatchObject({ ...RUN, counts: null, batches: null, undone: noEntries(), restored: 0 });
    expect(await listRuns(journal)).toEqual([first, second]);
  });

  it('keep their integrity through changes of this tool', async () => {
    const journal = await memoryJournal();
    const { id } = await insertRun(journal, RUN);
    await setRowNumbering(journal, id, '6');
    await noteUndone(journal, id, [{ imageId: 'a', runId: id, batch: 1, decisionKey: 'k' }], 4);
    await finishRun(journal, id, 'complete', '2026-01-02', { counts: COUNTS, batches: { count: 1, seals: 's' } });
    const [run] = await listRuns(journal);
    expect(run).toMatchObject({
      state: 'complete',
      rowNumbering: '6',
      counts: COUNTS,
      restored: 4,
      integrity: 'intact',
    });
    expect(run?.undone.rows).toBe(1);
    await finishRun(journal, id, 'rolled-back', '2026-01-03', null);
    expect((await listRuns(journal))[0]).toMatchObject({ state: 'rolled-back', counts: COUNTS });
  });

  it('lose it by a change of another hand, and no later change of this tool hides that', async () => {
    const journal = await memoryJournal();
    const { id } = await insertRun(journal, RUN);
    await journal.execute('UPDATE retype_runs SET options = \'{"probe":true}\'');
    expect((await listRuns(journal))[0]?.integrity).toBe('altered');
    await finishRun(journal, id, 'complete', '2026-01-02', null);
    expect((await listRuns(journal))[0]).toMatchObject({ state: 'complete', integrity: 'altered' });
  });
});
