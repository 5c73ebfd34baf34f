import { expect, it } from 'vitest';

import { wantedHtml } from '../../../src/commands/options/html.ts';
import { refusal } from '../support/refusal.ts';

it('without --html there is no page, but a wrong number of images is still refused', () => {
  expect(wantedHtml({ html: undefined, htmlImages: undefined })).toEqual([]);
  expect(wantedHtml({ html: undefined, htmlImages: '0' })).toEqual([]);
  for (const images of ['-1', '1000001', 'many']) {
    expect(refusal(() => wantedHtml({ html: undefined, htmlImages: images }))[0]).toBe('--html-images');
  }
});
