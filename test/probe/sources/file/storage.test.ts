import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  callsOn,
  createStorage,
  type Storage,
  storageNear,
  storageOf,
  turnIfDue,
} from '../../../../src/probe/sources/file/storage.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'storage-'));
  for (const name of ['a', 'b']) writeFileSync(join(root, name), 'x');
  writeFileSync(join(root, 'calls'), 'abcdefgh');
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

describe('the pace of a disk', () => {
  function after(storage: Storage, milliseconds: number, calls: number): Storage {
    for (let call = 0; call < calls; call += 1) storage.took(milliseconds);
    return storage;
  }
  const own = (): Storage => createStorage(1, 'own');

  it('is quick at first, and stays so while calls take less than half a millisecond', () => {
    expect(own().isQuick()).toBe(true);
    expect(after(own(), 0.45, 10_000).isQuick()).toBe(true);
  });

  it.each([1, 8, 60_000])('is slow after a few calls of %d ms', (milliseconds) => {
    expect(after(own(), milliseconds, 16).isQuick()).toBe(false);
  });

  it('is not slow for one call that had to wait, however long', () => {
    expect(after(after(own(), 0.02, 20), 60_000, 1).isQuick()).toBe(true);
  });

  it('is tried again after many files, and slow at once if it still is', () => {
    const storage = after(own(), 8, 16);
    let files = 0;
    while (!storage.isQuick()) {
      // Calls on files that were opened before it was slow say nothing.
      storage.took(0);
      storage.opened();
      files += 1;
    }
    expect(files).toBe(256);
    expect(after(storage, 0.45, 100).isQuick()).toBe(true);
    expect(after(storage, 8, 16).isQuick()).toBe(false);
  });
});

function disk(kind: 'quick' | 'slow'): { readonly storage: Storage; readonly times: number[]; opened: () => number } {
  const times: number[] = [];
  let opened = 0;
  const storage: Storage = {
    device: 1,
    isQuick: () => kind === 'quick',
    opened: () => (opened += 1),
    took: (milliseconds) => times.push(milliseconds),
  };
  return { storage, times, opened: () => opened };
}

describe.each(['quick', 'slow'] as const)('the calls on a %s disk', (kind) => {
  it('read a file, at once only from a quick one, whose times are counted', async () => {
    const { storage, times, opened } = disk(kind);
    const calls = callsOn(storage);
    expect(calls.distance).toBe(kind === 'quick' ? 'near' : 'far');
    const begun = calls.open(join(root, 'calls'), 0);
    expect(begun instanceof Promise).toBe(kind === 'slow');
    const descriptor = await begun;
    const room = Buffer.alloc(8);
    expect(await calls.read(descriptor, room, 3, 2)).toBe(3);
    expect(room.toString('latin1')).toBe('cde\0\0\0\0\0');
    expect(await calls.read(descriptor, room, 8, 8)).toBe(0);
    await calls.close(descriptor);
    expect([opened(), times.length]).toEqual([1, kind === 'quick' ? 3 : 0]);
    expect(times.every((time) => time >= 0)).toBe(true);
  });
});

describe('the event loop', () => {
  it('turns after calls that took long, and only then', async () => {
    await turnIfDue();
    const until = performance.now() + 25;
    while (performance.now() < until);
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    await turnIfDue();
    expect(turned).toBe(true);
    turned = false;
    setImmediate(() => {
      turned = true;
    });
    await turnIfDue();
    expect(turned).toBe(false);
  });
});
