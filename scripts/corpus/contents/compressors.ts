import { writeFile } from 'node:fs/promises';
import type { Label } from '../label.ts';
import type { Workshop } from '../workshop.ts';

export interface Compressor {
  readonly suffix: string;
  readonly command: readonly [string, ...string[]];
}

/** Compressions of kernels, initrds and whole images; each reads a file and writes standard output. */
export const COMPRESSORS = [
  { suffix: 'gz', command: ['gzip', '-n', '-1', '-c'] },
  { suffix: 'xz', command: ['xz', '-0', '--check=crc32', '-c'] },
  { suffix: 'zst', command: ['zstd', '-q', '-1', '-c'] },
  // The Linux kernel reads the older of the two frames of lz4.
  { suffix: 'lz4', command: ['lz4', '-q', '-l', '-c'] },
  { suffix: 'bz2', command: ['bzip2', '-1', '-c'] },
  { suffix: 'lzma', command: ['xz', '--format=lzma', '-0', '-c'] },
  { suffix: 'lzo', command: ['lzop', '-q', '-c'] },
] as const satisfies readonly Compressor[];

export const LZ4_FRAME: Compressor = { suffix: 'lz4', command: ['lz4', '-q', '-c'] };

/** Of a compression that the product has no reader for, only that can be said. */
export function unread({ suffix }: Compressor): Partial<Pick<Label, 'mayBeUndetermined' | 'undeterminedAs'>> {
  if (suffix !== 'lzo') return {};
  return {
    mayBeUndetermined: 'a compression without a reader',
    undeterminedAs: [{ containerType: 'raw', envelope: 'compressed' }],
  };
}

export async function compress(shop: Workshop, compressor: Compressor, from: string, file: string): Promise<void> {
  const [program, ...options] = compressor.command;
  await writeFile(file, await shop.run(program, [...options, from]));
}
