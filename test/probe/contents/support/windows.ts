import { WINDOW_LENGTH, fieldsOf } from '../../../../src/probe/reading/fields.ts';
import type { Content, ContentWindow } from '../../../../src/probe/contents/sighting/sighting.ts';
import { recogniseContent } from '../../../../src/probe/contents/recognise.ts';

export type Patch = readonly [offset: number, bytes: string | readonly number[] | Uint8Array];

/** Zeros with some bytes set; a string stands for its Latin-1 bytes. */
export function bytesWith(patches: readonly Patch[], length = WINDOW_LENGTH): Uint8Array {
  return patched(new Uint8Array(length), patches);
}

/** A copy with some bytes set. */
export function patched(original: Uint8Array, patches: readonly Patch[]): Uint8Array {
  const bytes = original.slice();
  for (const [offset, data] of patches)
    bytes.set(typeof data === 'string' ? Buffer.from(data, 'latin1') : data, offset);
  return bytes;
}

export function le(value: number | bigint, length: 2 | 4 | 8): readonly number[] {
  return Array.from({ length }, (_, index) => Number((BigInt(value) >> BigInt(8 * index)) & 0xffn));
}

export function be(value: number | bigint, length: 2 | 4 | 8): readonly number[] {
  return [...le(value, length)].reverse();
}

export function windowOf(
  bytes: Uint8Array,
  known: { readonly guestSize?: number | null; readonly sectorSize?: number } = {},
): ContentWindow {
  return { bytes: fieldsOf(bytes), guestSize: null, sectorSize: 512, ...known };
}

/** One line for comparing: `filesystem certain ext4`, `contested MBR, ext4`, `encrypted LUKS2`, `blank`. */
export function verdictOf(window: ContentWindow): string {
  return lineOf(recogniseContent(window));
}

function lineOf(content: Content): string {
  if (content.kind === 'blank' || content.kind === 'unknown') return content.kind;
  const names = content.evidence.map(({ detail }) => detail.split(':')[0]);
  if (content.kind === 'typed') return `${content.imageType} ${content.confidence} ${names[0]}`;
  return `${content.kind} ${[...new Set(names)].join(', ')}`;
}
