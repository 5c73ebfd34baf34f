import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CONTENTS, type ContentName } from '../contents.ts';
import { RELEASES, TABLE, verdictOf, WORDS } from '../predictions.ts';

/**
 * Which words each service accepts, for every content and release. Compared with the tables of verdicts that were made by
 * running Nova and the inspectors, and with the services' source for the others.
 */
const ROWS = readFileSync(fileURLToPath(new URL('verdicts.tsv', import.meta.url)), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t') as [ContentName, string, string, string, string]);

function accepted(content: ContentName, service: string, release: string): string {
  const marks = { accepted: '', unknown: '?', refused: null };
  const words = WORDS.flatMap((word) => {
    const mark = marks[verdictOf(service, release, word, CONTENTS[content]).kind];
    return mark === null ? [] : [`${word}${mark}`];
  });
  return words.length === WORDS.length && !words.join('').includes('?') ? 'all' : words.join(' ') || 'none';
}

describe('which words a service accepts', () => {
  it('has a row for every content, service and release, once', () => {
    const covered = ROWS.flatMap(([content, service, from, until]) =>
      RELEASES.filter((name) => name >= from && name <= until).map((name) => `${content} ${service} ${name}`),
    );
    const all = Object.keys(CONTENTS).flatMap((content) =>
      [...TABLE.services.keys()].flatMap((service) => RELEASES.map((name) => `${content} ${service} ${name}`)),
    );
    expect(covered.toSorted()).toEqual(all.toSorted());
  });

  it.each(ROWS)('%s, %s from %s until %s: %s', (content, service, from, until, words) => {
    for (const release of RELEASES.filter((name) => name >= from && name <= until)) {
      expect([release, accepted(content, service, release)]).toEqual([release, words]);
    }
  });
});
