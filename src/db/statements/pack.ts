/** ASCII's separator of records; no client of Glance types it. */
export const SEPARATOR = '\u001e';
export const MISSING = '\u001d';

/**
 * Takes the values of a column apart. They are parts of the packed text: whoever keeps one for long must copy it.
 *
 * @param rows number of rows in the page.
 * @param present as the server counted.
 * @returns null where the text does not say which values there are: one holds a separator, looks like a missing one, or
 *   is no text.
 */
export function unpack(texts: string, rows: number, present: number): readonly (string | null)[] | null {
  const values: (string | null)[] = texts.split(SEPARATOR);
  if (values.length !== rows) return null;
  let missing = 0;
  if (texts.includes(MISSING)) {
    for (const [row, value] of values.entries()) {
      if (value !== MISSING) continue;
      values[row] = null;
      missing += 1;
    }
  }
  return missing === rows - present ? values : null;
}
