import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';

/** A store as it is met: mostly qcow2 and raw disks, some of everything else. Paths in the corpus. */
export const MIX = [
  'containers/qcow2-gpt',
  'containers/qcow2-mbr',
  'containers/qcow2-ext4',
  'containers/qcow2-v2-gpt',
  'containers/qcow2-zlib-mbr',
  'containers/qcow2-zstd-gpt',
  'disks/gpt.img',
  'disks/gpt-boot-flag.img',
  'disks/mbr.img',
  'disks/mbr-grub.img',
  'filesystems/ext4-filled.img',
  'filesystems/ntfs.img',
  'optical/iso.iso',
  'optical/iso-hybrid-gpt.iso',
  'kernels/bzimage',
  'ramdisks/initrd.gz',
  'ramdisks/initrd.zst',
  'containers/vmdk-stream-gpt',
  'containers/vhd-gpt',
  'containers/vhd-fixed-mbr',
] as const;

const PAGE = 4096;

/** What of each file holds data; behind the head is a hole up to the last pages, which no contender looks into. */
const HEAD = 512 * 1024;
const TAIL = 2 * PAGE;

/**
 * Copies of the mix, `copies` times, each file one of its own: sparse, so that ten thousand of them are made in seconds and take
 * 1.5 GiB. Neighbours in the list are of different kinds.
 */
export function makeStore(corpus: string, folder: string, copies: number): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const files: string[][] = MIX.map((name) => {
    const bytes = readFileSync(path.join(corpus, name));
    const runs = dataRuns(bytes);
    return Array.from({ length: copies }, (_, copy) => {
      const file = path.join(folder, `${String(copy)}-${path.basename(name)}`);
      writeSparse(file, bytes, runs);
      return file;
    });
  });
  return Array.from({ length: copies }, (_, copy) => files.flatMap((kind) => kind.slice(copy, copy + 1))).flat();
}

interface Run {
  readonly start: number;
  readonly end: number;
}

/** Pages that are not all zeros, joined where they follow each other. */
function dataRuns(bytes: Uint8Array): readonly Run[] {
  const runs: { start: number; end: number }[] = [];
  for (let start = 0; start < bytes.length; start += PAGE) {
    const end = Math.min(start + PAGE, bytes.length);
    const isHole = start >= HEAD && end <= bytes.length - TAIL;
    if (isHole || bytes.subarray(start, end).every((byte) => byte === 0)) continue;
    const last = runs.at(-1);
    if (last?.end === start) last.end = end;
    else runs.push({ start, end });
  }
  return runs;
}

function writeSparse(file: string, bytes: Uint8Array, runs: readonly Run[]): void {
  const descriptor = openSync(file, 'w');
  try {
    ftruncateSync(descriptor, bytes.length);
    for (const { start, end } of runs) writeSync(descriptor, bytes, start, end - start, start);
  } finally {
    closeSync(descriptor);
  }
}
