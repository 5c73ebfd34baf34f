import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Problem } from '../../../../src/model/error.ts';
import { findClouds } from '../../../../src/probe/sources/openstack/clouds-file.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clouds-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  return join(root, path);
}

function find(env: Record<string, string> = {}) {
  const problems: Problem[] = [];
  const places = { directory: join(root, 'here'), home: join(root, 'home'), system: [join(root, 'etc')] };
  const found = findClouds(env, places, problems);
  const values = (name: string) =>
    Object.fromEntries([...(found?.cloud(name).values ?? [])].map(([key, { value }]) => [key, value]));
  return { found, values, problems: problems.map((problem) => problem.found) };
}

describe('a clouds file', () => {
  it('is none where there is none, or where its place is a directory', () => {
    mkdirSync(join(root, 'here', 'clouds.yaml'), { recursive: true });
    expect(find()).toMatchObject({ found: null, problems: [] });
  });

  it('has its clouds by name, with `auth` laid flat and both spellings of a key', () => {
    const path = write(
      'here/clouds.yaml',
      'clouds: { c: { auth: { user-id: u, password: 0123 }, cert: /c, empty: "" } }',
    );
    const { found, values } = find();
    expect([found?.path, found?.names]).toEqual([path, ['c']]);
    expect(values('c')).toEqual({ user_id: 'u', password: '0123', cert: '/c' });
    expect(values('other')).toEqual({});
    expect(found?.cloud('c').values.get('password')?.place).toBe(`${path} clouds.c.auth.password`);
  });

  it('is completed by the first secure file', () => {
    write('home/.config/openstack/clouds.yaml', 'clouds: { c: { auth: { password: open, user_id: u } } }');
    write('etc/secure.yaml', 'clouds: { c: { auth: { password: secret } } }');
    expect(find().values('c')).toEqual({ user_id: 'u', password: 'secret' });
    const named = write('named.yaml', 'clouds: { c: { auth: { password: named } } }');
    expect(find({ OS_CLIENT_SECURE_FILE: named }).values('c')).toEqual({ user_id: 'u', password: 'named' });
  });

  it('is not read where it is too large, whatever its path leads to', () => {
    write('etc/clouds.yaml', 'clouds: { etc: {} }');
    write('here/clouds.yaml', `# ${'x'.repeat(1024 * 1024)}\nclouds: { here: {} }`);
    const { found, problems } = find();
    expect([found?.names, problems]).toEqual([['etc'], ['more than 1048576 bytes']]);
    expect(find({ OS_CLIENT_CONFIG_FILE: '/dev/zero' }).problems).toContain('more than 1048576 bytes');
  });

  it.each([
    ['clouds: [1]', 'no map `clouds`'],
    ['', 'no map `clouds`'],
    ['a: "open', 'MISSING_CHAR'],
  ])('%j is told by what is wrong', (text, wrong) => {
    write('here/clouds.yaml', text);
    expect(find().problems).toEqual([wrong]);
  });
});
