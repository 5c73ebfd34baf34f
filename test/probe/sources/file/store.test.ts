import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openFile } from '../../../../src/probe/sources/file/file.ts';
import { classifyLocation, storeFile } from '../../../../src/probe/sources/file/store.ts';

const home = realpathSync(mkdtempSync(join(tmpdir(), 'store-')));
afterAll(() => rmSync(home, { recursive: true }));

const [first, second, outside] = ['first', 'second', 'outside'].map((name) => {
  mkdirSync(join(home, name));
  return join(home, name);
}) as [string, string, string];
const put = (directory: string, name: string): string => {
  writeFileSync(join(directory, name), name);
  return join(directory, name);
};
const find = (imageId: string, ...locations: string[]) => storeFile([first, second], { imageId, locations });

describe('an image in a filesystem store', () => {
  it('is where its location says, in any of the directories', async () => {
    const path = put(second, 'one');
    expect(await find('other-id', `file://${path}`)).toEqual({ kind: 'file', path });
    expect(await find('other-id', `filesystem://${path}`)).toEqual({ kind: 'file', path });
  });

  it('is found by its id where the location names another host’s directory, or none is known', async () => {
    const path = put(second, 'two');
    expect(await find('two', 'file:///var/lib/glance/images/two')).toEqual({ kind: 'file', path });
    expect(await find('two')).toEqual({ kind: 'file', path });
    expect(await find('two', 'gAAAAABencrypted==')).toEqual({ kind: 'file', path });
  });

  it('keeps a percent sign in a path as it is', async () => {
    const path = put(first, 'a%2Fb');
    expect(await find('x', `file://${path}`)).toEqual({ kind: 'file', path });
  });

  it('may lie in a directory that is itself a symbolic link', async () => {
    symlinkSync(first, join(home, 'mounted'));
    const path = put(first, 'three');
    const image = { imageId: 'three', locations: [`file://${join(home, 'mounted', 'three')}`] };
    expect(await storeFile([join(home, 'mounted')], image)).toEqual({ kind: 'file', path });
    expect(await storeFile([`${first}/`], { imageId: 'three', locations: [] })).toEqual({ kind: 'file', path });
  });
});

describe('nothing outside the store is opened', () => {
  const secret = put(outside, 'secret');

  it.each([
    ['a path outside', `file://${secret}`],
    ['a path that climbs out', `file://${join(home, 'first')}/../outside/secret`],
    ['a directory whose name begins like a store', `file://${home}/first-but-not/secret`],
    ['the directory itself', `file://${home}/first`],
  ])('%s', async (_name, location) => {
    mkdirSync(join(home, 'first-but-not'), { recursive: true });
    put(join(home, 'first-but-not'), 'secret');
    expect(await find('no-such-id', location)).toEqual({ kind: 'none', why: 'no such file in the store' });
  });

  it('a symbolic link that leads out', async () => {
    symlinkSync(secret, join(first, 'link'));
    symlinkSync(outside, join(first, 'linked-directory'));
    const refused = { kind: 'none', why: 'a symbolic link leads out of the store directory' };
    expect(await find('link')).toEqual(refused);
    expect(await find('x', `file://${first}/link`)).toEqual(refused);
    expect(await find('x', `file://${first}/linked-directory/secret`)).toEqual(refused);
  });

  it('a symbolic link that leads out, between files that were read already', async () => {
    for (const path of [put(first, 'read'), secret]) await (await openFile(path)).close();
    expect(await find('read')).toEqual({ kind: 'file', path: join(first, 'read') });
    symlinkSync(secret, join(first, 'later-link'));
    symlinkSync(outside, join(first, 'later-directory'));
    const refused = { kind: 'none', why: 'a symbolic link leads out of the store directory' };
    expect(await find('later-link')).toEqual(refused);
    expect(await find('x', `file://${first}/later-directory/secret`)).toEqual(refused);
    // What was a file when it was read may be a link now.
    rmSync(join(first, 'read'));
    symlinkSync(secret, join(first, 'read'));
    expect(await find('read')).toEqual(refused);
  });

  it('an id does not reach into a directory of the store', async () => {
    mkdirSync(join(first, 'below'));
    put(join(first, 'below'), 'x');
    expect((await find('below/x')).kind).toBe('none');
  });

  it.each(['../outside/secret', '..', '.', '', 'a/b', 'a\0b'])('an id that is no file name: %j', async (id) => {
    expect((await find(id)).kind).toBe('none');
  });
});

describe('images of other stores', () => {
  it('are told by the store’s name alone', async () => {
    put(first, 'stale');
    const answer = await find('stale', 'swift+https://user:geheim@keystone.example/v3/container/stale');
    expect(answer).toEqual({ kind: 'none', why: 'its data lies in another store (swift)' });
    expect(await find('stale', 'rbd://fsid/pool/stale/snap', 'rbd://b')).toEqual({
      kind: 'none',
      why: 'its data lies in another store (rbd)',
    });
  });

  it('are classified without a word of the location', () => {
    expect(classifyLocation('s3+https://key:secret@host/bucket')).toEqual({ kind: 'other', scheme: 's3' });
    expect(classifyLocation('hunter2://x')).toEqual({ kind: 'unreadable' });
    expect(classifyLocation('file://host/path')).toEqual({ kind: 'unreadable' });
    expect(classifyLocation('')).toEqual({ kind: 'unreadable' });
  });

  it('are read from the file if one of the locations is one', async () => {
    const path = put(first, 'both');
    expect(await find('both', 'rbd://fsid/pool/both/snap', `file://${path}`)).toEqual({ kind: 'file', path });
  });

  it('a directory that is mounted later is found then', async () => {
    const late = join(home, 'late');
    expect((await storeFile([late], { imageId: 'x', locations: [] })).kind).toBe('none');
    mkdirSync(late);
    expect(await storeFile([late], { imageId: 'x', locations: [] })).toEqual({
      kind: 'none',
      why: 'no such file in the store',
    });
    const path = put(late, 'x');
    expect(await storeFile([late], { imageId: 'x', locations: [] })).toEqual({ kind: 'file', path });
  });

  it('no directory that can be read', async () => {
    expect(await storeFile([join(home, 'nowhere')], { imageId: 'x', locations: [] })).toEqual({
      kind: 'none',
      why: 'no store directory can be read',
    });
  });
});
