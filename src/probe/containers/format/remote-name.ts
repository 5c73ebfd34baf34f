import { readUpTo, type Reading } from '../../reading/reading.ts';
import type { Observations } from './observations.ts';

/** Longest name that QEMU takes from a header, in bytes (block/qcow2.c, docs/interop/qcow2.rst). */
export const LONGEST_NAME = 1023;

export const REMOTE_NAME_SEEN = 'a file name that is an address or a json: description';

const COLON = 0x3a;
const SLASH = 0x2f;

/**
 * Whether QEMU takes a name for an address or a json: description: a colon comes before any slash (block.c,
 * path_has_protocol).
 */
export function isRemoteName(name: Uint8Array): boolean {
  return name.find((byte) => byte === COLON || byte === SLASH || byte === 0) === COLON;
}

/** No format stores a name beyond this offset: the largest first cluster of qcow2. */
const FARTHEST_NAME = 2n * 1024n * 1024n;

/** Notes whether a name in the file is an address. The name itself is not kept. */
export function* inspectName(offset: bigint, length: number, notes: Observations): Reading<void> {
  if (offset > FARTHEST_NAME) return;
  const name = yield* readUpTo(Number(offset), Math.min(length, LONGEST_NAME));
  if (isRemoteName(name)) notes.warn('REMOTE_NAME', Number(offset), REMOTE_NAME_SEEN);
}
