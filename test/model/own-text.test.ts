import { expect, it } from 'vitest';

import { ownText } from '../../src/model/own-text.ts';

it('a copy of a text is the text', () => {
  for (const text of ['', 'plain', 'Ünïcode \u{1f5bc}', '\ud800', '"\\\u0000']) expect(ownText(text)).toBe(text);
});
