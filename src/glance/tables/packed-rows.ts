import type { Dialect, TableInfo } from '../../db/dialect.ts';
import type { Executor } from '../../db/database.ts';
import { unpack } from '../../db/statements/pack.ts';
import { DIGEST, type Digested, digestIn, digestSelection, type RowsDigest } from './digest.ts';
import type { Statement } from './keys.ts';
import type { GlanceSchema } from './schema.ts';

/** Types whose values read the same inside a longer text; CHAR does not: it is padded. */
const PACKABLE =
  /^(?:(?:varchar|character varying|(?:tiny|medium|long)?text)|(?:(?:tiny|small|medium|big)?int(?:eger)?|bool(?:ean)?))\b/i;

/** `GlanceSchema.pack`. */
export function packingOf(dialect: Dialect, images: TableInfo, properties: TableInfo): GlanceSchema['pack'] {
  const fit = (table: TableInfo, names: readonly string[]): boolean =>
    names.every((name) => PACKABLE.test(table.columns.find((column) => column.name === name)?.type ?? ''));
  const packable = fit(images, ['id', 'name']) && fit(properties, ['id', 'image_id', 'name', 'value', 'deleted']);
  return packable ? dialect.pack : null;
}

/** Rows of a page, column by column. */
export interface PackedRows {
  /** One list for each column, as `unpack` makes them. */
  readonly lists: readonly (readonly (string | null)[])[];
  /** Of the rows; of no meaning where the page has no digests. */
  readonly digest: RowsDigest;
}

/**
 * Reads columns of a page, each as one text.
 *
 * @param page selects the rows.
 * @param digested whether the page has the column `DIGEST`.
 * @returns null where the page must be read row by row.
 */
export async function readPacked(
  executor: Executor,
  { pack }: GlanceSchema,
  page: Statement,
  columns: readonly string[],
  digested: Digested = 'none',
): Promise<PackedRows | null> {
  if (pack === null) return null;
  const parts = columns.map((column, index) => {
    const { texts, present } = pack(column);
    return `${texts} AS texts_${index}, ${present} AS present_${index}`;
  });
  const sql = `SELECT ${digestSelection(digested === 'none' ? '0' : DIGEST)}, ${parts.join(', ')} FROM (${page.sql}) page`;
  const found = await executor.query(sql, page.bindings);
  const digest = digestIn(found);
  const { rows } = digest;
  const [row] = found;
  if (rows === 0) return { lists: columns.map(() => []), digest };
  const lists: (readonly (string | null)[])[] = [];
  for (const index of columns.keys()) {
    const list = unpack(String(row?.[`texts_${index}`]), rows, Number(row?.[`present_${index}`]));
    if (list === null) return null;
    lists.push(list);
  }
  return { lists, digest };
}
