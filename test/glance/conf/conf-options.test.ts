import { describe, expect, it } from 'vitest';

import type { ConfFiles } from '../../../src/glance/conf/conf-files.ts';
import { lookUp, lookUpEach } from '../../../src/glance/conf/conf-options.ts';
import { parseConfText } from '../../../src/glance/conf/ini-text.ts';
import type { Problem } from '../../../src/model/error.ts';

function read(...texts: string[]): ConfFiles {
  const files = texts.map((text, index) => ({ path: `f${index + 1}`, entries: parseConfText(text).entries }));
  return { files, emptyDirectories: [], problems: [] };
}

const NAMES = [
  { section: 'database', key: 'connection' },
  { section: 'DEFAULT', key: 'sql_connection' },
];

describe('lookUp', () => {
  it('takes the last file that sets the option under any name', () => {
    const files = read('[database]\nconnection = new', '[DEFAULT]\nsql_connection = old');
    expect(lookUp(files, NAMES, [])).toEqual({ value: 'old', place: 'f2:2 [DEFAULT] sql_connection' });
  });

  it('takes the current name and the last line within one file', () => {
    const files = read('[database]\nconnection = 1\nconnection = 2\n[DEFAULT]\nsql_connection = old');
    expect(lookUp(files, NAMES, [])?.place).toBe('f1:3 [database] connection');
    expect(lookUp(read(''), NAMES, [])).toBeNull();
  });

  it('fills variables in from all files, and complains by place where none sets one', () => {
    const problems: Problem[] = [];
    expect(lookUp(read('[database]\nconnection = $host', '[DEFAULT]\nhost = h'), NAMES, problems)?.value).toBe('h');
    expect(lookUp(read('[database]\nconnection = $host'), NAMES, problems)).toBeNull();
    expect(problems.map(({ place }) => place)).toEqual(['f1:2 [database] connection']);
  });
});

describe('lookUpEach', () => {
  it('takes every line of every file under every name, in the order of reading', () => {
    const files = read(
      '[database]\nconnection = 1\n[DEFAULT]\nsql_connection = 2\nconnection = no',
      '[database]\nconnection = 3',
    );
    expect(lookUpEach(files, NAMES, []).map(({ value }) => value)).toEqual(['1', '2', '3']);
  });
});
