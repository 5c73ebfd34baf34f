import type { Database } from '../db/database.ts';
import { LONG_READ_LIMITS } from '../db/transaction/deadlines.ts';
import { type ScanRange, withinRange } from '../glance/tables/scan-order.ts';
import { type GlanceSchema } from '../glance/tables/schema.ts';
import { resultsIn, resultSelection, type ResultValues } from './compare-row.ts';
import { ENTRY_SELECTION, type JournalEntry, sameLegacyRow, toEntry } from './entries.ts';
import { columnList, type Target } from './meta.ts';
import { DECISIONS_TABLE, JOURNAL_TABLE } from './tables.ts';

/** Images, alias `i`, with their journal rows, alias `r`, and the decisions of these, alias `d`. */
const IMAGES_WITH_ENTRIES = `images i LEFT JOIN ${JOURNAL_TABLE} r ON r.image_id = i.id LEFT JOIN ${DECISIONS_TABLE} d ON d.decision_key = r.decision_key`;

/** Counts live images that have no journal row, or one of another legacy row: migrate has still to decide on them. */
export async function countPending(reader: Database): Promise<number> {
  const [row] = await reader.query(
    `SELECT COUNT(*) AS n FROM ${IMAGES_WITH_ENTRIES}
     WHERE NOT i.deleted AND (d.decision_key IS NULL OR NOT (${sameLegacyRow(reader)}))`,
    [],
    LONG_READ_LIMITS,
  );
  return Number(row?.['n'] ?? 0);
}

/** What is stored of one image; one statement reads it, so that no batch comes between its parts. */
export interface StoredImage {
  /** `broken`: the journal row names a decision that does not exist. */
  readonly entry: JournalEntry | 'broken' | null;
  /** null with target table. */
  readonly results: ResultValues | null;
}

/** Reads what is stored of the live images within a range, and of deleted ones of which anything is stored; by id. */
export async function readStoredImages(
  reader: Database,
  schema: GlanceSchema,
  target: Target,
  range: ScanRange,
): Promise<ReadonlyMap<string, StoredImage>> {
  const names =
    target.kind === 'table' ? [] : columnList(target.names).map((name) => `i.${reader.dialect.quote(name)}`);
  const within = withinRange(schema, 'i', range);
  const stored = ['r.image_id', ...names].map((column) => `${column} IS NOT NULL`);
  const results = resultSelection(reader, target, 'i.');
  const selected = ['i.id', ENTRY_SELECTION, 'd.decision_key AS known', ...results];
  const rows = await reader.query(
    `SELECT ${selected.join(', ')} FROM ${IMAGES_WITH_ENTRIES} WHERE ${within.sql} AND (NOT i.deleted OR ${stored.join(' OR ')})`,
    within.bindings,
  );
  return new Map(
    rows.map((row): [string, StoredImage] => {
      const entry = row['image_id'] === null ? null : row['known'] === null ? 'broken' : toEntry(row);
      return [String(row['id']), { entry, results: target.kind === 'table' ? null : resultsIn(row) }];
    }),
  );
}
