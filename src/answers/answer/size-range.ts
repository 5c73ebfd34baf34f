import type { SizeRange } from './answer.ts';

const UNITS: Readonly<Record<string, bigint>> = {
  B: 1n,
  KiB: 1n << 10n,
  MiB: 1n << 20n,
  GiB: 1n << 30n,
  TiB: 1n << 40n,
  kB: 1_000n,
  MB: 1_000_000n,
  GB: 1_000_000_000n,
  TB: 1_000_000_000_000n,
};

/** What `readSizeRange` takes, for messages. */
export const SIZE_RANGE_FORMS =
  '`< 20 MiB`, `>= 1 GiB` or `10 MiB .. 2 GiB`, with B, KiB, MiB, GiB, TiB, kB, MB, GB or TB';

/**
 * Reads `< 20 MiB`, `>= 1 GiB`, or `10 MiB .. 2 GiB` (from the first on, below the second); null where it is none of
 * these or holds nothing.
 */
export function readSizeRange(text: string): SizeRange | null {
  const [, sign, bound] = /^(<|>=)\s*(\S.*)$/.exec(text.trim()) ?? [];
  if (bound !== undefined) {
    const bytes = readSize(bound);
    if (bytes === null) return null;
    return sign === '<' ? { min: null, below: bytes } : { min: bytes, below: null };
  }
  const ends = text.split('..').map(readSize);
  const [min = null, below = null] = ends;
  return ends.length === 2 && min !== null && below !== null && min < below ? { min, below } : null;
}

/** An unknown size is in no range. */
export function isInRange(size: bigint | null, { min, below }: SizeRange): boolean {
  return size !== null && (min === null || size >= min) && (below === null || size < below);
}

/** Writes a range with the largest unit that is exact: `>= 1 GiB`. */
export function sizeRangeText({ min, below }: SizeRange): string {
  if (min === null) return `< ${sizeText(below ?? 0n)}`;
  return below === null ? `>= ${sizeText(min)}` : `${sizeText(min)} .. ${sizeText(below)}`;
}

function sizeText(bytes: bigint): string {
  for (const unit of ['TiB', 'GiB', 'MiB', 'KiB'] as const) {
    const size = UNITS[unit] ?? 1n;
    if (bytes > 0n && bytes % size === 0n) return `${bytes / size} ${unit}`;
  }
  return `${bytes} B`;
}

/** Rounds up to whole bytes, which changes nothing, because sizes are whole. */
function readSize(text: string): bigint | null {
  const [, whole, fraction = '', unit = ''] = /^(\d{1,15})(?:\.(\d{1,6}))?\s*([A-Za-z]{1,3})$/.exec(text.trim()) ?? [];
  const scale = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  if (whole === undefined || scale === undefined) return null;
  const divisor = 10n ** BigInt(fraction.length);
  return (BigInt(whole + fraction) * scale + divisor - 1n) / divisor;
}
