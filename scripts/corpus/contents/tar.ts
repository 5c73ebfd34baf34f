import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Workshop } from '../workshop.ts';
import { COMPRESSORS, compress } from './compressors.ts';

/** A member is what is given, or a copy of a file of the corpus. */
export type Member = readonly [name: string, content: string | Buffer | { readonly copyOf: string }];

/** A tar archive of members in the order given. */
export async function tar(shop: Workshop, file: string, members: readonly Member[], format = 'ustar'): Promise<void> {
  const folder = `${file}.members`;
  for (const [name, content] of members) {
    const place = path.join(folder, name);
    await mkdir(path.dirname(place), { recursive: true });
    if (typeof content === 'string' || Buffer.isBuffer(content)) await writeFile(place, content);
    else await shop.copy(content.copyOf, place);
  }
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--mtime=@1322784000'];
  await shop.run('tar', [`--format=${format}`, ...owner, '-C', folder, '-cf', file, ...members.map(([name]) => name)]);
  await rm(folder, { recursive: true });
}

export async function tarGz(shop: Workshop, file: string, members: readonly Member[]): Promise<void> {
  await tar(shop, `${file}.tar`, members);
  await compress(shop, COMPRESSORS[0], `${file}.tar`, file);
  await rm(`${file}.tar`);
}

/** A member that is a copy of a sample. */
export const copied = (name: string, copyOf: string): Member => [name, { copyOf }];
