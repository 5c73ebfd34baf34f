import { describe, expect, it } from 'vitest';

import { optionIn, parseOptionFile } from '../../../src/db/connection/option-file.ts';

function values(text: string, group = 'client'): Record<string, string> {
  const keys = parseOptionFile(text, 'my.cnf').groups.get(group) ?? new Map<string, never>();
  return Object.fromEntries(
    [...keys.keys()].map((key) => [key, optionIn(parseOptionFile(text, 'my.cnf'), group, key)?.value ?? '']),
  );
}

describe('parseOptionFile', () => {
  it.each([
    ['[client]\nuser=glance\npassword = pw', { user: 'glance', password: 'pw' }],
    ['[client]\nHost: db1', { host: 'db1' }],
    // The first = or : ends the key, whichever it is.
    ['[client]\npassword=a=b:c', { password: 'a=b:c' }],
    ['[client]\nssl', { ssl: '' }],
    ['[client]\npassword="#secret;"', { password: '#secret;' }],
    ['[client]\npassword=\'x"', { password: '\'x"' }],
    ['[client]\npassword="', { password: '"' }],
    ['[client]\n# user=a\n; user=b\nuser=c # d', { user: 'c # d' }],
    ['[client]\r\nuser=glance\r\n', { user: 'glance' }],
    // The last one counts, as in MySQL's own programs.
    ['[client]\nuser=a\n[other]\nx=1\n[client]\nuser=b', { user: 'b' }],
    ['[client]\n!includedir /etc/my.cnf.d\nuser=a', { user: 'a' }],
    ['[client]\n  user=a\n  host=b', { user: 'a', host: 'b' }],
    ['[client]\nuser=a\n  more', { user: 'a\nmore' }],
    ['[clients]\nuser=a', {}],
  ])('reads %j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('gives a group that is there the keys of [DEFAULT] too', () => {
    const file = parseOptionFile('[DEFAULT]\nuser=d\nport=1\n[client]\nport=2', 'my.cnf');
    expect(optionIn(file, 'client', 'user')).toEqual({ value: 'd', place: 'my.cnf:2 [DEFAULT] user' });
    expect(optionIn(file, 'client', 'port')?.value).toBe('2');
    expect(optionIn(file, 'absent', 'user')).toBeNull();
  });

  it('says where includes and keys without a group are, and never what they hold', () => {
    const file = parseOptionFile('!include /etc/a\npassword=hunter2\n[client]\n!includedir /etc/b\n', 'my.cnf');
    expect(file.includes).toEqual(['my.cnf:1', 'my.cnf:4']);
    expect(file.strays).toEqual(['my.cnf:2']);
  });
});
