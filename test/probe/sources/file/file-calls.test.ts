import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { callsOn, turnIfDue } from '../../../../src/probe/sources/file/file-calls.ts';
import type { Storage } from '../../../../src/probe/sources/file/storage.ts';

let root = '';
let path = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'file-calls-'));
  path = join(root, 'image');
  writeFileSync(path, 'abcdefgh');
});
afterAll(() => rmSync(root, { recursive: true }));

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
    const begun = calls.open(path, 0);
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
