import { columnText } from '../journal/column-text.ts';
import { sameAnswer, sameEntry, type JournalEntry } from '../journal/entries.ts';
import { readHistory } from '../journal/history.ts';
import { columnList, type Target } from '../journal/meta.ts';
import { listRuns } from '../journal/runs.ts';
import type { Database, SqlValue } from '../db/database.ts';
import { lookUpImages, noSuchImage } from '../glance/reader/image-lookup.ts';
import { bindKey } from '../glance/reader/key-binding.ts';
import { readImages } from '../glance/reader/reader.ts';
import { readReferencesTo } from '../glance/references/references.ts';
import type { GlanceSchema } from '../glance/schema.ts';
import type { Decision } from '../model/decision.ts';
import type { ImageRecord } from '../model/image.ts';
import type { ResultColumns, StoredComparison, StoredState } from '../model/stored-state.ts';
import type { Explanation } from '../rules/trace/explanation.ts';
import type { RuleTable } from '../rules/table/rule-table.ts';
import { traceDecision } from '../rules/trace/trace.ts';
import { withContent, type ReadContext } from './context.ts';
import { findMeta, INTERRUPTED } from './preflight.ts';

/** What explaining works with. Soft-deleted rows are explained as well. */
export type ExplainContext = Pick<ReadContext, 'reader' | 'schema' | 'decide' | 'lookInside' | 'onEvent' | 'stop'> & {
  readonly table: RuleTable;
};

/**
 * Reads one image with all that bears on its decision, and what is stored of it. Writes nothing.
 *
 * @returns null where a stop was asked for while the image was being looked into.
 * @throws RetypeError NO_SUCH_IMAGE, ROW_UNREADABLE.
 */
export async function explain(context: ExplainContext, id: string): Promise<Explanation | null> {
  const { reader, schema } = context;
  const found = (await lookUpImages(reader, schema, [id])).get(id);
  if (found === undefined) throw noSuchImage(id, schema);
  const references = await readReferencesTo(reader, schema, found.id);
  const [row] = await readImages(reader, schema, references, [found.id]);
  if (row === undefined) throw noSuchImage(id, schema);
  const looked = await withContent(context, [row]);
  const [evidence] = looked ?? [];
  if (evidence === undefined) return null;
  const decision = context.decide(evidence);
  return {
    evidence,
    trace: traceDecision(evidence, context.table),
    decision,
    stored: await readStored(reader, schema, evidence.image, decision),
  };
}

async function readStored(
  reader: Database,
  schema: GlanceSchema,
  image: ImageRecord,
  decision: Decision,
): Promise<StoredState> {
  const meta = await findMeta(reader);
  if (meta === null) return { kind: 'not-expanded' };
  if (meta.state !== 'expanded') return { kind: 'interrupted', command: INTERRUPTED[meta.state] };
  const key = bindKey(schema, image.id);
  if (key === null) throw new Error(`a key that was read from the table is none: ${image.id}`);
  const { current: entry, earlier } = await readHistory(reader, key);
  const runs = entry === null ? [] : await listRuns(reader);
  return {
    kind: 'expanded',
    target: meta.target.kind,
    current: entry,
    earlier,
    run: runs.find((run) => run.id === entry?.runId) ?? null,
    comparison: comparisonOf(entry, image, decision),
    results: meta.target.kind === 'table' ? null : await readResults(reader, meta.target, key, entry),
  };
}

function comparisonOf(entry: JournalEntry | null, image: ImageRecord, decision: Decision): StoredComparison {
  if (image.deleted) return 'deleted';
  if (entry === null) return 'not-stored';
  const sameRow =
    entry.legacyDiskFormat === image.diskFormat &&
    entry.legacyContainerFormat === image.containerFormat &&
    entry.glanceStatus === image.status;
  if (!sameRow) return 'legacy-changed';
  if (!sameAnswer(entry, image, decision)) return 'decision-changed';
  return sameEntry(entry, image, decision) ? 'same' : 'refreshable';
}

async function readResults(
  reader: Database,
  target: Extract<Target, { kind: 'columns' }>,
  key: SqlValue,
  entry: JournalEntry | null,
): Promise<ResultColumns> {
  const columns = columnList(target.names).map((name, index) => `${reader.dialect.quote(name)} AS result_${index}`);
  const [row] = await reader.query(`SELECT ${columns.join(', ')} FROM images WHERE id = ?`, [key]);
  const [imageType, containerType, envelope] = [0, 1, 2].map((index) => columnText(row?.[`result_${index}`]));
  const found = { imageType: imageType ?? null, containerType: containerType ?? null, envelope: envelope ?? null };
  const asStored =
    found.imageType === (entry?.imageType ?? null) &&
    found.containerType === (entry?.containerType ?? null) &&
    found.envelope === (entry?.envelope ?? null);
  return { ...found, integrity: asStored ? 'as-stored' : 'changed' };
}
