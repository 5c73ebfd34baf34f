import type { Reading } from '../../src/probe/reading/reading.ts';

/** The result of a reading over bytes in memory, and the ranges that it asked for. */
export interface ReadOver<T> {
  readonly value: T;
  readonly asked: readonly (readonly [offset: number, length: number])[];
}

/** Runs a reading that decompresses nothing over bytes in memory, without waiting for anything. */
export function readOver<T>(bytes: Uint8Array, reading: Reading<T>): ReadOver<T> {
  const asked: [number, number][] = [];
  let step = reading.next();
  while (step.done !== true) {
    if (step.value.kind !== 'read') throw new Error('a test without decompression');
    const { offset, length } = step.value;
    asked.push([offset, length]);
    step = reading.next(bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)));
  }
  return { value: step.value, asked };
}
