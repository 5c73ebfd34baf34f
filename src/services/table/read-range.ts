import type { ReleaseRange } from '../condition/condition.ts';
import type { Problem } from '../../model/error.ts';
import { type Entries, wrong } from '../../yaml/read-node.ts';

/** Names of the releases, oldest first. */
export type ReleaseNames = readonly string[];

/** The keys that date an entry. */
export const DATES = ['from', 'until'];

/** Reads `from` and `until` of an entry, both inclusive. Left out: the oldest and the newest release. */
export function readRange(entries: Entries, releases: ReleaseNames, problems: Problem[]): ReleaseRange {
  const index = (key: string, fallback: number): number => {
    const node = entries.get(key);
    if (node === undefined) return fallback;
    const at = node.kind === 'scalar' && node.text !== null ? releases.indexOf(node.text) : -1;
    if (at >= 0) return at;
    wrong(node, `one of ${releases.join(', ')}`, 'name a release of this file', problems);
    return fallback;
  };
  const [first, last] = [index('from', 0), index('until', releases.length - 1)];
  const until = entries.get('until');
  if (first > last && until !== undefined) {
    wrong(until, `${releases[first]} or later`, 'until is the last release, from the first', problems);
  }
  return { first, last };
}
