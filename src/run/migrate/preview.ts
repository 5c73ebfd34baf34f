import { findForeignResults } from '../../journal/results.ts';
import { storedForm, type StoredForm } from '../../journal/decisions.ts';
import { hasEntries, type JournalEntry } from '../../journal/entries.ts';
import type { Target } from '../../journal/meta.ts';
import { type ReadContext } from '../context/context.ts';
import { scanTable } from '../context/scan.ts';
import { createSharedForms, type DecidedRow, decideBatch } from './batch-work.ts';
import { storedEntries } from './first-pass.ts';
import { findStaleRows } from './write-batch.ts';

/** Live images with the same result. */
interface PreviewedGroup extends Pick<StoredForm, 'status' | 'imageType' | 'containerType' | 'envelope'> {
  /** Images that the journal does not know. */
  written: number;
  /** Images that are stored with another decision. */
  rewritten: number;
  /** Images that are stored exactly so. */
  stored: number;
  /** Images whose result columns hold values of somebody else, or whose words are not text. */
  leftAlone: number;
}

/** What migrate would do, as the rows are now. */
export interface MigratePreview {
  readonly end: 'finished' | 'stopped';
  /** Rows read, soft-deleted ones included. */
  readonly rowsRead: number;
  /** Soft-deleted images: counted, never written. */
  readonly deleted: number;
  /** The largest first. */
  readonly groups: readonly PreviewedGroup[];
  /** Images that would be left alone, at most `SAMPLE`. */
  readonly leftAlone: readonly string[];
}

const SAMPLE = 1000;
const NO_ENTRIES: ReadonlyMap<string, JournalEntry> = new Map();
const NOBODY: ReadonlySet<string> = new Set();

/**
 * Decides every row as the passes of migrate do, compares it with the journal, and counts. Only reads.
 * @param target null before expand: then nothing is stored.
 */
export async function previewMigrate(context: ReadContext, target: Target | null): Promise<MigratePreview> {
  const { reader, schema } = context;
  const groups = new Map<string, PreviewedGroup>();
  const leftAlone: string[] = [];
  let rowsRead = 0;
  let deleted = 0;
  const groupOf = (form: StoredForm): PreviewedGroup => {
    const { status, imageType, containerType, envelope } = form;
    const key = [status, imageType, containerType, envelope].join(' ');
    const known = groups.get(key);
    if (known !== undefined) return known;
    const made = { status, imageType, containerType, envelope, written: 0, rewritten: 0, stored: 0, leftAlone: 0 };
    groups.set(key, made);
    return made;
  };
  const deciding = {
    sharedForms: createSharedForms(context.decide),
    leaveAlone: NOBODY,
    decide: ((evidence) => {
      const decision = context.decide(evidence);
      if (evidence.image.deleted) deleted += 1;
      else groupOf(storedForm(decision, evidence.image)).stored += 1;
      return decision;
    }) satisfies ReadContext['decide'],
  };
  const journalled = target !== null && (await hasEntries(reader));
  const foreign = target?.kind === 'columns' ? (await findForeignResults(reader, target.names, 0)).count > 0 : false;
  const end = await scanTable(context, 'migrate', async (images, range) => {
    const stored = journalled ? await storedEntries(context, range, images) : NO_ENTRIES;
    const { rows, rowsRead: read } = decideBatch(images, { pass: 1, range: null, part: null }, stored, deciding);
    rowsRead += read;
    // Rows that the journal does not know hold results only if somebody else wrote some.
    const doubtful = target === null ? [] : foreign ? rows : rows.filter((row) => row.stored !== null);
    const stale = target === null ? [] : await findStaleRows({ writer: reader, schema, target }, doubtful);
    const left = new Set(stale.filter(({ kind }) => kind !== 'changed').map(({ id }) => id));
    for (const row of rows) count(row, groupOf(row.form), left);
    leftAlone.push(...[...left].slice(0, SAMPLE - leftAlone.length));
  });
  const largest = [...groups.values()].toSorted((one, other) => sizeOf(other) - sizeOf(one));
  return { end, rowsRead, deleted, groups: largest, leftAlone };
}

/** Every live row was counted as stored when it was decided. */
function count({ image, stored }: DecidedRow, group: PreviewedGroup, left: ReadonlySet<string>): void {
  group.stored -= 1;
  if (left.has(image.id)) group.leftAlone += 1;
  else if (stored === null) group.written += 1;
  else group.rewritten += 1;
}

function sizeOf({ written, rewritten, stored, leftAlone }: PreviewedGroup): number {
  return written + rewritten + stored + leftAlone;
}
