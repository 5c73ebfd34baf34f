import { describe, expect, it } from 'vitest';
import { recogniseContent } from '../../../../src/probe/contents/recognise.ts';
import { hasIsoDescriptor, hasSmallBlocks } from '../../../../src/probe/contents/volumes/optical-discs.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { be, bytesWith, le, type Patch, patched, verdictOf, windowOf } from '../support/windows.ts';

const both = (value: number): readonly number[] => [...le(value, 4), ...be(value, 4)];

/** A disc of 300 blocks of 2048 bytes whose root directory is block 18, in sight. */
const DISC: readonly Patch[] = [
  [32_768, [1]],
  [32_769, 'CD001\x01'],
  [32_848, both(300)],
  [32_896, [...le(2048, 2), ...be(2048, 2)]],
  [32_926, both(18)],
  [34_816, [255]],
  [34_817, 'CD001'],
  [36_866, le(18, 4)],
  [36_896, [1, 0]],
];

describe('ISO 9660', () => {
  const disc = bytesWith(DISC);
  it('with its root directory in sight is certain', () => {
    expect(verdictOf(windowOf(disc))).toBe('iso9660 certain ISO 9660');
    expect(hasIsoDescriptor(windowOf(disc))).toBe(true);
    expect(verdictOf(windowOf(disc.slice(0, 36_864)))).toBe('iso9660 likely ISO 9660');
  });
  const broken: readonly (readonly [string, Patch])[] = [
    ['of another type', [32_768, [2]]],
    ['of another version', [32_774, [2]]],
    ['whose sizes differ', [32_852, [1]]],
    ['whose block sizes differ', [32_898, [1]]],
    ['without a size', [32_848, [0, 0, 0, 0, 0, 0, 0, 0]]],
    ['whose root directory is elsewhere', [32_926, both(19)]],
    ['whose root directory begins with another entry', [36_897, [0x41]]],
  ];
  it.each(broken)('a descriptor %s is none', (_, patch) => {
    const window = windowOf(patched(disc, [patch]));
    expect(verdictOf(window)).toBe('unknown');
    expect(hasIsoDescriptor(window)).toBe(false);
  });
  it('shorter than its blocks was cut', () => {
    expect(recogniseContent(windowOf(disc, { guestSize: 300 * 2048 }))).toMatchObject({ safety: [] });
    expect(recogniseContent(windowOf(disc, { guestSize: 300 * 2048 - 1 }))).toMatchObject({ safety: ['TRUNCATED'] });
  });
});

describe('UDF', () => {
  const sequence = (step: number): readonly Patch[] => [
    [32_769, 'BEA01'],
    [32_769 + step, 'NSR02'],
    [32_769 + 2 * step, 'TEA01'],
  ];
  it('of blocks of 2048 bytes may be declared a disc, of 4096 bytes not', () => {
    expect(recogniseContent(windowOf(bytesWith(sequence(2048))))).toMatchObject({
      imageType: 'filesystem',
      confidence: 'likely',
      alsoReadAs: ['iso9660'],
    });
    expect(recogniseContent(windowOf(bytesWith(sequence(4096))))).toMatchObject({
      confidence: 'certain',
      alsoReadAs: [],
    });
  });
  it('of another revision is none', () => {
    expect(verdictOf(windowOf(bytesWith([...sequence(2048), [34_821, '4']])))).toBe('unknown');
  });
  it('has small blocks where block 256 of 512 bytes holds an anchor', () => {
    const anchor = bytesWith(
      [
        [0, le(2, 2)],
        [12, le(256, 4)],
      ],
      16,
    );
    // The sum of all bytes but itself: 2 + 1.
    expect(hasSmallBlocks(fieldsOf(patched(anchor, [[4, [3]]])))).toBe(true);
    expect(hasSmallBlocks(fieldsOf(patched(anchor, [[4, [4]]])))).toBe(false);
    expect(
      hasSmallBlocks(
        fieldsOf(
          patched(anchor, [
            [4, [4]],
            [12, le(257, 4)],
          ]),
        ),
      ),
    ).toBe(false);
    expect(hasSmallBlocks(fieldsOf(anchor.slice(0, 15)))).toBe(false);
  });
});

describe('the draft of ISO 9660', () => {
  const patches: readonly Patch[] = [
    [32_776, [1]],
    [32_777, 'CDROM'],
    [32_782, [1]],
    [32_856, [...le(300, 4), ...be(300, 4)]],
    [32_904, [...le(2048, 2), ...be(2048, 2)]],
  ];
  it('High Sierra', () => expect(verdictOf(windowOf(bytesWith(patches)))).toBe('iso9660 likely High Sierra'));
  it.each([0, 1, 2, 3])('High Sierra without its field %d is none', (index) => {
    expect(verdictOf(windowOf(bytesWith(patches.toSpliced(index, 1))))).toBe('unknown');
  });
});
