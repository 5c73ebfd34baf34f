import { describe, expect, it } from 'vitest';

import { scratchOf } from '../../../src/commands/rehearse/scratch-choice.ts';
import { parseDatabaseUrl } from '../../../src/db/connection/url.ts';

function place(source: string, given: Parameters<typeof scratchOf>[0], environment: NodeJS.ProcessEnv = {}): string {
  return scratchOf(given, parseDatabaseUrl(source, 'test'), environment).text;
}

describe('scratchOf', () => {
  it.each([
    ['mysql://db/glance', {}, 'database glance_rehearsal'],
    ['mysql://db/Glance-2024', {}, 'database glance_2024_rehearsal'],
    ['mysql://db/1glance', {}, 'database _glance_rehearsal'],
    ['postgresql://db/glance', {}, 'schema glance_rehearsal of database glance'],
    ['sqlite:////var/glance.sqlite', {}, 'file /var/glance.sqlite.rehearsal'],
    ['mysql://db/glance', { scratch: 'x_1' }, 'database x_1'],
    ['sqlite:///a', { scratch: '/tmp/Any Name' }, 'file /tmp/Any Name'],
    ['mysql://db/glance', { scratchUrl: 'mysql://other/Elsewhere' }, 'database Elsewhere'],
    ['mysql://db/glance', { scratchUrl: 'mysql://other/ignored', scratch: 'x' }, 'database x'],
    ['postgresql://db/glance', { scratchUrl: 'postgresql://other/lab' }, 'schema lab_rehearsal of database lab'],
    ['sqlite:///a', { scratchUrl: 'sqlite:////tmp/b' }, 'file /tmp/b'],
  ])('of %s with %j is %s', (source, given, expected) => {
    expect(place(source, given)).toBe(expected);
  });

  it('may come from the environment, and an option comes before that', () => {
    const environment = { GLANCE_RETYPE_SCRATCH_URL: 'mysql://other/lab' };
    expect(place('mysql://db/glance', {}, environment)).toBe('database lab');
    expect(place('mysql://db/glance', { scratchUrl: 'mysql://third/lab3' }, environment)).toBe('database lab3');
    expect(place('mysql://db/glance', {}, { GLANCE_RETYPE_SCRATCH_URL: '' })).toBe('database glance_rehearsal');
  });

  it.each(['', 'Upper', 'with-dash', '1st', 'a b', 'a;drop', 'a'.repeat(64)])('refuses the name %j', (scratch) => {
    expect(() => place('mysql://db/glance', { scratch })).toThrow(/USAGE/u);
  });

  it('refuses another kind of server', () => {
    expect(() => place('mysql://db/glance', { scratchUrl: 'postgresql://db/x' })).toThrow(/USAGE[^]*postgres/u);
  });
});
