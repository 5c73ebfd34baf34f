import { expect, it } from 'vitest';
import {
  migrateEstimate,
  migrateEstimateNote,
  migrateEstimateText,
} from '../../../src/report/words/duration-estimate.ts';

it('lies between a fast server and one that is ten times as slow, and grows with the rows', () => {
  expect(migrateEstimate(0)).toEqual({ least: 1_000, most: 1_000 });
  // 1,000,000 rows at 50,000 and 5,000 a second, and a second for the start.
  expect(migrateEstimate(1_000_000)).toEqual({ least: 21_000, most: 201_000 });
});

it('is said as a range and called an estimate', () => {
  expect(migrateEstimateText(1_000_000)).toBe('migrate: about 21 s to 3 min 21 s (estimate; rehearse measures it)');
  expect(migrateEstimateText(294_999)).toBe('migrate: less than a minute (estimate; rehearse measures it)');
  expect(migrateEstimateText(295_000)).toBe('migrate: about 7 s to 1 min 00 s (estimate; rehearse measures it)');
});

it('says what it rests on, and that reading images comes on top', () => {
  expect(migrateEstimateNote(1_000_000, 'off')).toBe(
    'migrate will take about 21 s to 3 min 21 s for 1,000,000 rows. This is an estimate, at 50,000 to 5,000 rows a second; rehearse measures it on your server.',
  );
  expect(migrateEstimateNote(1, 'all')).toMatch(/ for 1 row\. .* Reading images that no cache knows takes /);
});
