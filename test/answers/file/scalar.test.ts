import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { quoted, scalar } from '../../../src/answers/file/scalar.ts';

describe('a scalar', () => {
  it.each(['raw', 'TUPLE-RAW', 'raw-bare-3fa2c19d', '2026-11-24', '2026-11-24T10:00:00Z'])(
    '%s needs no quotes',
    (text) => {
      expect(scalar(text)).toBe(text);
    },
  );

  it.each(['', 'null', 'Yes', 'y', 'a b', '1', '1e5', '- a', 'a: b', '#', '~', '2026-11-24 10:00'])(
    '%j is quoted and reads back as the same text',
    (text) => {
      expect(scalar(text)).toBe(quoted(text));
      expect(parse(scalar(text))).toBe(text);
    },
  );

  it('of nothing is null', () => {
    expect(scalar(null)).toBe('null');
  });
});

it.each([
  ['\u001b[31m', String.raw`"\u001b[31m"`],
  ['\u202e', String.raw`"\u202e"`],
  ['\u00a0', String.raw`"\u00a0"`],
  ['\u{e0001}', String.raw`"\U000e0001"`],
  ['a\u200db', '"a\u200db"'],
  ['say "hi"\n', String.raw`"say \"hi\"\n"`],
])('%j is written without characters that a terminal obeys', (text, written) => {
  expect(quoted(text)).toBe(written);
  expect(parse(quoted(text))).toBe(text);
});
