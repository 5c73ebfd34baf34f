import { classifyLocation } from '../sources/file/store.ts';

/** Raised when the prober can give another verdict for the same bytes. Verdicts of other versions are not used. */
export const PROBER_VERSION = 4;

/** Names content by what Glance computed when it received it, a claim until the head of the bytes agrees as well. */
export interface ContentKey {
  /** `sha512`, `md5`, …: lower-case letters and digits. */
  readonly algorithm: string;
  /** Lower-case hexadecimal. */
  readonly digest: string;
  /** Bytes, as a decimal number. */
  readonly size: string;
}

/** How the bytes were read. `forward` misses the end (the footer of a fixed VHD), so its verdict may say less. */
export type Access = 'random' | 'forward';

/** What Glance's rows say about the bytes. */
interface KnownBytes {
  /** As in `ImagePayload`. */
  readonly locations: readonly string[];
  readonly size: bigint | null;
  readonly checksum: string | null;
  readonly hash: { readonly algorithm: string; readonly value: string } | null;
}

/**
 * The key of an image's bytes: the hash of Rocky and later, else the MD5 of `checksum`.
 *
 * Only images that lie in filesystem stores alone have a key. Glance takes no location with `file://` or
 * `filesystem://` from a user (glance/common/store_utils.py, RESTRICTED_URI_SCHEMAS), so it wrote those bytes itself
 * and computed their hash. A location of any other scheme may have been registered with a checksum that the user only
 * claims (`validation_data` of the Image API).
 *
 * @returns null for all other images, and if there is no checksum or a value that Glance does not write. Such bytes are
 *   read each time.
 */
export function contentKey({ locations, size, checksum, hash }: KnownBytes): ContentKey | null {
  if (size === null || size <= 0n) return null;
  if (locations.length === 0 || locations.some((location) => classifyLocation(location).kind !== 'file')) return null;
  const strong = hash === null ? null : { algorithm: hash.algorithm.toLowerCase(), digest: hash.value.toLowerCase() };
  const found = strong ?? { algorithm: 'md5', digest: checksum?.toLowerCase() ?? '' };
  // The column may hold anything, and only a digest may reach the cache file.
  if (!/^[a-z][a-z0-9_-]{1,15}$/u.test(found.algorithm)) return null;
  if (!/^(?:[0-9a-f]{2}){16,64}$/u.test(found.digest)) return null;
  return { ...found, size: String(size) };
}
