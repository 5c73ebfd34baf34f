import { describe, expect, it } from 'vitest';
import {
  addEntry,
  addSum,
  entriesWithoutImage,
  type EntryPlace,
  entryPlaces,
  noEntries,
  readSum,
  sumText,
  takeSum,
  undoPlaces,
} from '../../src/journal/ledger.ts';
import { allOf, memoryJournal } from '../support/memory-database.ts';

const ONE: EntryPlace = { imageId: 'a', runId: 1, batch: 2, decisionKey: 'k' };
const OTHERS: readonly EntryPlace[] = [
  { ...ONE, imageId: 'b' },
  { ...ONE, runId: 2 },
  { ...ONE, batch: 3 },
  { ...ONE, decisionKey: 'l' },
];

function sumOf(...entries: readonly EntryPlace[]) {
  const sum = noEntries();
  for (const entry of entries) addEntry(sum, entry);
  return sum;
}

describe('a sum of journal rows', () => {
  it('does not depend on their order, and on every field of theirs', () => {
    expect(sumOf(ONE, ...OTHERS)).toEqual(sumOf(...OTHERS.toReversed(), ONE));
    expect(new Set([ONE, ...OTHERS].map((entry) => sumText(sumOf(entry)))).size).toBe(5);
  });

  it('can be added and taken away again', () => {
    const sum = sumOf(ONE);
    addSum(sum, sumOf(...OTHERS));
    expect(sum).toEqual(sumOf(ONE, ...OTHERS));
    takeSum(sum, sumOf(ONE));
    expect(sum).toEqual(sumOf(...OTHERS));
    takeSum(sum, sumOf(...OTHERS));
    expect([sum, sumText(sum)]).toEqual([noEntries(), '0000000000000000']);
  });

  it('is stored as text and read back', () => {
    const sum = sumOf(ONE, ...OTHERS);
    expect(readSum(5, sumText(sum))).toEqual(sum);
    expect(readSum('2', '00000001ffffffff')).toEqual({ rows: 2, high: 1, low: 0xffff_ffff });
    expect(readSum(0, 'nonsense')).toEqual({ rows: 0, high: 0, low: 0 });
  });
});

describe('rows of the journal, as verify reads them', () => {
  it('come with what they replaced, and with whether the later run has a row as well', async () => {
    const journal = await memoryJournal();
    await journal.execute("INSERT INTO retype_journal VALUES ('a', 2, 7, 'k'), ('b', 1, 5, 'l')");
    await journal.execute("INSERT INTO retype_undo VALUES ('a', 2, 1, 4, 'm'), ('b', 3, 1, 4, 'm')");
    expect(await allOf(entryPlaces(journal))).toEqual([
      { imageId: 'a', runId: 2, batch: 7, decisionKey: 'k' },
      { imageId: 'b', runId: 1, batch: 5, decisionKey: 'l' },
    ]);
    expect(await allOf(undoPlaces(journal))).toEqual([
      { imageId: 'a', runId: 1, batch: 4, decisionKey: 'm', supersededBy: 2, followed: true },
      { imageId: 'b', runId: 1, batch: 4, decisionKey: 'm', supersededBy: 3, followed: false },
    ]);
  });

  it('are found where their image is not there', async () => {
    const journal = await memoryJournal();
    await journal.execute('CREATE TABLE images (id varchar(36))');
    await journal.execute("INSERT INTO images VALUES ('a')");
    await journal.execute(
      "INSERT INTO retype_journal VALUES ('a', 1, 1, 'k'), ('b', 1, 1, 'k'), ('c', 1, 2, 'k'), ('d', 1, 1, 'k')",
    );
    expect(await entriesWithoutImage(journal, { runId: 1, batch: 1 }, 5)).toEqual(['b', 'd']);
    expect(await entriesWithoutImage(journal, { runId: 1, batch: 1 }, 1)).toEqual(['b']);
  });
});
