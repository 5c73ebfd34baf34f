import { jsonText } from '../../words/json-text.ts';
import type { ImageData } from './data.ts';

/** Entries of a column handed on at a time. */
const PIECE = 5_000;

/** JSON for a script element: nothing in it can end the element or begin a comment. */
function blockText(value: unknown): string {
  return jsonText(value).replaceAll('<', '\\u003c');
}

/** The data block of the page, in pieces: one JSON document that parses to `ImageData`. */
export function* imageBlock(data: ImageData): Generator<string> {
  const { columns, ...lists } = data;
  yield '<script type="application/json" id="image-data">{';
  for (const [key, value] of Object.entries(lists)) {
    yield `${blockText(key)}:`;
    yield* Array.isArray(value) ? listText(value) : [blockText(value)];
    yield ',';
  }
  yield '"columns":{';
  let between = '';
  for (const [key, value] of Object.entries(columns)) {
    yield `${between}${blockText(key)}:`;
    yield* listText(value as readonly unknown[]);
    between = ',';
  }
  yield '}}</script>\n';
}

function* listText(list: readonly unknown[]): Generator<string> {
  yield '[';
  for (let from = 0; from < list.length; from += PIECE) {
    const text = blockText(list.slice(from, from + PIECE)).slice(1, -1);
    yield from === 0 ? text : `,${text}`;
  }
  yield ']';
}
