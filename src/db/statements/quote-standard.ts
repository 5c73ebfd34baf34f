/** Quotes one identifier. SQLite reads the same form. */
export function quoteStandard(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
