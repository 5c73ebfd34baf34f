import { expect, it } from 'vitest';

import { BEYOND_MARK, beyondLine, QUESTIONS_HEADER } from '../../../src/answers/write/header.ts';
import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../../src/model/vocabulary.ts';

it('the header is comments alone and names every word', () => {
  expect(QUESTIONS_HEADER.split('\n').every((line) => line === '' || line.startsWith('#'))).toBe(true);
  for (const word of [...IMAGE_TYPES, ...CONTAINER_TYPES, ...ENVELOPES]) expect(QUESTIONS_HEADER).toContain(word);
});

it.each([
  [1, '1 more undecided image in'],
  [2, '2 more undecided images in'],
])('%i images that are not asked about are counted in one line', (images, text) => {
  expect(beyondLine(images).startsWith(`${BEYOND_MARK}${text}`)).toBe(true);
  expect(beyondLine(images)).not.toContain('\n');
});
