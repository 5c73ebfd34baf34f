import { describe, expect, it } from 'vitest';
import { recogniserOf, type Superblock } from '../../../../src/probe/contents/volumes/superblock.ts';
import { bytesWith, windowOf } from '../support/windows.ts';

/** A made-up format: MAGIC at 16 or 32, behind it a digit that decides. */
const FORMAT: Superblock = {
  name: 'made-up',
  magicAt: [16, 32],
  magic: 'MAGIC',
  check: (bytes, at) => {
    const digit = bytes.u8(at + 5);
    if (digit === 0) return null;
    return digit === 1 ? { confidence: 'certain', claims: 5n } : { confidence: 'weak' };
  },
};
const recognise = recogniserOf(FORMAT);
const seen = (text: string, at: number): ReturnType<typeof recognise> =>
  recognise(windowOf(bytesWith([[at, text]], 64)));

describe('a recogniser made of a table', () => {
  it('gives what the check found, with the offset of the magic', () => {
    expect(seen('MAGIC\x01', 32)).toMatchObject({
      name: 'made-up',
      meaning: 'filesystem',
      confidence: 'certain',
      claims: 5n,
      evidence: [{ offset: 32, detail: 'made-up: superblock' }],
    });
  });
  it('says that a checksum does not hold, and claims nothing without a size', () => {
    expect(seen('MAGIC\x02', 16)).toMatchObject({
      confidence: 'weak',
      claims: null,
      evidence: [{ offset: 16, detail: 'made-up: superblock, its checksum does not hold' }],
    });
  });
  it('goes on to the next place where the check finds nothing', () => {
    expect(seen('MAGIC', 16)).toBeNull();
    expect(
      recognise(
        windowOf(
          bytesWith(
            [
              [16, 'MAGIC'],
              [32, 'MAGIC\x01'],
            ],
            64,
          ),
        ),
      ),
    ).toMatchObject({
      evidence: [{ offset: 32 }],
    });
    expect(seen('MAGIK\x01', 16)).toBeNull();
  });
});
