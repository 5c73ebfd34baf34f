import { describe, expect, it } from 'vitest';

import {
  parseContentLength,
  parseContentRange,
  parseUnsatisfied,
} from '../../../../src/probe/sources/http/content-range.ts';

describe('Content-Range of a 206', () => {
  it.each([
    ['bytes 0-511/2097152', { first: 0, last: 511, size: 2_097_152 }],
    [' BYTES 5-5/6 ', { first: 5, last: 5, size: 6 }],
    ['bytes 5-9/*', { first: 5, last: 9, size: null }],
    ['bytes 0-9007199254740990/9007199254740991', { first: 0, last: 2 ** 53 - 2, size: 2 ** 53 - 1 }],
  ])('%s is read', (header, range) => {
    expect(parseContentRange(header)).toEqual(range);
  });

  it.each([
    undefined,
    '',
    'bytes 6-5/10',
    'bytes 0-10/10',
    'bytes */10',
    'bytes -5/10',
    'items 0-5/10',
    'bytes 0-5/10, 6-7/10',
    'bytes 0-5/9007199254740992',
    'bytes 0-9007199254740992/*',
    'bytes 0-5/99999999999999999',
  ])('%s is refused', (header) => {
    expect(parseContentRange(header)).toBeNull();
  });
});

describe('the size that other headers name', () => {
  it('is that of a 416, and of a Content-Length', () => {
    expect([parseUnsatisfied('bytes */0'), parseUnsatisfied(' Bytes */4096 ')]).toEqual([0, 4096]);
    expect([parseContentLength('0'), parseContentLength('4096')]).toEqual([0, 4096]);
  });

  it('is null for anything else', () => {
    for (const header of [undefined, '', 'bytes 0-5/10', 'bytes */*', 'bytes */9007199254740992']) {
      expect(parseUnsatisfied(header)).toBeNull();
    }
    for (const header of [undefined, '', '-1', '1e3', ' 5', '5, 5', '9007199254740992']) {
      expect(parseContentLength(header)).toBeNull();
    }
  });
});
