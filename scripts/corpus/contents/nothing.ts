import { writeFile } from 'node:fs/promises';
import { noise } from '../bytes.ts';
import { untyped } from '../label.ts';
import { type Recipe, sample } from '../recipe.ts';
import { sparse } from '../workshop.ts';

const MIB = 1024 * 1024;
const nothing = untyped();

/** Files that are no image of anything, of which nothing must be said. */
export const nothings: readonly Recipe[] = [
  sample('nothing/blank.img', nothing, [], (_shop, file) => sparse(file, 64 * MIB)),
  sample('nothing/blank-odd-size.img', nothing, [], (_shop, file) => sparse(file, 100_001)),
  sample('nothing/empty.img', untyped({ containerType: null }), [], (_shop, file) => sparse(file, 0)),
  sample('nothing/one-byte.img', nothing, [], (_shop, file) => writeFile(file, 'Q')),
  // Many, because a magic of 16 bits is met by chance.
  ...Array.from({ length: 12 }, (_, seed) =>
    sample(`nothing/random-${String(seed)}.img`, nothing, [], (_shop, file) =>
      writeFile(file, noise(2 * MIB, 100 + seed)),
    ),
  ),
  sample('nothing/text.txt', nothing, [], (_shop, file) =>
    writeFile(file, 'Dear all,\n\nno image is attached to this mail.\n'.repeat(2_000)),
  ),
  sample('nothing/script.sh', nothing, [], (_shop, file) =>
    writeFile(file, '#!/bin/sh\n# version=1\nexit 0\n'.repeat(5_000)),
  ),
  sample('nothing/page.html', nothing, [], (_shop, file) =>
    writeFile(
      file,
      `<!DOCTYPE html><html><head><title>404</title></head><body>${'<p>Not found</p>'.repeat(9_000)}</body></html>`,
    ),
  ),
  sample('nothing/values.json', nothing, [], (_shop, file) =>
    writeFile(file, JSON.stringify({ itemNotFound: { code: 404, message: 'no image '.repeat(10_000) } })),
  ),
];
