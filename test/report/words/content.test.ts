import { expect, it } from 'vitest';

import { readText } from '../../../src/report/words/content.ts';
import { SUMMARY } from '../made-content.ts';
import { decided, READ, row, summaryOf } from '../made-images.ts';

it('says how many images were read, and of the rest only what there is', () => {
  const content = SUMMARY.content;
  if (content === null) throw new Error('no content');
  expect(readText(content)).toBe('17 images read, 5 of them name no type, 2 could not be read');
  const one = summaryOf([[row({}), decided({ content: { ...READ, imageType: 'disk' } })]]).content;
  expect(one === null ? '' : readText(one)).toBe('1 image read');
});
