import { closeSync, openSync, readSync } from 'node:fs';

const STEP = 64 * 1024;

/**
 * Reads a file that an operator named: a file, or a pipe such as `<(command)`.
 *
 * @param most bytes, inclusive. At most these and one step are read, also from an endless pipe.
 * @throws the system's Error, with its `code`; `EFBIG` if there are more bytes.
 */
export function readBounded(path: string, most: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const pieces: Buffer[] = [];
    let length = 0;
    for (;;) {
      const piece = Buffer.allocUnsafe(STEP);
      const got = readSync(file, piece, 0, STEP, null);
      if (got === 0) return Buffer.concat(pieces, length);
      pieces.push(piece.subarray(0, got));
      length += got;
      if (length > most) throw Object.assign(new Error(`more than ${most} bytes`), { code: 'EFBIG' });
    }
  } finally {
    closeSync(file);
  }
}
