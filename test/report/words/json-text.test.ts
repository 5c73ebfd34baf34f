import { expect, it } from 'vitest';

import { jsonEscape, jsonText } from '../../../src/report/words/json-text.ts';
import { NASTY } from '../made-images.ts';

it('parses back to the same text, and no character of it is obeyed or ends a line', () => {
  const text = jsonText(NASTY);
  expect(JSON.parse(text)).toEqual(NASTY);
  expect(text).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202e\ufeff]/u);
});

it('escapes what JSON would let through', () => {
  expect(jsonText('a\u007f\u009b\u202e\u2066\u2028\ufeffé')).toBe(String.raw`"a\u007f\u009b\u202e\u2066\u2028\ufeffé"`);
});

it('an escape has one part for each unit of UTF-16', () => {
  expect([jsonEscape('\u001b'), jsonEscape('💾')]).toEqual([String.raw`\u001b`, String.raw`\ud83d\udcbe`]);
});
