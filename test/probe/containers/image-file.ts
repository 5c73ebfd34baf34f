import { expect } from 'vitest';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import type { ContainerFormat, OpenedContainer } from '../../../src/probe/containers/format/container.ts';
import { HEAD_LENGTH, WINDOW_LENGTH } from '../../../src/probe/reading/file-head.ts';
import { fieldsOf } from '../../../src/probe/reading/fields.ts';
import { perform } from '../../../src/probe/perform/perform.ts';
import { readUpTo, Unreadable, type Reading } from '../../../src/probe/reading/reading.ts';
import type { ByteSource } from '../../../src/probe/reading/source.ts';
import { memorySource } from '../../support/images/memory-source.ts';

/** What came of opening an image and reading `length` guest bytes from `offset`. */
export interface Opened {
  readonly container: OpenedContainer;
  /** The guest bytes, or why they could not be read; null where the guest is closed. */
  readonly guest: Uint8Array | Unreadable | null;
  readonly requests: number;
}

/** A file as a source, for images too large and sparse to hold in memory. */
export function fileSource(path: string): ByteSource {
  const descriptor = openSync(path, 'r');
  const size = fstatSync(descriptor).size;
  let requests = 0;
  let bytes = 0;
  return {
    label: 'file',
    size: () => size,
    read: (offset, length) => {
      const buffer = Buffer.alloc(length);
      const count = readSync(descriptor, buffer, 0, length, offset);
      requests += 1;
      bytes += count;
      return Promise.resolve(buffer.subarray(0, count));
    },
    cost: () => ({ requests, bytes }),
    close: () => {
      closeSync(descriptor);
      return Promise.resolve();
    },
  };
}

export function* openAndRead(
  format: ContainerFormat,
  size: number | null,
  offset: number,
  length: number,
): Reading<Omit<Opened, 'requests'>> {
  const head = fieldsOf(yield* readUpTo(0, HEAD_LENGTH));
  if (format.recognise({ head, size }) === null) throw new Error('not recognised');
  const container = yield* format.open({ head, size });
  if (container.guest.kind === 'closed') return { container, guest: null };
  try {
    return { container, guest: yield* container.guest.read(offset, length) };
  } catch (error) {
    if (error instanceof Unreadable) return { container, guest: error };
    throw error;
  }
}

export async function openFile(
  format: ContainerFormat,
  path: string,
  offset = 0,
  length: number = WINDOW_LENGTH,
): Promise<Opened> {
  const source = fileSource(path);
  try {
    const opened = await perform(openAndRead(format, source.size(), offset, length), source);
    return { ...opened, requests: source.cost().requests };
  } finally {
    await source.close();
  }
}

export async function openBytes(
  format: ContainerFormat,
  bytes: Uint8Array,
  offset = 0,
  length: number = WINDOW_LENGTH,
): Promise<Opened> {
  const source = memorySource(bytes);
  const opened = await perform(openAndRead(format, bytes.length, offset, length), source);
  return { ...opened, requests: source.cost().requests };
}

/** Expects guest bytes; compared at once, because a difference of 64 KiB cannot be printed. */
export function guestIs(guest: Opened['guest'], expected: Uint8Array): void {
  expect(guest).toBeInstanceOf(Uint8Array);
  expect(Buffer.compare(guest as Uint8Array, expected)).toBe(0);
}
