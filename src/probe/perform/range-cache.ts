import type { Budget } from '../reading/budget.ts';
import { HEAD_LENGTH } from '../reading/fields.ts';
import { headPages } from './head-pages.ts';
import { Unreadable } from '../reading/reading.ts';
import type { ByteSource } from '../reading/source.ts';

/** Reads behind the head are rounded up to this, so that neighbouring tables and blocks cost one request. */
const BLOCK = 65_536;

/** Reads begin at a multiple of this. */
const PAGE = 4096;

/**
 * Caches what is read of a source. A far source is asked for its whole head at once. The head of a near source is read
 * page by page on demand, but charged to the budget as if read at once, so that both lead to the same verdict.
 *
 * @param room memory of `HEAD_LENGTH` bytes that may hold answers.
 * @returns reads a range; throws Unreadable (budget), and whatever the source throws.
 */
export function cachedReads(
  source: ByteSource,
  budget: Budget,
  room: Uint8Array,
): (offset: number, length: number) => Promise<Uint8Array> {
  const held: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  /** Where the source ends; null until that is known. */
  let end = source.size();
  let isHeadCharged = false;
  const pages = source.distance === 'near' && end !== null && end > 0 ? headPages(source, end, room) : null;

  const charge = (span: number): void => {
    const cost = source.cost();
    const rest = pages?.uncharged() ?? { requests: 0, bytes: 0 };
    if (cost.requests + rest.requests >= budget.requests) {
      throw new Unreadable('budget', `${budget.requests} requests were made`);
    }
    if (cost.bytes + rest.bytes + span > budget.bytes) {
      throw new Unreadable('budget', `${budget.bytes} bytes were read`);
    }
  };

  const readHeld = async (piece: Uint8Array, offset: number, wanted: number): Promise<Uint8Array> => {
    if (piece.length === wanted) return piece;
    const rest = await read(offset + piece.length, wanted - piece.length);
    return Buffer.concat([piece, rest]);
  };

  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const wanted = end === null ? length : Math.max(0, Math.min(length, end - offset));
    if (wanted === 0) return new Uint8Array(0);
    if (pages !== null && offset < pages.length()) {
      if (!isHeadCharged) charge(pages.length());
      isHeadCharged = true;
      const piece = await pages.read(offset, wanted);
      if (pages.length() < Math.min(HEAD_LENGTH, end ?? 0)) end = pages.length();
      return readHeld(piece, offset, Math.min(wanted, (end ?? Number.MAX_SAFE_INTEGER) - offset));
    }
    const range = held.find(({ start, bytes }) => offset >= start && offset < start + bytes.length);
    if (range !== undefined) {
      return readHeld(range.bytes.subarray(offset - range.start, offset - range.start + wanted), offset, wanted);
    }
    const isFirst = pages === null && held.length === 0;
    const { from, span } = request(offset, wanted, isFirst, end);
    charge(span);
    const bytes = await source.read(from, span, isFirst && span <= room.length ? room : undefined);
    held.push({ start: from, bytes });
    end ??= source.size() ?? (bytes.length < span ? from + bytes.length : null);
    return bytes.subarray(Math.min(bytes.length, offset - from), Math.min(bytes.length, offset - from + length));
  };
  return read;
}

/** The range to request: first the whole head, then whole blocks; exactly the last bytes at the end of a file. */
function request(
  offset: number,
  wanted: number,
  isFirst: boolean,
  end: number | null,
): { readonly from: number; readonly span: number } {
  const isTail = end !== null && offset + wanted === end && wanted <= PAGE;
  if (isTail) return { from: offset, span: wanted };
  const isHead = isFirst && offset < HEAD_LENGTH;
  const from = isHead ? 0 : Math.floor(offset / PAGE) * PAGE;
  const span = Math.max(isHead ? HEAD_LENGTH : BLOCK, Math.ceil((offset + wanted - from) / PAGE) * PAGE);
  return { from, span: end === null ? span : Math.min(span, end - from) };
}
