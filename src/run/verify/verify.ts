import { compareRow } from '../../journal/compare-row.ts';
import type { JournalEntry } from '../../journal/entries.ts';
import { columnList, type JournalMeta, type Target } from '../../journal/meta.ts';
import { readStoredImages, type StoredImage } from '../../journal/pending.ts';
import type { Database } from '../../db/database.ts';
import { isDecided, type Decision } from '../../model/decision.ts';
import type { ImageEvidence } from '../../model/image.ts';
import { type DecisionStatus, zeroStatusCounts } from '../../model/vocabulary.ts';
import { type DecisionSink, type ReadContext } from '../context/context.ts';
import { scanTable } from '../context/scan.ts';
import { type Difference, type DifferenceKind, Differences } from './differences.ts';
import { type RecordsCheck, verifyRecords } from './records.ts';

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
  const { reader, schema, clock } = context;
  const found = new Differences();
  const tally: Tally = {
    found,
    rows: 0,
    matchedEntries: 0,
    refreshable: 0,
    counts: zeroStatusCounts(),
  };
  const target = await presentTarget(reader, meta.target);
  const end = await scanTable(context, 'verify', async (images, range) => {
    const stored = await clock.timed('read', async () => readStoredImages(reader, schema, target, range));
    for (const evidence of images) {
      const decision = context.decide(evidence);
      tally.rows += 1;
      tally.counts[decision.status] += 1;
      const pending = sink(evidence, decision);
      if (pending !== undefined) await pending;
      const row = stored.get(evidence.image.id);
      // A live image that is missing here was deleted a moment ago.
      if (row !== undefined) compareImage(evidence, decision, row, tally);
    }
  });
  const place = { reader, meta: { target }, nodes };
  const { atWork, journalRows } =
    end === 'stopped'
      ? { atWork: null, journalRows: tally.matchedEntries }
      : await clock.timed('read', async () => verifyRecords(place, found));
  const orphans = journalRows - tally.matchedEntries;
  return { ...tally, end, differences: found.counts, sample: found.sample, orphans, atWork };
}

interface Tally {
  rows: number;
  matchedEntries: number;
  refreshable: number;
  readonly counts: Record<DecisionStatus, number>;
  readonly found: Differences;
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

function words(values: readonly (string | null | undefined)[]): string {
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
  const types = words([classification?.imageType, classification?.containerType, classification?.envelope]);
  return `${decision.status} ${types} (${decision.rule})`;
}

/** Counts the differences of all kinds. */
export function differenceTotal({ differences }: Pick<VerifyResult, 'differences'>): number {
  return Object.values(differences).reduce((sum, count) => sum + count, 0);
}

/** Counts the rows that are undecided. */
export function undecidedCount(counts: Readonly<Record<DecisionStatus, number>>): number {
  return counts.ambiguous + counts.unmappable;
}
