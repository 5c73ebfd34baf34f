import type { Budget } from '../reading/budget.ts';
import { HEAD_LENGTH } from '../reading/file-head.ts';
import { headPages } from './head-pages.ts';
import { Unreadable } from '../reading/reading.ts';
import type { ByteSource } from '../reading/source.ts';

/** Reads behind the head are rounded to this, so that neighbouring tables and blocks cost one request. */
const BLOCK = 65_536;

/** Reads begin at a multiple of this. */
const PAGE = 4096;

/** Whatever was read of one source, in pieces that hold together at most the budget. */
export interface RangeCache {
  /** @throws Unreadable budget; and what the source throws. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}

/**
 * Far sources are asked for the whole head at once; of near ones its pages are read as they are needed, and the budget is charged as if it
 * had been read at once, so that both come to the same.
 *
 * @param room memory of `HEAD_LENGTH` bytes, in which answers may lie.
 */
export function rangeCache(source: ByteSource, budget: Budget, room: Uint8Array): RangeCache {
  const held: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  /** Where the source ends, as soon as that is known. */
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
  return { read };
}

/** What to ask a source for: the whole head at first, later whole blocks; the last bytes of a file exactly. */
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
