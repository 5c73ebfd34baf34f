import { type ScanRange, withinRange } from '../../glance/tables/scan-order.ts';
import type { GlanceSchema } from '../../glance/tables/schema.ts';
import { compareRow, type ResultValues } from '../../journal/compare-row.ts';
import { ENTRY_SELECTION, toEntry, type JournalEntry } from '../../journal/entries.ts';
import { columnText } from '../../journal/column-text.ts';
import { columnList, type JournalMeta, type Target } from '../../journal/meta.ts';
import type { Database, DriverRow } from '../../db/database.ts';
import { isDecided, type Decision } from '../../model/decision.ts';
import type { ImageEvidence } from '../../model/image.ts';
import { DECISION_STATUSES, type DecisionStatus } from '../../model/vocabulary.ts';
import { type DecisionSink, type ReadContext, withContent } from '../context/context.ts';
import { type Difference, type DifferenceKind, Differences } from './differences.ts';
import { stopRequested } from '../context/stop.ts';
import { type RecordsCheck, verifyRecords } from './records.ts';
import { scanTable } from '../context/scan.ts';
import { PENDING_SOURCE } from '../migrate/tail-pass.ts';

export interface VerifyResult {
  readonly end: 'finished' | 'stopped';
  readonly rows: number;
  /** Rows by status as decided now. */
  readonly counts: Readonly<Record<DecisionStatus, number>>;
  readonly differences: Readonly<Record<DifferenceKind, number>>;
  /** The first differences found of each kind. */
  readonly sample: readonly Difference[];
  /**
   * Rows with the same answer whose evidence or findings read differently now: no difference; migrate refreshes them.
   */
  readonly refreshable: number;
  /** Journal rows of images that were soft-deleted or purged since: normal. */
  readonly orphans: number;
  /**
   * Another process that writes to the tool's own tables, so that rows and batches could not be compared; null where
   * they were.
   */
  readonly atWork: RecordsCheck['atWork'];
}

/**
 * Reads everything again, decides every image anew, and compares it with the journal and the result columns. Then
 * checks the tool's own tables for what it did not write. Relies on nothing that migrate remembered.
 *
 * @param sink takes every image with its decision as made now, for a report.
 * @param nodes other nodes of the same cluster, to be compared with this one.
 */
export async function verify(
  context: ReadContext,
  meta: JournalMeta,
  sink: DecisionSink = () => undefined,
  nodes: readonly Database[] = [],
): Promise<VerifyResult> {
  const { reader, schema } = context;
  const tally = newTally();
  const target = await presentTarget(reader, meta.target);
  const done = (end: VerifyResult['end'], { atWork, journalRows }: RecordsCheck): VerifyResult => ({
    ...tally,
    end,
    differences: tally.found.counts,
    sample: tally.found.sample,
    orphans: end === 'finished' ? journalRows - tally.matchedEntries : 0,
    atWork,
  });
  const stopped = (): VerifyResult => done('stopped', { atWork: null, journalRows: 0 });
  for await (const page of scanTable(context, 'verify')) {
    const images = await withContent(context, page.evidence);
    if (images === null) return stopped();
    const stored = await context.clock.timed('read', async () => readStored(reader, schema, target, page.range));
    await comparePage(images, { stored, context, sink }, tally);
    context.onEvent({ kind: 'progress', done: tally.rows });
    if (await stopRequested(context.stop)) return stopped();
  }
  const place = { reader, meta: { target }, nodes };
  return done('finished', await context.clock.timed('read', async () => verifyRecords(place, tally.found)));
}

interface Tally {
  rows: number;
  matchedEntries: number;
  refreshable: number;
  readonly counts: Record<DecisionStatus, number>;
  readonly found: Differences;
}

function newTally(): Tally {
  return {
    rows: 0,
    matchedEntries: 0,
    refreshable: 0,
    counts: { exact: 0, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 0 },
    found: new Differences(),
  };
}

/**
 * Finds the result columns, unless another hand wrote names into retype_meta that `images` does not have; the check of
 * retype_meta reports that.
 */
async function presentTarget(reader: Database, target: Target): Promise<Target> {
  const images = await reader.dialect.describeTable(reader, 'images');
  const there = new Set(images?.columns.map(({ name }) => name));
  return target.kind === 'columns' && !columnList(target.names).every((name) => there.has(name))
    ? { kind: 'table' }
    : target;
}

/** What is stored of one image; one statement reads it, so that no batch comes between its parts. */
interface StoredImage {
  /** `broken`: the journal row names a decision that does not exist. */
  readonly entry: JournalEntry | 'broken' | null;
  /** null with target table. */
  readonly results: ResultValues | null;
}

/** What a page is compared with, and where its decisions go. */
interface Comparison {
  readonly stored: ReadonlyMap<string, StoredImage>;
  readonly context: ReadContext;
  readonly sink: DecisionSink;
}

async function comparePage(
  images: Iterable<ImageEvidence>,
  { stored, context, sink }: Comparison,
  tally: Tally,
): Promise<void> {
  for (const evidence of images) {
    const decision = context.decide(evidence);
    tally.rows += 1;
    tally.counts[decision.status] += 1;
    const pending = sink(evidence, decision);
    if (pending !== undefined) {
      await pending;
    }
    const found = stored.get(evidence.image.id);
    // A live image that is missing here was deleted a moment ago.
    if (found !== undefined) compareImage(evidence, decision, found, tally);
  }
}

function compareImage({ image }: ImageEvidence, decision: Decision, stored: StoredImage, tally: Tally): void {
  const { entry, results } = stored;
  const { found } = tally;
  if (entry !== null && !image.deleted) tally.matchedEntries += 1;
  if (entry === 'broken') return;
  const compared = compareRow(image, decision, results, entry);
  const held = results === null ? '' : words([results.imageType, results.containerType, results.envelope]);
  if (entry === null) {
    if (compared.results === 'changed') found.image('column-foreign', image.id, 'nothing', held);
    else if (!image.deleted) found.image('not-migrated', image.id, 'nothing', describeDecision(decision));
    return;
  }
  if (compared.decision === 'legacy-changed') {
    const before = describeLegacy(entry.legacyDiskFormat, entry.legacyContainerFormat, entry.glanceStatus);
    const now = describeLegacy(image.diskFormat, image.containerFormat, image.status);
    found.image('legacy-changed', image.id, before, now);
  } else if (compared.decision === 'decision-changed') {
    found.image('decision-changed', image.id, describeEntry(entry), describeDecision(decision));
  } else if (compared.decision === 'refreshable') {
    tally.refreshable += 1;
  }
  if (compared.results === 'changed') found.image('column-changed', image.id, describeEntry(entry), held);
}

/** Reads live images, and deleted ones of which anything is stored. */
async function readStored(
  reader: Database,
  schema: GlanceSchema,
  target: Target,
  range: ScanRange,
): Promise<ReadonlyMap<string, StoredImage>> {
  const names =
    target.kind === 'table' ? [] : columnList(target.names).map((name) => `i.${reader.dialect.quote(name)}`);
  const within = withinRange(schema, 'i', range);
  const stored = ['r.image_id', ...names].map((column) => `${column} IS NOT NULL`);
  const selected = [
    'i.id',
    ENTRY_SELECTION,
    'd.decision_key AS known',
    ...names.map((name, index) => `${name} AS result_${index}`),
  ];
  const rows = await reader.query(
    `SELECT ${selected.join(', ')} FROM ${PENDING_SOURCE} WHERE ${within.sql} AND (NOT i.deleted OR ${stored.join(' OR ')})`,
    within.bindings,
  );
  return new Map(
    rows.map((row): [string, StoredImage] => [
      String(row['id']),
      { entry: storedEntry(row), results: target.kind === 'table' ? null : resultsIn(row) },
    ]),
  );
}

function storedEntry(row: DriverRow): StoredImage['entry'] {
  if (row['image_id'] === null) return null;
  return row['known'] === null ? 'broken' : toEntry(row);
}

function resultsIn(row: DriverRow): ResultValues {
  return {
    imageType: columnText(row['result_0']),
    containerType: columnText(row['result_1']),
    envelope: columnText(row['result_2']),
  };
}

function words(values: readonly (string | null)[]): string {
  return values.map((value) => value ?? 'NULL').join(' ');
}

function describeLegacy(disk: string | null, container: string | null, status: string): string {
  return `${disk ?? 'NULL'}/${container ?? 'NULL'} ${status}`;
}

function describeEntry(entry: JournalEntry): string {
  return `${entry.status} ${words([entry.imageType, entry.containerType, entry.envelope])} (${entry.rule})`;
}

function describeDecision(decision: Decision): string {
  const classification = isDecided(decision) ? decision.classification : null;
  const types = words([
    classification?.imageType ?? null,
    classification?.containerType ?? null,
    classification?.envelope ?? null,
  ]);
  return `${decision.status} ${types} (${decision.rule})`;
}

/** Counts the differences of all kinds. */
export function differenceTotal({ differences }: Pick<VerifyResult, 'differences'>): number {
  return Object.values(differences).reduce((sum, count) => sum + count, 0);
}

/** Counts the rows that are undecided. */
export function undecidedCount(counts: Readonly<Record<DecisionStatus, number>>): number {
  return DECISION_STATUSES.filter((status) => status === 'ambiguous' || status === 'unmappable').reduce(
    (sum, status) => sum + counts[status],
    0,
  );
}
