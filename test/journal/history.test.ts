import { describe, expect, it } from 'vitest';
import { readHistory } from '../../src/journal/history.ts';
import { memoryJournal } from '../support/memory-database.ts';

describe('the history of an image', () => {
  it('has its row, its batch, and before-images, newest first', async () => {
    const journal = await memoryJournal();
    await journal.execute("INSERT INTO retype_journal VALUES ('a', 3, 1, 'k')");
    await journal.execute(
      "INSERT INTO retype_undo VALUES ('a', 2, 1, 4, 'l'), ('a', 3, 2, 1, 'l'), ('b', 3, 1, 1, 'l')",
    );
    await journal.execute(
      `INSERT INTO retype_decisions (decision_key, status, rule, glance_status, evidence, findings, candidates) VALUES
       ('k', 'exact', 'x', 'active', '[{"kind":"format","detail":"raw"}]', '["F"]', NULL),
       ('l', 'ambiguous', 'y', 'active', '[]', NULL, '[{"image_type":"disk","container_type":"raw","envelope":"gzip"}]')`,
    );
    await journal.execute(
      `INSERT INTO retype_batches (run_id, batch, uuid, pass, rows_read, rows_written, counts, committed_at, written_sum, rows_dropped, dropped_sum, rows_moved, seal)
       VALUES (3, 1, 'u', 2, 1, 1, '[]', '2026-01-01', '', 0, '', 0, '')`,
    );
    const { current, earlier } = await readHistory(journal, 'a');
    expect(current).toMatchObject({
      runId: 3,
      committed: { uuid: 'u', pass: 2, committedAt: '2026-01-01' },
      evidence: { evidence: [{ kind: 'format', detail: 'raw' }], findings: ['F'], candidates: [] },
    });
    expect(earlier.map(({ supersededBy }) => supersededBy)).toEqual([3, 2]);
    expect(earlier[0]).toMatchObject({ committed: null, evidence: { candidates: ['disk/raw in gzip'], findings: [] } });
  });

  it('of an unknown image is empty', async () => {
    expect(await readHistory(await memoryJournal(), 'nobody')).toEqual({ current: null, earlier: [] });
  });
});
