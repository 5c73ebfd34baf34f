import type { SafetyCode } from '../../../model/safety.ts';
import type { Observations } from './observations.ts';

/** A rule of a format about its header. A header that breaks it is not followed. */
export interface HeaderRule<Header> {
  /** File offset of the field. */
  readonly at: number;
  readonly code: SafetyCode;
  /** Whether the header breaks the rule; defined for all values of the fields. `fileSize` is null where unknown. */
  readonly broken: (header: Header, fileSize: number | null) => boolean;
  /** For a person. */
  readonly why: string;
}

type RuleMaker = <Header>(at: number, why: string, broken: HeaderRule<Header>['broken']) => HeaderRule<Header>;

const ruleWith =
  (code: SafetyCode): RuleMaker =>
  (at, why, broken) => ({ at, code, broken, why });

/** Makes rules: file offset of the field, what is wrong, and a test that is true where the header breaks the rule. */
export const rule = {
  malformed: ruleWith('MALFORMED_HEADER'),
  oversized: ruleWith('OVERSIZED_TABLE'),
  outOfBounds: ruleWith('TABLE_OUT_OF_BOUNDS'),
  unknownFeature: ruleWith('UNKNOWN_FEATURE_BITS'),
  truncated: ruleWith('TRUNCATED'),
};

/** Notes every rule that the header breaks. True where it breaks none. */
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

/** Whether `length` bytes from `offset` reach past the end of the file; false where its size is unknown. */
export function pastEnd(offset: bigint, length: bigint, fileSize: number | null): boolean {
  return fileSize !== null && offset + length > BigInt(fileSize);
}

/** The largest virtual disk that is supported: 2^53 - 1 bytes, 8 PiB. */
export const MOST_VIRTUAL = BigInt(Number.MAX_SAFE_INTEGER);
