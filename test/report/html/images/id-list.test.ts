import { expect, it } from 'vitest';
import { doneText, fileNameOf, idList } from '../../../../src/report/html/images/id-list.ts';
import { EVERYTHING } from '../../../../src/report/html/images/query.ts';
import { dataOf, IMAGES } from './made-data.ts';

const data = dataOf(IMAGES);

it('ids stand one a line in the order of the rows', () => {
  expect(idList(data, Uint32Array.of(2, 0))).toBe('id-4\nid-5\n');
  expect(idList(data, Uint32Array.of())).toBe('');
});

it('says how many, and what the page does not hold', () => {
  expect([doneText(1, 'copied', data), doneText(1_204, 'saved', data)]).toEqual(['1 id copied.', '1,204 ids saved.']);
  expect(doneText(3, 'saved', { ...data, total: 1_204 })).toBe(
    '3 ids saved. This page holds 6 of 1,204 images, so more may match: plan --csv has all.',
  );
});

it('a file is named after the filter, whatever the database holds', () => {
  expect(fileNameOf(EVERYTHING)).toBe('images.txt');
  expect(fileNameOf({ ...EVERYTHING, text: 'Web 1', facets: { status: 'ambiguous', owner: '../../x y' } })).toBe(
    'images-status-ambiguous-owner-x-y-web-1.txt',
  );
  expect(fileNameOf({ ...EVERYTHING, text: '日本' })).toBe('images.txt');
  expect(fileNameOf({ ...EVERYTHING, text: 'x'.repeat(300) }).length).toBeLessThanOrEqual(104);
});
