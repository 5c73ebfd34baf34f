import { describe, expect, it } from 'vitest';

import { schemaOf, searchPathOption } from '../../../src/db/connection/search-path.ts';

describe('schemaOf', () => {
  it.each([
    ['-csearch_path=glance', 'glance'],
    [' -c search_path=glance_2 ', 'glance_2'],
    [searchPathOption('x'), 'x'],
  ])('reads the one schema of %j', (options, schema) => {
    expect(schemaOf(options)).toBe(schema);
  });

  it.each([
    null,
    '',
    '-csearch_path=',
    '-csearch_path=a,b',
    '-csearch_path="A"',
    '-csearch_path=A',
    '-csearch_path=a -cwork_mem=1MB',
    '-cwork_mem=1MB -csearch_path=a',
    `-csearch_path=${'a'.repeat(64)}`,
    '-csearch_path=a"; DROP TABLE images; --',
  ])('leaves %j to the server', (options) => {
    expect(schemaOf(options)).toBeNull();
  });
});
