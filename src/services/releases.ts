import { nearest } from '../model/nearest.ts';
import type { ServiceTable } from './table/service-table.ts';

/** The releases that `--openstack` names, or what is wrong with its text. */
export type ReleasesChoice =
  | { readonly kind: 'releases'; readonly release: string; readonly before: string | null }
  | { readonly kind: 'wrong'; readonly expected: string; readonly found: string; readonly advice: string };

const BETWEEN = '..';

/** Reads `RELEASE`, or `A..B` (A runs today, B comes). A code name stands for its release, in any case. */
export function parseReleases(text: string, table: ServiceTable): ReleasesChoice {
  const parts = text.split(BETWEEN).map((part) => part.trim());
  const names = parts.map((part) => releaseOf(part, table));
  const known = table.releases.map(({ name }) => name).join(', ');
  if (parts.length > 2) {
    return { kind: 'wrong', expected: 'RELEASE or A..B', found: text, advice: `name one or two of ${known}` };
  }
  const unknown = parts.find((_, i) => names[i] === undefined);
  if (unknown !== undefined) {
    return { kind: 'wrong', expected: `one of ${known}`, found: unknown, advice: suggestion(unknown, table) };
  }
  const [first = '', second] = names;
  if (second === undefined) return { kind: 'releases', release: first, before: null };
  if (first < second) return { kind: 'releases', release: second, before: first };
  const advice = first === second ? `write ${first} alone, or name a later one after it` : `write ${second}..${first}`;
  return { kind: 'wrong', expected: 'the release that runs today, then a later one', found: text, advice };
}

function releaseOf(part: string, table: ServiceTable): string | undefined {
  const word = part.toLowerCase();
  return table.releases.find(({ name, alias }) => name === word || alias === word)?.name;
}

/** What to write instead of an unknown name: releases that begin like it or are near, else the newest one. */
function suggestion(part: string, table: ServiceTable): string {
  const [oldest, newest] = [table.releases[0]?.name ?? '', table.releases.at(-1)?.name ?? ''];
  if (/^\d{4}\.\d$/u.test(part) && part < oldest) return `the oldest release of the table is ${oldest}`;
  const begins = table.releases.filter(
    ({ name }) => part !== '' && (name.startsWith(part) || name.slice(2).startsWith(part)),
  );
  const words = table.releases.flatMap(({ name, alias }) => [name, ...(alias === null ? [] : [alias])]);
  const later = /^\d{4}\.\d$/u.test(part) && part > newest;
  const near = begins.length > 0 ? begins.map(({ name }) => name) : later ? [] : nearest(part, words);
  const names = near.map((word) => releaseOf(word, table));
  if (names.length > 0) return `perhaps ${names.join(' or ')}`;
  return `the newest release of the table is ${newest}${later ? '; docs/services.md says how to add one' : ''}`;
}
