import type { SafetyCode } from '../../../model/safety.ts';
import type { Compression, Reading } from '../../reading/reading.ts';

/** Where one block of the guest lies. */
export type BlockPlace =
  | { readonly kind: 'zeros' }
  /** In a parent or backing file, which is never opened. */
  | { readonly kind: 'elsewhere' }
  /** As it is, from `offset` of the file. */
  | StoredPlace
  | CompressedPlace
  /** The way to it is broken, as `code` and `why` say, by what stands at file offset `at`. `why` holds nothing from the image but numbers. */
  | { readonly kind: 'lost'; readonly code: SafetyCode; readonly at: number; readonly why: string };

export interface StoredPlace {
  readonly kind: 'stored';
  readonly offset: number;
  /** The format writes no block in part, so what is past the end of the file is lost; without this it is zeros. */
  readonly whole?: true;
}

export interface CompressedPlace {
  readonly kind: 'compressed';
  readonly compression: Compression;
  /** File offset of the compressed bytes, and how many there are at most. */
  readonly offset: number;
  readonly length: number;
  /** Where the block begins in what they expand to; above 0 where one compressed piece holds several blocks. */
  readonly skip: number;
  /** What a piece that expands to less than its block means. */
  readonly shortfall: 'zeros' | 'lost';
}

/** A virtual disk cut into blocks of one size. */
export interface BlockMap {
  /** Guest bytes in a block, 512 at least. */
  readonly blockSize: number;
  /** Guest bytes in all, below 2^53. */
  readonly virtualSize: number;
  /**
   * Places of the blocks [first, first + count), exactly `count` of them and in order. Asks for table entries only, neighbours in one
   * request. A broken table is `lost`, not thrown.
   */
  readonly locate: (first: number, count: number) => Reading<readonly BlockPlace[]>;
}
