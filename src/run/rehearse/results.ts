import type { Database } from '../../db/database.ts';
import { LONG_READ_LIMITS } from '../../db/transaction/deadlines.ts';
import { columnText } from '../../journal/column-text.ts';
import { IMAGES_VIEW } from '../../journal/tables.ts';
import { digestText, readTableDigest } from './rows-digest.ts';

/** What a migration has stored, in every word. */
export interface StoredResults {
  /** Of every decision with its evidence, and of `images` with its result columns. */
  readonly digest: string;
  /** The most frequent first. */
  readonly groups: readonly ResultGroup[];
}

interface ResultGroup {
  readonly status: string;
  /** null where the image is undecided. */
  readonly imageType: string | null;
  readonly containerType: string | null;
  readonly images: number;
}

/** Runs and batches are numbered as they come; they say nothing of a result. */
const NUMBERS = ['run_id', 'batch'];

export async function readResults(scratch: Database): Promise<StoredResults> {
  const stored = digestText(await readTableDigest(scratch, IMAGES_VIEW, NUMBERS));
  const images = digestText(await readTableDigest(scratch, 'images'));
  const rows = await scratch.query(
    `SELECT status, image_type, container_type, COUNT(*) AS n FROM ${IMAGES_VIEW}
     GROUP BY status, image_type, container_type ORDER BY n DESC, status, image_type, container_type`,
    [],
    LONG_READ_LIMITS,
  );
  return {
    digest: `decisions ${stored}, images ${images}`,
    groups: rows.map((row) => ({
      status: String(row['status']),
      imageType: columnText(row['image_type']),
      containerType: columnText(row['container_type']),
      images: Number(row['n']),
    })),
  };
}
