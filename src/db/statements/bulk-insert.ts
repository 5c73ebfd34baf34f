import type { SqlValue } from '../database.ts';

/** What stands before and behind the rows of one statement. */
export interface InsertFrame {
  readonly head: string;
  readonly tail: string;
}

/**
 * Renders rows as statements `HEAD (…),(…) TAIL`, each at most about `limit` characters long. One statement per megabyte: a
 * server's packet limit is never met, and the parser's work stays in its cache.
 */
export function* insertStatements(
  { head, tail }: InsertFrame,
  rows: readonly (readonly SqlValue[])[],
  literal: (value: SqlValue) => string,
  limit: number,
): Generator<string> {
  let text = head;
  for (const row of rows) {
    let tuple = '(';
    for (let index = 0; index < row.length; index += 1) {
      tuple += (index === 0 ? '' : ',') + literal(row[index] as SqlValue);
    }
    tuple += ')';
    if (text.length > head.length && text.length + tuple.length >= limit) {
      yield text + tail;
      text = head;
    }
    text += (text.length > head.length ? ',' : '') + tuple;
  }
  if (text.length > head.length) yield text + tail;
}
