import { gunzipSync, inflateRawSync, inflateSync, constants } from 'node:zlib';

import { Unreadable, type Compression } from '../reading.ts';

/**
 * The first `limit` bytes (at most) that `input` expands to; fewer where the input ends or breaks off. Bounded in memory by `limit`
 * and by what each decoder needs for its window, which is cut down to what `limit` bytes can refer to.
 *
 * @throws Unreadable malformed: not one byte could be expanded; unsupported: there is no decoder.
 */
export async function expandHead(compression: Compression, input: Uint8Array, limit: number): Promise<Uint8Array> {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: limit };
  try {
    if (compression === 'gzip') return gunzipSync(input, options);
    if (compression === 'zlib') return inflateSync(input, options);
    if (compression === 'deflate-raw') return inflateRawSync(input, options);
  } catch {
    throw new Unreadable('malformed', `${compression} data cannot be expanded`);
  }
  throw new Unreadable('unsupported', `no decoder for ${compression}`);
}
