import { IMAGE_COLUMNS, PROPERTY_COLUMNS, type CloudRow } from '../../fixtures/cloud/row.ts';

/** The lines of one image: one for `images`, one for each of its properties; each ends with a line end. */
export interface CloudLines {
  readonly image: string;
  readonly properties: string;
}

/**
 * One row as both servers read it in bulk (`LOAD DATA` with its standard options, `COPY` in text format): columns in the order of
 * IMAGE_COLUMNS and PROPERTY_COLUMNS, parted by tabs, NULL as `\N`, backslash, tab and line ends behind a backslash.
 */
export function cloudLines({ image, properties }: CloudRow): CloudLines {
  let text = '';
  for (const property of properties) text += line(PROPERTY_COLUMNS, property);
  return { image: line(IMAGE_COLUMNS, image), properties: text };
}

function line<Column extends string>(
  columns: readonly Column[],
  row: Readonly<Record<Column, string | number | null>>,
): string {
  let text = '';
  for (const column of columns) text += (text === '' ? '' : '\t') + field(row[column]);
  return `${text}\n`;
}

const SPECIAL = /[\\\t\n\r]/u;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function field(value: string | number | null): string {
  if (value === null) return '\\N';
  if (typeof value === 'number') return String(value);
  return SPECIAL.test(value) ? value.replaceAll(/[\\\t\n\r]/gu, (character) => ESCAPES[character] ?? character) : value;
}
