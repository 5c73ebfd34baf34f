import { usageError } from './usage.ts';

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

const FORM = /^(?=.)(?:(\d{1,7})d)?(?:(\d{1,7})h)?(?:(\d{1,7})m(?:in)?)?(?:(\d{1,7})s)?$/;

/** A length of time and how it was written. */
export interface Duration {
  readonly milliseconds: number;
  /** `2h`, `1h30m`, `90s`. */
  readonly text: string;
}

/**
 * Reads `90s`, `30m`, `2h`, `1h30m`, `1d`, or a plain number of seconds; from a second to 30 days.
 * @throws RetypeError USAGE.
 */
export function durationOf(option: string, given: string): Duration {
  const text = given.trim().toLowerCase().replaceAll(' ', '');
  const spelled = /^\d+$/.test(text) ? `${text}s` : text;
  const parts = FORM.exec(spelled);
  const seconds = UNITS.reduce((sum, [, length], index) => sum + Number(parts?.[index + 1] ?? 0) * length, 0);
  if (parts !== null && seconds >= 1 && seconds <= 30 * 86_400) return { milliseconds: seconds * 1000, text: spelled };
  throw usageError(
    option,
    'a time such as 90s, 30m, 2h or 1h30m, from a second to 30 days',
    given,
    `write for example ${option} 2h`,
  );
}
