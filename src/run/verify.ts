import { idsWithinRange, type ScanRange, withinRange } from '../glance/scan-order.ts';
import type { GlanceSchema } from '../glance/schema.ts';
import { readEntries, sameAnswer, sameEntry, type JournalEntry } from '../journal/entries.ts';
import { columnText } from '../journal/column-text.ts';
import { columnList, type JournalMeta, type Target } from '../journal/meta.ts';
import { JOURNAL_TABLE } from '../journal/tables.ts';
import type { Database } from '../db/database.ts';
import { isDecided, type Decision } from '../model/decision.ts';
import type { ImageEvidence } from '../model/image.ts';
import { DECISION_STATUSES, type DecisionStatus } from '../model/vocabulary.ts';
import { withContent, type ReadContext } from './context.ts';
import { stopRequested } from './stop-request.ts';
import type { DecisionSink } from './plan.ts';
import { scanTable } from './scan.ts';

/** In what way a row differs from what is stored. */
export const DIFFERENCE_KINDS = {
  'not-migrated': 'a live image has no journal row: it was made or restored after the last migrate',
  'legacy-changed': 'disk_format, container_format or status is no longer what was decided on',
  'decision-changed': 'the same legacy row would be decided differently now: properties, references or rules changed',
  'column-changed': 'the result columns hold something else than the journal says',
} as const;
type DifferenceKind = keyof typeof DIFFERENCE_KINDS;

interface Difference {
  readonly kind: DifferenceKind;
  readonly imageId: string;
  /** What is stored and what is derived now, for a person. */
  readonly stored: string;
  readonly now: string;
}

export interface VerifyResult {
  readonly end: 'finished' | 'stopped';
  readonly rows: number;
  /** Rows by status as derived now. */
  readonly counts: Readonly<Record<DecisionStatus, number>>;
  readonly differences: Readonly<Record<DifferenceKind, number>>;
  /** The first differences found, at most `SAMPLE`. */
  readonly sample: readonly Difference[];
  /** Same answer, but the evidence or findings read differently now: no difference, migrate would refresh them. */
  readonly refreshable: number;
  /** Journal rows of images that were soft-deleted or purged since: normal. */
  readonly orphans: number;
}

const SAMPLE = 100;

/**
 * Reads everything again, derives each decision anew and compares it with the journal and with the result columns. Trusts
 * nothing that migrate remembered.
 *
 * @param sink takes every image with its decision as derived now, for a report.
 */
export async function verify(
  context: ReadContext,
  meta: JournalMeta,
  sink: DecisionSink = () => undefined,
): Promise<VerifyResult> {
  const { reader, schema } = context;
  const tally = newTally();
  let end: VerifyResult['end'] = 'finished';
  for await (const page of scanTable(context, 'verify')) {
    const images = await withContent(context, page.evidence);
    if (images === null) {
      end = 'stopped';
      break;
    }
    const [stored, results] = await context.clock.timed('read', async () =>
      Promise.all([
        readEntries(reader, idsWithinRange(schema, 'r.image_id', page.range)),
        readResults(reader, schema, meta.target, page.range),
      ]),
    );
    await comparePage(images, { stored, results, context, sink }, tally);
    context.onEvent({ kind: 'progress', done: tally.rows });
    if (await stopRequested(context.stop)) {
      end = 'stopped';
      break;
    }
  }
  const [journal] = await reader.query(`SELECT COUNT(*) AS n FROM ${JOURNAL_TABLE}`);
  return { ...tally, end, orphans: end === 'finished' ? Number(journal?.['n'] ?? 0) - tally.matchedEntries : 0 };
}

interface Tally {
  rows: number;
  matchedEntries: number;
  refreshable: number;
  readonly counts: Record<DecisionStatus, number>;
  readonly differences: Record<DifferenceKind, number>;
  readonly sample: Difference[];
}

function newTally(): Tally {
  return {
    rows: 0,
    matchedEntries: 0,
    refreshable: 0,
    counts: { exact: 0, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 0 },
    differences: { 'not-migrated': 0, 'legacy-changed': 0, 'decision-changed': 0, 'column-changed': 0 },
    sample: [],
  };
}

type Results = readonly [type: string | null, container: string | null, envelope: string | null];

/** What a page is compared with, and where its decisions go. */
interface Comparison {
  readonly stored: ReadonlyMap<string, JournalEntry>;
  readonly results: ReadonlyMap<string, Results>;
  readonly context: ReadContext;
  readonly sink: DecisionSink;
}

async function comparePage(
  images: Iterable<ImageEvidence>,
  { stored, results, context, sink }: Comparison,
  tally: Tally,
): Promise<void> {
  for (const evidence of images) {
    const { image } = evidence;
    const decision = context.decide(evidence);
    tally.rows += 1;
    tally.counts[decision.status] += 1;
    const pending = sink(evidence, decision);
    if (pending !== undefined) {
      await pending;
    }
    if (image.deleted) {
      continue;
    }
    const differ = (kind: DifferenceKind, before: string, now: string): void => {
      tally.differences[kind] += 1;
      if (tally.sample.length < SAMPLE) {
        tally.sample.push({ kind, imageId: image.id, stored: before, now });
      }
    };
    const entry = stored.get(image.id);
    if (entry === undefined) {
      differ('not-migrated', 'nothing', describeDecision(decision));
      continue;
    }
    tally.matchedEntries += 1;
    if (
      entry.legacyDiskFormat !== image.diskFormat ||
      entry.legacyContainerFormat !== image.containerFormat ||
      entry.glanceStatus !== image.status
    ) {
      differ(
        'legacy-changed',
        describeLegacy(entry.legacyDiskFormat, entry.legacyContainerFormat, entry.glanceStatus),
        describeLegacy(image.diskFormat, image.containerFormat, image.status),
      );
    } else if (!sameAnswer(entry, image, decision)) {
      differ('decision-changed', describeEntry(entry), describeDecision(decision));
    } else if (!sameEntry(entry, image, decision)) {
      tally.refreshable += 1;
    }
    const found = results.get(image.id);
    if (found !== undefined && !sameResults(found, entry)) {
      differ('column-changed', describeEntry(entry), found.map((value) => value ?? 'NULL').join(' '));
    }
  }
}

async function readResults(
  reader: Database,
  schema: GlanceSchema,
  target: Target,
  range: ScanRange,
): Promise<ReadonlyMap<string, Results>> {
  if (target.kind === 'table') {
    return new Map();
  }
  const columns = columnList(target.names).map((name, index) => `i.${reader.dialect.quote(name)} AS result_${index}`);
  const within = withinRange(schema, 'i', range);
  const rows = await reader.query(
    `SELECT i.id, ${columns.join(', ')} FROM images i WHERE ${within.sql} AND NOT i.deleted`,
    within.bindings,
  );
  return new Map(
    rows.map((row): [string, Results] => [
      String(row['id']),
      [columnText(row['result_0']), columnText(row['result_1']), columnText(row['result_2'])],
    ]),
  );
}

function sameResults(found: Results, entry: JournalEntry): boolean {
  return found[0] === entry.imageType && found[1] === entry.containerType && found[2] === entry.envelope;
}

function describeLegacy(disk: string | null, container: string | null, status: string): string {
  return `${disk ?? 'NULL'}/${container ?? 'NULL'} ${status}`;
}

function describeEntry(entry: JournalEntry): string {
  const types = [entry.imageType, entry.containerType, entry.envelope].map((value) => value ?? 'NULL').join(' ');
  return `${entry.status} ${types} (${entry.rule})`;
}

function describeDecision(decision: Decision): string {
  const typing = isDecided(decision) ? decision.typing : null;
  const types = [typing?.imageType, typing?.containerType, typing?.envelope].map((value) => value ?? 'NULL').join(' ');
  return `${decision.status} ${types} (${decision.rule})`;
}

/** The kinds in the order of the report. */
export function differenceTotal(result: VerifyResult): number {
  return Object.values(result.differences).reduce((sum, count) => sum + count, 0);
}

/** Rows that nobody could decide. */
export function undecidedCount(counts: Readonly<Record<DecisionStatus, number>>): number {
  return DECISION_STATUSES.filter((status) => status === 'ambiguous' || status === 'unmappable').reduce(
    (sum, status) => sum + counts[status],
    0,
  );
}
