import type { SafetyCode } from '../../../model/safety.ts';
import type { Compression, Reading } from '../../reading/reading.ts';

/** Where one block of the guest lies. */
export type BlockPlace =
  | { readonly kind: 'zeros' }
  /** In a parent or backing file, which is never opened. */
  | { readonly kind: 'elsewhere' }
  /** Uncompressed, at `offset` of the file. */
  | StoredPlace
  | CompressedPlace
  /**
   * Its table or its place is broken, as `code` and `why` say; `at` is the file offset of the evidence. `why` holds
   * nothing from the image but numbers.
   */
  | { readonly kind: 'lost'; readonly code: SafetyCode; readonly at: number; readonly why: string };

export interface StoredPlace {
  readonly kind: 'stored';
  readonly offset: number;
  /** The format always writes whole blocks, so bytes past the end of the file are lost; otherwise they are zeros. */
  readonly whole?: true;
}

export interface CompressedPlace {
  readonly kind: 'compressed';
  readonly compression: Compression;
  /** File offset of the compressed bytes, and how many there are at most. */
  readonly offset: number;
  readonly length: number;
  /** Offset of the block in the plaintext; above 0 where one compressed piece holds several blocks. */
  readonly skip: number;
  /** What is missing where the plaintext is shorter than the block. */
  readonly shortfall: 'zeros' | 'lost';
}

/** A virtual disk cut into blocks of one size. */
export interface BlockMap {
  /** Guest bytes in a block, 512 at least. */
  readonly blockSize: number;
  /** Guest bytes in all, below 2^53. */
  readonly virtualSize: number;
  /**
   * Places of the blocks [first, first + count): exactly `count`, in order. Reads table entries only, neighbours in one
   * request. A broken table gives `lost` and throws nothing.
   */
  readonly locate: (first: number, count: number) => Reading<readonly BlockPlace[]>;
}
