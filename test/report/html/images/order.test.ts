import { describe, expect, it } from 'vitest';

import type { ImageData } from '../../../../src/report/html/images/data.ts';
import { createOrders } from '../../../../src/report/html/images/order.ts';
import type { SortOrder } from '../../../../src/report/html/images/query.ts';
import { dataOf, IMAGES, QCOW2 } from './made-data.ts';

const data = dataOf(IMAGES);

function ordered(images: ImageData, sort: SortOrder): string {
  return Array.from(createOrders(images).of(sort), (place) => images.columns.id[place]?.slice(3)).join(' ');
}

describe('order', () => {
  it.each<[SortOrder, string]>([
    [{ column: 'name', direction: 'ascending' }, '2 4 10 5 6 3'],
    [{ column: 'name', direction: 'descending' }, '3 6 5 4 10 2'],
    [{ column: 'id', direction: 'ascending' }, '10 2 3 4 5 6'],
    [{ column: 'owner', direction: 'ascending' }, '2 6 5 10 4 3'],
    [{ column: 'status', direction: 'ascending' }, '5 3 10 2 4 6'],
    [{ column: 'cutover', direction: 'descending' }, '5 2 4 6 3 10'],
    [{ column: 'findings', direction: 'descending' }, '5 2 4 3 10 6'],
    [{ column: 'rule', direction: 'ascending' }, '5 3 10 2 4 6'],
    [{ column: 'tuple', direction: 'ascending' }, '5 6 3 10 2 4'],
    [{ column: 'becomes', direction: 'ascending' }, '6 3 10 2 4 5'],
  ])('%o', (sort, expected) => {
    expect(ordered(data, sort)).toBe(expected);
  });

  it('ids that are all numbers go by number', () => {
    const numbered = dataOf(['10', '9', '100', '1'].map((id) => [{ id }, QCOW2] as const));
    const rows = createOrders(numbered).of({ column: 'id', direction: 'ascending' });
    expect(Array.from(rows, (place) => numbered.columns.id[place])).toEqual(['1', '9', '10', '100']);
  });
});
