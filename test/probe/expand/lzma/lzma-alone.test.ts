import { expect, it } from 'vitest';
import { expandLzmaAlone } from '../../../../src/probe/expand/lzma/lzma-alone.ts';
import { expandedBy, expectPlain } from '../support/expect-plain.ts';
import { LZMA, PLAIN } from '../support/packed.ts';

const text = PLAIN.toString('latin1');

/** With another size of the plaintext in its header. */
function sized(size: bigint): Uint8Array {
  const bytes = Buffer.from(LZMA);
  bytes.writeBigUInt64LE(size, 5);
  return bytes;
}

it('expands what xz --format=lzma wrote', () => expectPlain(expandLzmaAlone, LZMA, 'single'));

it('ends at the size in its header, where that is within the output', () => {
  expect(expandedBy(expandLzmaAlone, sized(50n))).toEqual({ plain: text.slice(0, 50), ended: true });
  expect(expandedBy(expandLzmaAlone, sized(50n), 50)).toEqual({ plain: text.slice(0, 50), ended: false });
  expect(expandedBy(expandLzmaAlone, sized(1n << 62n), 50)).toEqual({ plain: text.slice(0, 50), ended: false });
});

it('gives nothing for other properties or a header that is cut', () => {
  const strange = Uint8Array.from(LZMA);
  strange[0] = 225;
  expect(expandedBy(expandLzmaAlone, strange)).toEqual({ plain: '', ended: false });
  expect(expandedBy(expandLzmaAlone, LZMA.subarray(0, 12))).toEqual({ plain: '', ended: false });
});
