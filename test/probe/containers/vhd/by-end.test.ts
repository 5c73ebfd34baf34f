import { describe, expect, it } from 'vitest';
import { VHD } from '../../../../src/probe/containers/vhd/vhd.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { perform } from '../../../../src/probe/perform/perform.ts';
import { memorySource } from '../../../support/images/memory-source.ts';
import { noise } from '../bytes.ts';
import { fixedByEnd, dynamicHeader, footer, MIB } from '../vhd-image.ts';

const DATA = noise(2 * MIB, 11);

const WINDOW = DATA.subarray(0, 69_632);

describe('fixed VHD', () => {
  const fixed = { type: 2, dataOffset: 2n ** 64n - 1n, currentSize: BigInt(2 * MIB) } as const;
  const size = 2 * MIB + 512;

  it('is known by its footer', async () => {
    const container = fixedByEnd(footer(fixed), size)?.opened;

    expect(fixedByEnd(footer(fixed), size)?.sign).toMatchObject({ offset: 2 * MIB });
    expect(container).toMatchObject({ containerType: 'vhd', virtualSize: 2 * MIB, safety: [] });
    if (container?.guest.kind !== 'mapped') throw new Error('closed');
    const source = memorySource(Buffer.concat([DATA, footer(fixed)]));
    expect(Buffer.compare(await perform(container.guest.read(0, 69_632), source), WINDOW)).toBe(0);
    expect((await perform(container.guest.read(2 * MIB - 100, 4096), source)).length).toBe(100);
  });

  it('may have a footer of 511 bytes, given alone or in the last 512', () => {
    const short = footer(fixed).subarray(0, 511);

    expect(fixedByEnd(short, size - 1)?.sign).toMatchObject({ offset: 2 * MIB });
    expect(fixedByEnd(Buffer.concat([Buffer.of(7), short]), size - 1)?.sign).toMatchObject({ offset: 2 * MIB });
  });

  it('may say that it has no header in 32 bits, as the specification prints it', () => {
    expect(fixedByEnd(footer({ ...fixed, dataOffset: 0xffff_ffffn }), size)).not.toBeNull();
  });

  it.each([
    ['a file that has grown', fixed, size + 2 * MIB, 2 * MIB],
    ['a file that was cut', fixed, MIB + 512, MIB],
    ['a size beyond every file', { ...fixed, currentSize: 2n ** 64n - 1n }, size, 2 * MIB],
    ['no size', { ...fixed, currentSize: 0n }, size, 2 * MIB],
  ])('is known by a footer with %s, which is noted', (_, fields, fileSize, virtualSize) => {
    expect(fixedByEnd(footer(fields), fileSize)?.opened).toMatchObject({ virtualSize, safety: ['SIZE_MISMATCH'] });
  });

  it('is known by its type, whatever the footer says of a header', () => {
    expect(fixedByEnd(footer({ ...fixed, dataOffset: 512n }), size)?.opened).toMatchObject({ safety: [] });
  });

  it.each([
    ['with a wrong checksum', Buffer.from(footer(fixed)).fill(3, 100, 101), size],
    ['of a dynamic disk', footer({ ...fixed, type: 3 }), size],
    ['of version 2', footer({ ...fixed, version: 0x0002_0000 }), size],
    ['without guest', footer({ ...fixed, currentSize: 0n }), 512],
    ['cut short', footer(fixed).subarray(0, 400), size],
    ['of zeros', Buffer.alloc(512), size],
    ['not read', Buffer.alloc(0), size],
  ])('is not known by a footer %s', (_, bytes, fileSize) => {
    expect(fixedByEnd(bytes, fileSize)).toBeNull();
  });

  it('is not recognised by its head', () => {
    expect(VHD.recognise({ head: fieldsOf(DATA), size })).toBeNull();
    expect(VHD.recognise({ head: fieldsOf(dynamicHeader()), size })).toBeNull();
  });
});
