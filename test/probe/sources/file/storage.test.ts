import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { storageNear, storageOf } from '../../../../src/probe/sources/file/storage.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'storage-'));
  for (const name of ['a', 'b']) writeFileSync(join(root, name), 'x');
  symlinkSync(join(root, 'a'), join(root, 'link'));
  mkdirSync(join(root, 'directory'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('a storage', () => {
  it('is one for each device', async () => {
    const { dev } = statSync(root);
    const first = await storageOf(join(root, 'a'), dev);
    expect(first.device).toBe(dev);
    expect(await storageOf(join(root, 'b'), dev)).toBe(first);
  });

  it('is known for the neighbours of a file on a quick disk, but for no link and no directory', async () => {
    const { dev } = statSync(root);
    const storage = await storageOf(join(root, 'a'), dev);
    // By the kind of the file system; on a network file system nothing is quick.
    expect(storageNear(join(root, 'b'))).toBe(storage.isQuick() ? storage : null);
    for (const name of ['link', 'directory', 'none']) expect(storageNear(join(root, name))).toBeNull();
    expect(storageNear('/elsewhere/image')).toBeNull();
  });

  it('of /proc is not quick, whose kind is on no list', async () => {
    const storage = await storageOf('/proc/self/status', statSync('/proc/self/status').dev);
    expect(storage.isQuick()).toBe(false);
    storage.opened();
    storage.took(0);
    expect(storage.isQuick()).toBe(false);
    expect(storageNear('/proc/self/stat')).toBeNull();
  });

  it('is slow after calls that took long', async () => {
    const { dev } = statSync(root);
    const storage = await storageOf(join(root, 'a'), dev);
    for (let call = 0; call < 100; call += 1) storage.took(50);
    expect(storage.isQuick()).toBe(false);
    expect(storageNear(join(root, 'b'))).toBeNull();
  });
});
