import { RetypeError } from '../../model/error.ts';

/** The error for one thing that is wrong with the command line. */
export function usageError(place: string, expected: string, found: string, advice: string): RetypeError {
  return new RetypeError('USAGE', [{ place, expected, found, advice }]);
}

/** Refuses outputs that want one place. @throws RetypeError USAGE. */
export function refuseSharedPlaces(wanted: readonly { readonly option: string; readonly file: string }[]): void {
  const seen = new Map<string, string>();
  for (const { option, file } of wanted) {
    const other = seen.get(file);
    if (other !== undefined) {
      const found = file === '-' ? 'both want standard output' : `both want ${file}`;
      throw usageError(
        `${other} and ${option}`,
        'a different place for each',
        found,
        'give each its own file; at most one can be -',
      );
    }
    seen.set(file, option);
  }
}
