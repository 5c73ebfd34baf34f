import { describe, expect, it } from 'vitest';

import { explainCommand, shellWord } from '../../../src/report/words/shell-word.ts';

it('a word is quoted where a shell would read anything into it', () => {
  expect(['a.yaml', '/x/y-1=2,3', '', '$HOME', '~', "it's", 'a\nb', 'é'].map(shellWord)).toEqual([
    'a.yaml',
    '/x/y-1=2,3',
    "''",
    "'$HOME'",
    "'~'",
    String.raw`'it'\''s'`,
    "'a\nb'",
    "'é'",
  ]);
});

describe('explain command', () => {
  it.each([
    ['4f7a-9', 'glance-retype explain 4f7a-9'],
    ['12', 'glance-retype explain 12'],
    ['a b', "glance-retype explain 'a b'"],
    ["it's; rm -rf $HOME", "glance-retype explain 'it'\\''s; rm -rf $HOME'"],
  ])('%s', (id, command) => {
    expect(explainCommand(id)).toBe(command);
  });

  it.each(['', '-x', '--help', 'a\\x1bb', 'x'.repeat(256)])('none for an id that cannot be typed: %s', (id) => {
    expect(explainCommand(id)).toBeNull();
  });
});
