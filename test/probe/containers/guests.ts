import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { WINDOW_LENGTH } from '../../../src/probe/reading/fields.ts';
import { noise } from './bytes.ts';

const MIB = 1024 * 1024;

function text(length: number): Buffer {
  return Buffer.alloc(length, 'a line that compresses well, over and over\n');
}

/** What a raw guest holds: its size and the pieces that are not zeros. */
interface Guest {
  readonly size: number;
  readonly pieces: readonly (readonly [offset: number, bytes: Buffer])[];
}

/** Guests that put blocks, holes and tables in different places. */
export const GUESTS = {
  /** Data and holes of odd sizes all over the window, noise and text. */
  holes: {
    size: 64 * MIB,
    pieces: [
      [0, noise(1536, 1)],
      [4096, text(9000)],
      [20_480, noise(20_000, 2)],
      [65_536, text(700)],
      [68_000, noise(1632, 3)],
      [5 * MIB, noise(300_000, 4)],
    ],
  },
  /** Nothing in the first 4 MiB. */
  late: { size: 64 * MIB, pieces: [[4 * MIB, noise(100_000, 5)]] },
  /** Filled, so that tables stand between blocks. */
  full: {
    size: 6 * MIB,
    pieces: [
      [0, noise(2 * MIB, 6)],
      [2 * MIB, text(2 * MIB)],
      [4 * MIB, noise(2 * MIB, 7)],
    ],
  },
  /** Smaller than the window and than most clusters. */
  small: { size: 40_960, pieces: [[512, noise(30_000, 8)]] },
} as const satisfies Record<string, Guest>;

export type GuestName = keyof typeof GUESTS;

export const GUEST_NAMES = Object.keys(GUESTS) as readonly GuestName[];

export function temporary(): string {
  return mkdtempSync(join(inject('temporaryDirectory'), 'containers-'));
}

export function writeGuest(name: GuestName, directory: string): string {
  const path = join(directory, `${name}.raw`);
  const descriptor = openSync(path, 'w');
  ftruncateSync(descriptor, GUESTS[name].size);
  for (const [offset, bytes] of GUESTS[name].pieces) writeSync(descriptor, bytes, 0, bytes.length, offset);
  closeSync(descriptor);
  return path;
}

/** The first bytes of a file, `WINDOW_LENGTH` of them or all. */
export function windowOf(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  const buffer = Buffer.alloc(WINDOW_LENGTH);
  const count = readSync(descriptor, buffer, 0, buffer.length, 0);
  closeSync(descriptor);
  return buffer.subarray(0, count);
}

export function qemuImg(...parameters: readonly string[]): void {
  for (let attempt = 1; ; attempt += 1) {
    const { status, stderr } = spawnSync('qemu-img', parameters, {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    if (status === 0) return;
    // It times its own key derivation, and gives up where the clock of a busy machine shows no time at all (crypto/pbkdf.c).
    if (attempt < 5 && stderr.includes('Unable to get accurate CPU usage')) continue;
    throw new Error(`qemu-img ${parameters.join(' ')}: ${stderr}`);
  }
}

/**
 * Converts a raw file. QEMU 7.2 ends with status 1, and no word, after it has written a compressed qcow image that is in order; a
 * word is an error.
 */
export function convert(raw: string, image: string, ...options: readonly string[]): void {
  const { stderr } = spawnSync('qemu-img', ['convert', '-f', 'raw', ...options, raw, image], { encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
}

/** Runs qemu-io commands on an image, for layouts that no conversion gives. */
export function qemuIo(format: string, path: string, ...commands: readonly string[]): void {
  execFileSync('qemu-io', ['-f', format, ...commands.flatMap((command) => ['-c', command]), path], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
