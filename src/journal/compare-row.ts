import type { Database, DriverRow } from '../db/database.ts';
import type { Decision } from '../model/decision.ts';
import type { ImageRecord } from '../model/image.ts';
import type { StoredComparison } from '../model/stored-state.ts';
import { columnText } from './column-text.ts';
import { type JournalEntry, sameAnswer, sameEntry } from './entries.ts';
import { columnList, type Target } from './meta.ts';

/** What the result columns of an image hold, or what the journal says they hold. */
export type ResultValues = Pick<JournalEntry, 'imageType' | 'containerType' | 'envelope'>;

/** Result columns to select, as `resultsIn` reads them; none with target table. */
export function resultSelection({ dialect }: Pick<Database, 'dialect'>, target: Target, alias = ''): readonly string[] {
  if (target.kind === 'table') return [];
  return columnList(target.names).map((name, index) => `${alias}${dialect.quote(name)} AS result_${index}`);
}

export function resultsIn(row: DriverRow | undefined): ResultValues {
  const [imageType = null, containerType = null, envelope = null] = [0, 1, 2].map((index) =>
    columnText(row?.[`result_${index}`]),
  );
  return { imageType, containerType, envelope };
}

/** The columns of `images` that a decision was made on; unknown, because another hand may write any type into them. */
type LegacyRow = Readonly<Record<'diskFormat' | 'containerFormat' | 'status', unknown>>;

/** Whether two readings of a row have the same legacy tuple and status, byte for byte. */
export function sameLegacy(one: LegacyRow, other: LegacyRow): boolean {
  return (
    one.diskFormat === other.diskFormat && one.containerFormat === other.containerFormat && one.status === other.status
  );
}

/** Whether result columns hold what the journal says: NULL in all of them where it has no row of the image. */
export function sameResults(
  found: Readonly<Record<keyof ResultValues, unknown>>,
  stored: ResultValues | null,
): boolean {
  return (
    found.imageType === (stored?.imageType ?? null) &&
    found.containerType === (stored?.containerType ?? null) &&
    found.envelope === (stored?.envelope ?? null)
  );
}

/** How an image as it is now, with its decision as made now, compares with what is stored of it. */
export interface RowComparison {
  readonly decision: StoredComparison;
  /** `as-stored` also where the results have no columns (target table). */
  readonly results: 'as-stored' | 'changed';
}

/**
 * Compares an image with its journal row. Nothing of a soft-deleted image is decided any more, but its result columns
 * still hold what was stored.
 *
 * @param found the result columns; null with target table.
 * @param entry null where the journal has no row.
 */
export function compareRow(
  image: ImageRecord,
  decision: Decision,
  found: ResultValues | null,
  entry: JournalEntry | null,
): RowComparison {
  return {
    decision: compareDecision(image, decision, entry),
    results: found === null || sameResults(found, entry) ? 'as-stored' : 'changed',
  };
}

function compareDecision(image: ImageRecord, decision: Decision, entry: JournalEntry | null): StoredComparison {
  if (image.deleted) return 'deleted';
  if (entry === null) return 'not-stored';
  const { legacyDiskFormat, legacyContainerFormat, glanceStatus } = entry;
  const before = { diskFormat: legacyDiskFormat, containerFormat: legacyContainerFormat, status: glanceStatus };
  if (!sameLegacy(image, before)) return 'legacy-changed';
  if (!sameAnswer(entry, image, decision)) return 'decision-changed';
  return sameEntry(entry, image, decision) ? 'same' : 'refreshable';
}
