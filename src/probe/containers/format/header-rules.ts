import type { SafetyCode } from '../../../model/safety.ts';
import type { Observations } from './observations.ts';

/** One thing that the header of a format must not say. A header that says it is not followed. */
export interface HeaderRule<Header> {
  /** File offset of the field. */
  readonly at: number;
  readonly code: SafetyCode;
  /** Must hold for any value of the fields, however absurd. `fileSize` is null where unknown. */
  readonly broken: (header: Header, fileSize: number | null) => boolean;
  /** For a person. */
  readonly why: string;
}

/** Notes every rule that the header breaks, and answers whether it keeps them all. */
export function keepsRules<Header>(
  header: Header,
  fileSize: number | null,
  rules: readonly HeaderRule<Header>[],
  notes: Observations,
): boolean {
  const broken = rules.filter((rule) => rule.broken(header, fileSize));
  for (const { code, at, why } of broken) notes.warn(code, at, why);
  return broken.length === 0;
}

/** Whether `length` bytes from `offset` do not all lie in the file; false where its size is not known. */
export function pastEnd(offset: bigint, length: bigint, fileSize: number | null): boolean {
  return fileSize !== null && offset + length > BigInt(fileSize);
}

/** The largest virtual disk looked at: 2^53 - 1 bytes, 8 PiB. */
export const MOST_VIRTUAL = BigInt(Number.MAX_SAFE_INTEGER);
