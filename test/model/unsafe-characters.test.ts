import { expect, it } from 'vitest';

import { UNSAFE_CHARACTERS } from '../../src/model/unsafe-characters.ts';

const cleaned = (text: string) => text.replaceAll(UNSAFE_CHARACTERS, '?');

it('controls, reordering, invisible characters and lone surrogates are unsafe', () => {
  expect(cleaned('a\u001b[31m\u0000\u007f\u0085b')).toBe('a?[31m???b');
  expect(cleaned('\u202e\u2066\u200b\u00ad\u2028\ufeff')).toBe('??????');
  expect(cleaned('x\ud800y')).toBe('x?y');
});

it('letters, emoji and the two joiners are safe', () => {
  const text = 'Ünïcödé \u0646\u200c\u0645 \u{1f468}\u200d\u{1f469} 漢字';
  expect(cleaned(text)).toBe(text);
});
