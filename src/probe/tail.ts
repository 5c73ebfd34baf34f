import type { ByteEvidence } from '../model/verdict.ts';
import type { FileHead } from './reading/fields.ts';
import { recogniseForeign } from './containers/foreign.ts';
import { openVhdByEnd, type VhdByEnd } from './containers/vhd/vhd.ts';
import { END_LENGTH, attempted, readExactly, type Reading } from './reading/reading.ts';
import type { Judgement } from './judgement/judgement.ts';

/** What the end of a file shows whose beginning has no container magic. */
export type Tail =
  | { readonly kind: 'nothing' }
  /** The end could not be read, or the size is unknown; `note` is the evidence of that. */
  | { readonly kind: 'unread'; readonly note: ByteEvidence }
  | VhdByEnd
  | { readonly kind: 'foreign'; readonly sign: ByteEvidence };

const SECTOR = 512;

/**
 * Whether the size allows a fixed VHD: whole sectors, or one byte less, because old tools wrote footers of 511 bytes
 * (QEMU block/vpc.c). An unknown size does.
 */
export function isWholeSectors(size: number | null): boolean {
  return size === null || size % SECTOR === 0 || size % SECTOR === SECTOR - 1;
}

/**
 * Whether the end of a file of any other size is worth a request: the beginning shows nothing, a disk, or a stream in a
 * compression that Apple tools use for the first piece of a disk.
 */
export function mayHaveTrailer({ head }: FileHead, { imageType, envelope }: Judgement): boolean {
  const isOpen = imageType === null || imageType === 'disk' || imageType === 'filesystem';
  return envelope === null ? isOpen : head.is(0, 'BZh') || head.is(0, [0xfd, 0x37, 0x7a]) || head.is(0, [0x78]);
}

/**
 * Reads the end of a file. The guest of a fixed VHD begins with the file, so only the footer tells it from a raw image.
 * A dynamic VHD may have lost the copy at its beginning. Apple disk images are known by their trailer alone.
 */
export function* readTail(file: FileHead): Reading<Tail> {
  const { size } = file;
  if (size === null) return unread(file.head.length);
  if (size < END_LENGTH) return { kind: 'nothing' };
  const start = size - END_LENGTH;
  const tail = yield* attempted(readExactly(start, END_LENGTH));
  if (tail === null) return unread(start);
  const vhd = yield* openVhdByEnd(tail, size, file);
  if (vhd !== null) return vhd;
  const sign = recogniseForeign(file, tail);
  return sign === null ? { kind: 'nothing' } : { kind: 'foreign', sign };
}

function unread(offset: number): Tail {
  const detail = 'the end was not read: a fixed VHD cannot be told from a raw image';
  return { kind: 'unread', note: { offset, detail } };
}
