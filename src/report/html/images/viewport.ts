/** Browsers lay out no taller element than about 17.9 million pixels (Firefox) or 33.5 million (Chromium). */
const TALLEST = 12_000_000;
/** Rows drawn beyond each edge of what is seen. */
const BEYOND = 8;

/** Places of rows of equal height in a body whose full height a browser may not lay out; lengths in CSS pixels. */
export interface Viewport {
  readonly height: number;
  /** First row to draw, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** First row that is seen, at least in part. */
  readonly seen: number;
  /** Distance of a row from the body's top. */
  top(place: number): number;
}

export interface Seen {
  readonly rows: number;
  readonly rowHeight: number;
  readonly scrollTop: number;
  /** Height of the part of the body that is seen. */
  readonly seenHeight: number;
}

export function viewport({ rows, rowHeight, scrollTop, seenHeight }: Seen): Viewport {
  const full = rows * rowHeight;
  const height = Math.min(full, TALLEST);
  const offset = full === height ? scrollTop : (scrollTop * (full - seenHeight)) / (height - seenHeight);
  const firstSeen = Math.floor(offset / rowHeight);
  return {
    height,
    first: Math.max(0, firstSeen - BEYOND),
    seen: Math.min(firstSeen, Math.max(0, rows - 1)),
    end: Math.min(rows, Math.ceil((offset + seenHeight) / rowHeight) + BEYOND),
    top: (place) => Math.min(Math.max(0, place * rowHeight - offset + scrollTop), Math.max(0, height - rowHeight)),
  };
}

/** The nearest scroll position at which the whole row is in sight. */
export function scrollTopFor(place: number, { rows, rowHeight, scrollTop, seenHeight }: Seen): number {
  const full = rows * rowHeight;
  const height = Math.min(full, TALLEST);
  const stretch = full === height ? 1 : (full - seenHeight) / (height - seenHeight);
  const offset = scrollTop * stretch;
  const top = place * rowHeight;
  if (top < offset) return top / stretch;
  return top + rowHeight > offset + seenHeight ? (top + rowHeight - seenHeight) / stretch : scrollTop;
}
