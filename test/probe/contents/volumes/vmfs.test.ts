import { describe, expect, it } from 'vitest';
import { VMFS_PLACES } from '../../../../src/probe/contents/volumes/vmfs.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { bytesWith, le, type Patch } from '../support/windows.ts';

const MIB = 1024 * 1024;
const UUID = '4fb2a1c3-01234567-89ab-cdef01234567';

/** The name of the format that the bytes at an offset hold. */
function nameAt(offset: number, patches: readonly Patch[]): string | null {
  const place = VMFS_PLACES.find((one) => one.offset === offset);
  if (place === undefined) throw new Error(`no place at ${offset}`);
  return place.recognise(fieldsOf(bytesWith(patches, place.length)))?.name ?? null;
}

describe('VMFS', () => {
  const volume: readonly Patch[] = [
    [0, le(0xc001d00d, 4)],
    [532, UUID],
  ];
  it('a member of a volume has its name in the sector behind the header', () => {
    expect(nameAt(MIB, volume)).toBe('VMFS volume member');
    expect(nameAt(MIB, [...volume, [540, 'x']])).toBeNull();
    expect(nameAt(MIB, [...volume, [0, [0]]])).toBeNull();
  });
  const filesystem: readonly Patch[] = [
    [0, le(0x2fabf15e, 4)],
    [157, le(512, 4)],
    [161, le(BigInt(MIB), 8)],
  ];
  it('a filesystem has blocks of 1 to 8 MiB', () => {
    expect(nameAt(2 * MIB, filesystem)).toBe('VMFS');
    expect(nameAt(2 * MIB, [...filesystem, [161, le(BigInt(8 * MIB), 8)]])).toBe('VMFS');
    expect(nameAt(2 * MIB, [...filesystem, [161, le(BigInt(16 * MIB), 8)]])).toBeNull();
    expect(nameAt(2 * MIB, [...filesystem, [157, le(100, 4)]])).toBeNull();
  });
});
