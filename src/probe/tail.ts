import type { ByteEvidence } from '../model/verdict.ts';
import type { OpenedContainer } from './containers/format/container.ts';
import type { FileHead } from './reading/file-head.ts';
import { recogniseForeign, type ForeignFormat } from './containers/foreign.ts';
import { openFixedVhd, recogniseFixedVhd } from './containers/vhd/fixed.ts';
import { openDynamicByEnd, recogniseDynamicByEnd } from './containers/vhd/vhd.ts';
import { END_LENGTH, attempted, readExactly, type Reading } from './reading/reading.ts';
import type { Judgement } from './judgement/judgement.ts';

/** What the end of a file without a container's magic says. */
export type Tail =
  | { readonly kind: 'nothing' }
  /** The end could not be read, or nobody knows where it is; `note` is evidence of that. */
  | { readonly kind: 'unread'; readonly note: ByteEvidence }
  | {
      readonly kind: 'container';
      readonly opened: OpenedContainer;
      readonly sign: ByteEvidence;
      /**
       * `anyhow`: the guest begins with the file. `elsewhere`: the file begins with a header, of which nothing is left.
       */
      readonly begins: 'anyhow' | 'elsewhere';
    }
  | { readonly kind: 'foreign'; readonly format: ForeignFormat };

const SECTOR = 512;

/**
 * Whether a file may be a fixed VHD for all its size: whole sectors, or one byte less, because the footer of old tools
 * is 511 bytes long (QEMU block/vpc.c). A size that is not known may be any.
 */
export function isWholeSectors(size: number | null): boolean {
  return size === null || size % SECTOR === 0 || size % SECTOR === SECTOR - 1;
}

/**
 * Whether the end of a file of another size is worth a request: where the beginning says nothing, or shows a disk, or
 * streams of the methods in which Apple's tools pack the first piece of a disk.
 */
export function mayHaveTrailer({ head }: FileHead, { imageType, envelope }: Judgement): boolean {
  const isOpen = imageType === null || imageType === 'disk' || imageType === 'filesystem';
  return envelope === null ? isOpen : head.is(0, 'BZh') || head.is(0, [0xfd, 0x37, 0x7a]) || head.is(0, [0x78]);
}

/**
 * Reads the end of a file: a fixed VHD has its guest from the first byte on, so that only the footer tells it from a
 * raw image; a dynamic one may have lost the copy at its beginning; images of Apple's are known by their trailer alone.
 */
export function* readTail(file: FileHead): Reading<Tail> {
  const { size } = file;
  if (size === null) return unread(file.head.length);
  if (size < END_LENGTH) return { kind: 'nothing' };
  const start = size - END_LENGTH;
  const tail = yield* attempted(readExactly(start, END_LENGTH));
  if (tail === null) return unread(start);
  const fixed = recogniseFixedVhd(tail, size);
  const opened = fixed === null ? null : openFixedVhd(tail, size);
  if (fixed !== null && opened !== null) return { kind: 'container', opened, sign: fixed, begins: 'anyhow' };
  const dynamic = recogniseDynamicByEnd(tail, size);
  if (dynamic !== null) {
    return { kind: 'container', opened: yield* openDynamicByEnd(tail, file), sign: dynamic, begins: 'elsewhere' };
  }
  const format = recogniseForeign(file, tail);
  return format === null ? { kind: 'nothing' } : { kind: 'foreign', format };
}

function unread(offset: number): Tail {
  const detail = 'the end was not read: a fixed VHD cannot be told from a raw image';
  return { kind: 'unread', note: { offset, detail } };
}
