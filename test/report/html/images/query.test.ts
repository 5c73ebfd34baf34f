import { describe, expect, it } from 'vitest';

import {
  EVERYTHING,
  readFilter,
  readHash,
  writeFilter,
  writeHash,
  type ImageQuery,
} from '../../../../src/report/html/images/query.ts';

const HARD = ['a&b', '%41', 'a=b', 'a:b', '#', '<script>', "'", '"', 'ä ö', '+', '💾'];

describe('hash', () => {
  it.each(HARD)('comes back as it was: %s', (text) => {
    const query: ImageQuery = {
      text,
      facets: { status: text, disk_format: text, question: text },
      sort: { column: 'name', direction: 'descending' },
    };
    expect(readHash(`#${writeHash(query)}`)).toEqual(query);
  });

  it('is as short as it can be', () => {
    expect(writeHash(EVERYTHING)).toBe('images');
    expect(
      writeHash({ ...EVERYTHING, facets: { status: 'ambiguous' }, sort: { column: 'id', direction: 'ascending' } }),
    ).toBe('images?status=ambiguous&sort=id');
  });

  it('is not read where it is about something else', () => {
    expect(readHash('')).toBeNull();
    expect(readHash('#questions')).toBeNull();
    expect(readHash('#images2?status=exact')).toBeNull();
  });

  it('leaves out what it does not know', () => {
    expect(readHash('#images?status=exact&colour=red&__proto__=x&sort=shoes')).toEqual({
      text: '',
      facets: { status: 'exact' },
      sort: null,
    });
    expect(readHash('#images')).toEqual(EVERYTHING);
  });
});

describe('filter attribute', () => {
  it.each(HARD)('comes back as it was: %s', (value) => {
    const facets = { disk_format: value, container_format: value };
    expect(readFilter(writeFilter(facets))).toEqual({ ...EVERYTHING, facets });
  });

  it('is read as a person writes it', () => {
    expect(readFilter('question:raw-bare-3fa2c19d').facets).toEqual({ question: 'raw-bare-3fa2c19d' });
    expect(readFilter('cutover:differs&rule:100%').facets).toEqual({ cutover: 'differs', rule: '100%' });
    expect(readFilter('').facets).toEqual({});
    expect(readFilter('nonsense').facets).toEqual({});
  });
});
