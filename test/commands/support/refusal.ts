import { RetypeError } from '../../../src/model/error.ts';

/** The one problem that a reader of options complains of: where, what was expected, what was found; empty where it does not. */
export function refusal(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (!(error instanceof RetypeError) || error.code !== 'USAGE' || error.problems.length !== 1) throw error;
    const [{ place, expected, found }] = error.problems;
    return [place, expected, found];
  }
  return [];
}
