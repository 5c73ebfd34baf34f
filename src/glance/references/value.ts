/**
 * The value of a `kernel_id` or `ramdisk_id` property, which Glance never checked: an id, a URI that ends in one, an
 * EC2 id, a word for "none", or any other text of a client.
 */
export type ReferenceValue =
  /** NULL, blank, or a word for "none" (Nova snapshots: the empty string; euca tools: nokernel). */
  | { readonly kind: 'absent' }
  /** An id to look up: text in the form of the table's own keys. */
  | { readonly kind: 'id'; readonly id: string }
  /** A text that cannot be a key of this table. `text` is for people and holds no host or credential of an address. */
  | { readonly kind: 'no-key'; readonly text: string };

const ABSENT: ReferenceValue = { kind: 'absent' };
const WORDS_FOR_NONE = new Set(['', 'none', 'nokernel', 'noramdisk']);

/** The longest text that can be an id: images.id is varchar(36), and create_all never made it longer than 255. */
const MAX_ID = 255;
/** The largest key of an INTEGER column on every engine. */
const MAX_INTEGER = 2_147_483_647;

export function parseReference(raw: string | null | undefined, keyKind: 'integer' | 'text'): ReferenceValue {
  if (raw === null || raw === undefined) return ABSENT;
  const trimmed = raw.trim();
  if (WORDS_FOR_NONE.has(trimmed.toLowerCase())) return ABSENT;
  const segment = lastSegment(trimmed);
  if (segment === '') return { kind: 'no-key', text: '(an address without an id)' };
  // An address may end in a word for none as well: http://host/v1/images/None.
  if (WORDS_FOR_NONE.has(segment.toLowerCase())) return ABSENT;
  return keyKind === 'integer' ? integerKey(segment) : textKey(segment);
}

function textKey(segment: string): ReferenceValue {
  return segment.length <= MAX_ID ? { kind: 'id', id: segment } : { kind: 'no-key', text: `${segment.slice(0, 60)}…` };
}

/** Diablo's EC2 layer wrote integer ids as eight hexadecimal digits after aki-, ari- or ami- (nova ec2utils). */
function integerKey(segment: string): ReferenceValue {
  const ec2 = /^a[kmr]i-([0-9a-f]{1,16})$/iu.exec(segment);
  const decimal = /^\d+$/u.test(segment) ? Number(segment) : Number.NaN;
  const value = ec2 === null ? decimal : Number.parseInt(ec2[1] ?? '', 16);
  if (!Number.isSafeInteger(value) || value < 0 || value > MAX_INTEGER)
    return { kind: 'no-key', text: segment.slice(0, 60) };
  return { kind: 'id', id: String(value) };
}

/**
 * The last path segment, without query, fragment and trailing slashes; never the authority, which may hold a password.
 */
function lastSegment(text: string): string {
  const address = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/iu.exec(text);
  if (address === null && !text.includes('/')) return text;
  const path = text
    .slice(address?.[0].length ?? 0)
    .replace(/[?#].*$/su, '')
    .replace(/\/+$/u, '');
  return path.slice(path.lastIndexOf('/') + 1).trim();
}
