import { describe, expect, it } from 'vitest';
import { costRows, rateRows, ratioRows, secondsRows } from '../../../../scripts/bench/results/size-rows.ts';
import { figures, size } from './samples.ts';

const SIZES = [size(1_000), size(2_000, { figures: { 'update-all': figures([1]) } })];

describe('the rows of the tables', () => {
  it('compare the product with a baseline, and leave out comparisons that no size has', () => {
    expect(ratioRows(SIZES)).toEqual([['migrate, target columns : one UPDATE, whole table', '1.00 (0.50–1.50)', '-']]);
  });

  it('give rows a second', () => {
    expect(rateRows(SIZES)).toEqual([
      ['one UPDATE, whole table', '500', '1,000'],
      ['migrate, target columns', '500', '-'],
      ['plan', '1,000', '-'],
    ]);
  });

  it('give what a run takes, as shares where it is time, with a dash for what is unknown', () => {
    expect(costRows(SIZES)).toEqual([
      ['migrate, target columns: MiB at most', '128', '-'],
      ['migrate, target columns: processor, share of its time', '0.75', '-'],
      ['migrate, target columns: statements', '1,234', '-'],
      ['migrate, target columns: MiB sent', '5', '-'],
      ['migrate, target columns: read / decide / write / wait, % of its time', '10 / 20 / 60 / -', '-'],
    ]);
  });

  it('give seconds for a terminal', () => {
    expect(secondsRows(SIZES)[0]).toEqual(['one UPDATE, whole table: seconds', '2.00', '1.00']);
  });
});
