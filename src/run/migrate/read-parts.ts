import pLimit from 'p-limit';

import { readDigest } from '../../glance/reader/digest.ts';
import { addDigests, NO_ROWS, type RowsDigest, sameDigest } from '../../glance/tables/digest.ts';
import type { ScanRange } from '../../glance/tables/scan-order.ts';
import type { ReadContext } from '../context/context.ts';

/** A part of the table, with the digest of its rows as this process read them. */
export interface ReadPart {
  readonly range: ScanRange;
  readonly digest: RowsDigest;
}

/** Rows of neighbouring parts that are compared at once. */
const ROWS_AT_ONCE = 50_000;

/** What this process has read and decided on: a few numbers for each page. */
export class ReadParts {
  #parts: ReadPart[] = [];
  readonly #leftOut = new Set<ReadPart>();

  add(part: ReadPart): ReadPart {
    this.#parts.push(part);
    return part;
  }

  /** Notes that rows of a part were not written, because they changed: it must be read again whatever it holds then. */
  leaveOut(part: ReadPart): void {
    this.#leftOut.add(part);
  }

  /** Whether no part was left out. */
  get allWritten(): boolean {
    return this.#leftOut.size === 0;
  }

  get rows(): number {
    return this.#parts.reduce((sum, { digest }) => sum + digest.rows, 0);
  }

  /**
   * Forgets the parts whose rows are no longer those that were read, and names them. The server computes digests, and
   * only numbers are transferred.
   *
   * @param onCompared is called with numbers of rows that were compared.
   * @returns ranges, neighbours joined.
   */
  async takeChanged(
    { reader, schema, columns }: Pick<ReadContext, 'reader' | 'schema' | 'columns'>,
    searches: number,
    onCompared: (rows: number) => void,
  ): Promise<readonly ScanRange[]> {
    const limit = pLimit(searches);
    const differs = async (parts: readonly ReadPart[]): Promise<boolean> => {
      const digest = parts.reduce((sum, part) => addDigests(sum, part.digest), NO_ROWS);
      return !sameDigest(digest, await readDigest(reader, schema, columns, joined(parts)));
    };
    const changed = new Set(this.#leftOut);
    const compare = async (parts: readonly ReadPart[]): Promise<void> => {
      if (await differs(parts)) {
        if (parts.length === 1) changed.add(parts[0] as ReadPart);
        else for (const part of parts) if (await differs([part])) changed.add(part);
      }
      onCompared(parts.reduce((sum, { digest }) => sum + digest.rows, 0));
    };
    await Promise.all(Array.from(neighbours(this.#parts), (parts) => limit(compare, parts)));
    const taken = this.#parts.filter((part) => changed.has(part));
    this.#parts = this.#parts.filter((part) => !changed.has(part));
    this.#leftOut.clear();
    return Array.from(neighbours(taken, Number.POSITIVE_INFINITY), joined);
  }
}

/** Cuts parts into lists of parts that follow each other in the table. */
function* neighbours(parts: readonly ReadPart[], most = ROWS_AT_ONCE): Generator<readonly ReadPart[]> {
  let list: ReadPart[] = [];
  let rows = 0;
  for (const part of parts) {
    const last = list.at(-1);
    const follows = last !== undefined && last.range.until !== null && last.range.until === part.range.after;
    if (last !== undefined && (!follows || rows + part.digest.rows > most)) {
      yield list;
      list = [];
      rows = 0;
    }
    list.push(part);
    rows += part.digest.rows;
  }
  if (list.length > 0) yield list;
}

function joined(parts: readonly ReadPart[]): ScanRange {
  return { after: parts[0]?.range.after ?? null, until: parts.at(-1)?.range.until ?? null };
}
