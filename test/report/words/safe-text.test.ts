import { expect, it } from 'vitest';
import { jsonEscape, jsonText, safeText } from '../../../src/report/words/safe-text.ts';
import { NASTY } from '../made-images.ts';

it('controls, bidirectional controls, separators and lone surrogates are shown, not obeyed', () => {
  expect(safeText('a\u001b[2Jb\u0007\u009b\u007f\r\n\t')).toBe('a\\x1b[2Jb\\x07\\x9b\\x7f\\x0d\\x0a\\x09');
  expect(safeText('\u202egnp\u2066\u200f\u061c\ufeff\u2028\u00ad')).toBe(
    '\\u202egnp\\u2066\\u200f\\u061c\\ufeff\\u2028\\xad',
  );
  expect(safeText('half \ud83d tag \u{e0041}')).toBe('half \\ud83d tag \\u{e0041}');
});

it('letters of every script and joined emoji stay as they are', () => {
  for (const text of ['cirros 0.6', 'Ünïcødé', '日本語', 'می‌خواهم', '👩‍👩‍👧 💾', 'e\u0301'])
    expect(safeText(text)).toBe(text);
});

it('nothing in any nasty text reaches a terminal as a command', () => {
  expect(NASTY.map(safeText).join('')).not.toMatch(/\p{Cc}|\p{Cs}|[\u202a-\u202e]/u);
});

it('a pile of marks that would cover the lines above is shown as what it is', () => {
  expect(safeText(`a${'\u0301'.repeat(12)}b`)).toBe(`a${'\u0301'.repeat(10)}\\u0301\\u0301b`);
  for (const text of ['e\u0301\u0323', 'ཧཱུྃ', 'မြန်မာ', 'ශ්‍රී']) expect(safeText(text)).toBe(text);
});

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
