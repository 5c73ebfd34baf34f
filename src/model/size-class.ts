/** `small` up to 20 MiB, `medium` up to 512 MiB, both inclusive. Larger images are rarely kernels or ramdisks. */
export type SizeClass = 'empty' | 'small' | 'medium' | 'large';

/** Bytes. */
export const SMALL_UP_TO = 20n * 1024n * 1024n;
export const MEDIUM_UP_TO = 512n * 1024n * 1024n;

export function sizeClass(size: bigint | null): SizeClass {
  if (size === null || size <= 0n) return 'empty';
  if (size <= SMALL_UP_TO) return 'small';
  return size <= MEDIUM_UP_TO ? 'medium' : 'large';
}
