import { describe, expect, it } from 'vitest';

import {
  type Substituted,
  substitute,
  lookUp,
  lookUpEach,
  environmentName,
} from '../../../src/glance/conf/conf-options.ts';
import type { ConfFiles } from '../../../src/glance/conf/conf-files.ts';
import { parseConfText } from '../../../src/glance/conf/ini-text.ts';
import type { Problem } from '../../../src/model/error.ts';

function read(...texts: string[]): ConfFiles {
  const files = texts.map((text, index) => ({ path: `f${index + 1}`, entries: parseConfText(text).entries }));
  return { files, emptyDirectories: [], environment: {}, problems: [] };
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

const OPTIONS: Readonly<Record<string, string>> = {
  'a.own': 'A',
  'DEFAULT.own': 'no',
  'DEFAULT.shared': 'D',
  'b.far': '$own',
  'b.own': 'B',
  'a.loop': '$round',
  'a.round': '$loop',
};
const filled = (value: string): Substituted =>
  substitute(value, 'a', (section, key) => OPTIONS[`${section}.${key}`] ?? null);
const text = (value: string): string => {
  const result = filled(value);
  return result.kind === 'text' ? result.text : result.kind;
};

describe('substitute', () => {
  it('looks in the own section, then in [DEFAULT], then by group, where names are looked up again', () => {
    expect(text('$own ${own}! $shared ${b.far}')).toBe('A A! D B');
  });

  it('leaves dollar signs that name nothing, and takes $$ and \\$ for one', () => {
    expect(text('1$ $1 $$own \\$own')).toBe('1$ $1 $own $own');
  });

  it('names no variable that is not set, and ends where one leads back to itself', () => {
    expect(filled('x$secret')).toEqual({ kind: 'unset' });
    expect(filled('$loop')).toEqual({ kind: 'cycle' });
  });

  it('does not fold case', () => {
    expect(text('$OWN')).toBe('unset');
  });

  it('is bounded in variables and in characters', () => {
    expect(text('$own'.repeat(1_000))).toBe('A'.repeat(1_000));
    expect(text('$own'.repeat(1_002))).toBe('cycle');
    expect(text('x'.repeat(1024 * 1024 + 1))).toBe('cycle');
  });
});

describe('the environment', () => {
  const withVariables = (environment: Readonly<Record<string, string>>, ...texts: string[]): ConfFiles => ({
    ...read(...texts),
    environment,
  });

  it('comes before every file, by the current name alone', () => {
    const files = '[database]\nconnection = file';
    const problems: Problem[] = [];
    const value = (environment: Readonly<Record<string, string>>) =>
      lookUp(withVariables(environment, files), NAMES, problems);
    expect(value({ OS_DATABASE__CONNECTION: 'variable' })).toEqual({
      value: 'variable',
      place: 'OS_DATABASE__CONNECTION in the environment',
    });
    expect(value({ OS_DATABASE__CONNECTION: '' })?.value).toBe('');
    expect(value({ OS_DEFAULT__SQL_CONNECTION: 'old', OS_DATABASE__connection: 'small' })?.value).toBe('file');
    expect(problems).toEqual([]);
  });

  it('has variables filled in from the files and from itself', () => {
    const environment = { OS_DATABASE__CONNECTION: '$user@$host', OS_DATABASE__HOST: 'h' };
    expect(lookUp(withVariables(environment, '[database]\nuser = u\nhost = f'), NAMES, [])?.value).toBe('u@h');
  });

  it('does not set an option of several lines', () => {
    const environment = { OS_GLANCE_STORE__DIRS: '/variable' };
    const files = withVariables(environment, '[glance_store]\ndirs = /file');
    expect(lookUpEach(files, [{ section: 'glance_store', key: 'dirs' }], []).map(({ value }) => value)).toEqual([
      '/file',
    ]);
  });

  it.each([
    [{ section: 'DEFAULT', key: 'enabled_backends' }, 'OS_DEFAULT__ENABLED_BACKENDS'],
    [{ section: 'fast', key: 'filesystem_store_datadir' }, 'OS_FAST__FILESYSTEM_STORE_DATADIR'],
  ])('names %j as %s', (name, variable) => {
    expect(environmentName(name)).toBe(variable);
  });
});
