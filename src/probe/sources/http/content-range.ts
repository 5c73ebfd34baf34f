/** Bytes `first` to `last`, both inclusive, of `size` bytes in total; null if the server does not name the size. */
export interface ContentRange {
  readonly first: number;
  readonly last: number;
  readonly size: number | null;
}

/** Parses the Content-Range of a 206. @returns null if it is missing or contradicts itself (RFC 9110 section 14.4). */
export function parseContentRange(header: string | undefined): ContentRange | null {
  const match = /^bytes\s+(\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/i.exec(header?.trim() ?? '');
  if (match === null) return null;
  const [, first, last, total] = match;
  const range = { first: Number(first), last: Number(last), size: total === '*' ? null : Number(total) };
  const sound = range.first <= range.last && (range.size === null || range.last < range.size);
  return sound && Number.isSafeInteger(range.size ?? range.last) ? range : null;
}

/** The size in the Content-Range of a 416, which has no range (RFC 9110 section 15.5.17); null without one. */
export function parseUnsatisfied(header: string | undefined): number | null {
  const match = /^bytes\s+\*\/(\d{1,16})$/i.exec(header?.trim() ?? '');
  const size = match === null ? Number.NaN : Number(match[1]);
  return Number.isSafeInteger(size) ? size : null;
}

/** The Content-Length in bytes, or null. */
export function parseContentLength(header: string | undefined): number | null {
  const size = /^\d{1,16}$/.test(header ?? '') ? Number(header) : Number.NaN;
  return Number.isSafeInteger(size) ? size : null;
}
