import type { DriverRow, Executor, SqlValue } from '../db/database.ts';
import type { StoredDecision, StoredEvidence } from '../model/stored-state.ts';
import { columnText } from './column-text.ts';
import { ENTRY_SELECTION, JOINED_DECISION, toEntry, type JournalEntry } from './entries.ts';
import { BATCHES_TABLE, JOURNAL_TABLE, UNDO_TABLE } from './tables.ts';

/** What the journal holds about one image. */
export interface ImageHistory {
  /** null where nothing is stored. */
  readonly current: (StoredDecision & JournalEntry) | null;
  /** Before-images, newest first: what a rollback of run `supersededBy` restores. */
  readonly earlier: readonly (StoredDecision & { readonly supersededBy: number })[];
}

/** Reads everything stored about one image, by the key of each table. */
export async function readHistory(executor: Executor, imageId: SqlValue): Promise<ImageHistory> {
  const selected = `${ENTRY_SELECTION}, d.candidates, d.evidence, d.findings`;
  const [row] = await executor.query(
    `SELECT ${selected} FROM ${JOURNAL_TABLE} r ${JOINED_DECISION} WHERE r.image_id = ?`,
    [imageId],
  );
  const undo = await executor.query(
    `SELECT ${selected}, r.superseded_by FROM ${UNDO_TABLE} r ${JOINED_DECISION} WHERE r.image_id = ? ORDER BY r.superseded_by DESC`,
    [imageId],
  );
  const earlier: (StoredDecision & { readonly supersededBy: number })[] = [];
  for (const before of undo) {
    earlier.push({ ...(await readStored(executor, before)), supersededBy: Number(before['superseded_by']) });
  }
  return { current: row === undefined ? null : await readStored(executor, row), earlier };
}

async function readStored(executor: Executor, row: DriverRow): Promise<StoredDecision & JournalEntry> {
  const entry = toEntry(row);
  const [batch] = await executor.query((knex) =>
    knex(BATCHES_TABLE).where({ run_id: entry.runId, batch: entry.batch }),
  );
  return {
    ...entry,
    committed:
      batch === undefined
        ? null
        : {
            uuid: String(batch['uuid']),
            pass: Number(batch['pass']),
            committedAt: String(batch['committed_at']),
          },
    evidence: toEvidence(row),
  };
}

/** The tool wrote these texts itself (decisions.ts). */
function toEvidence(row: DriverRow): StoredEvidence {
  const list = (column: string): readonly unknown[] =>
    JSON.parse(columnText(row[column]) ?? '[]') as readonly unknown[];
  type Candidate = Readonly<{ image_type: string; container_type: string; envelope: string | null }>;
  const candidates = list('candidates') as readonly Candidate[];
  return {
    evidence: list('evidence') as StoredEvidence['evidence'],
    findings: list('findings') as readonly string[],
    candidates: candidates.map(
      ({ image_type, container_type, envelope }) =>
        `${image_type}/${container_type}${envelope === null ? '' : ` in ${envelope}`}`,
    ),
  };
}
