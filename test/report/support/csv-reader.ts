/** A reader by the grammar of RFC 4180 that tells an unquoted empty field (null) from a quoted one; throws on anything else. */
export function readCsv(text: string): (string | null)[][] {
  const records: (string | null)[][] = [];
  let fields: (string | null)[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const match = field.exec(text);
    if (match === null) throw new Error(`not RFC 4180 at ${at}: ${text.slice(at, at + 40)}`);
    fields.push(match[1]?.replaceAll('""', '"') ?? (match[2] === '' ? null : (match[2] ?? null)));
    if (match[3] === '\r\n') {
      records.push(fields);
      fields = [];
    }
  }
  return records;
}

/**
 * The text of a cell as our CSV has it: of apostrophes at the beginning and behind a separator, one each is not part of
 * it.
 */
export function cellText(cell: string | null): string | null {
  return cell?.replace(/(^|[;\t\r\n])'/gu, '$1') ?? null;
}
