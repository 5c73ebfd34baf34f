import type { ByteEvidence } from '../model/verdict.ts';
import type { FileHead, OpenedContainer } from './container.ts';
import { recogniseForeign, type ForeignFormat } from './containers/foreign.ts';
import { openFixedVhd, recogniseFixedVhd } from './containers/vhd-fixed.ts';
import { readUpTo, Unreadable, type Reading } from './reading.ts';

/** What the end of a file without a container's magic says. */
export type Tail =
  | { readonly kind: 'nothing' }
  /** The end could not be read; `note` is evidence of that. */
  | { readonly kind: 'unread'; readonly note: ByteEvidence }
  | { readonly kind: 'container'; readonly opened: OpenedContainer; readonly sign: ByteEvidence }
  | { readonly kind: 'foreign'; readonly format: ForeignFormat };

const SECTOR = 512;

/** Bytes read: trailers of Apple disk images need not be at the very end. */
const TAIL_LENGTH = 1024;

/**
 * Reads the end of a file that may be a fixed VHD: its guest begins at the first byte, so only the footer tells it from a raw image.
 * Files of whole sectors, or of one byte less, are looked at (the footer of old tools is 511 bytes long; QEMU block/vpc.c).
 */
export function* readTail(file: FileHead): Reading<Tail> {
  const { size } = file;
  if (size === null || size < TAIL_LENGTH || (size % SECTOR !== 0 && size % SECTOR !== SECTOR - 1)) {
    return { kind: 'nothing' };
  }
  const start = size - TAIL_LENGTH;
  const tail = yield* attempt(start);
  if (tail === null) {
    const detail = 'the end of the file could not be read: a fixed VHD cannot be told from a raw image';
    return { kind: 'unread', note: { offset: start, detail } };
  }
  const sign = recogniseFixedVhd(tail, size);
  const opened = sign === null ? null : openFixedVhd(tail, size);
  if (sign !== null && opened !== null) return { kind: 'container', opened, sign };
  const format = recogniseForeign(file, tail);
  return format === null ? { kind: 'nothing' } : { kind: 'foreign', format };
}

function* attempt(start: number): Reading<Uint8Array | null> {
  try {
    const tail = yield* readUpTo(start, TAIL_LENGTH);
    return tail.length === TAIL_LENGTH ? tail : null;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return null;
  }
}
