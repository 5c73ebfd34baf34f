import { describe, expect, it } from 'vitest';
import {
  EXTENT_START,
  parseDescriptor,
  type VmdkDescriptor,
} from '../../../../src/probe/containers/vmdk/descriptor.ts';

const parsed = (...lines: readonly string[]): VmdkDescriptor =>
  parseDescriptor(Buffer.from(lines.join('\n'), 'latin1'));

const NOTHING: VmdkDescriptor = {
  createTypes: [],
  extents: [],
  hasParent: false,
  namesParent: false,
  namesAddress: false,
  namesTracking: false,
  strangeLines: 0,
};

it('finds nothing in an empty text, comments and blanks', () => {
  expect(parsed('', '# Disk DescriptorFile', '   ', '#DDB')).toEqual(NOTHING);
});

it('reads settings in any case, with and without quotes; two types contradict each other', () => {
  expect(parsed('createType="monolithicSparse"').createTypes).toEqual(['monolithicsparse']);
  expect(parsed('CREATETYPE = vmfs', 'createType="vmfs"').createTypes).toEqual(['vmfs']);
  expect(parsed('createType="vmfs"', 'createType="custom"').createTypes).toEqual(['vmfs', 'custom']);
});

describe('a parent', () => {
  it('is known by its content id', () => {
    expect(parsed('parentCID=ffffffff')).toEqual(NOTHING);
    expect(parsed('parentCID=12345678')).toEqual({ ...NOTHING, hasParent: true });
  });

  it('is known by the name of its file, even in a comment', () => {
    expect(parsed('# parentFileNameHint="base.vmdk"')).toEqual({ ...NOTHING, hasParent: true, namesParent: true });
  });
});

describe('an extent', () => {
  it('has a kind and a size in sectors', () => {
    expect(parsed('RW 4096 SPARSE "a.vmdk"', 'NOACCESS 8 ZERO').extents).toEqual([
      { kind: 'sparse', sectors: 4096n, leadsOut: false },
      { kind: 'zero', sectors: 8n, leadsOut: false },
    ]);
  });

  it.each(['/etc/shadow', String.raw`C:\disk`, '..', 'a/../b'])('leads out of its folder by the name %s', (name) => {
    expect(parsed(`RW 1 FLAT "${name}" 0`).extents).toMatchObject([{ leadsOut: true }]);
  });

  it('of less than no sectors has none', () => {
    expect(parsed('RW -5 FLAT "a"').extents).toMatchObject([{ sectors: 0n }]);
    expect(parsed('RW +5 FLAT "a"').extents).toMatchObject([{ sectors: 5n }]);
  });

  it('may be spread over lines, as sscanf reads it', () => {
    expect(parsed('RW', '7', 'FLAT "a"', 'RW', '8', 'FLAT "b"').extents).toMatchObject([
      { kind: 'flat', sectors: 7n },
      { kind: 'flat', sectors: 8n },
    ]);
    expect(EXTENT_START.test('x\n \tRDONLY\n 1')).toBe(true);
    expect(EXTENT_START.test('x RW 1')).toBe(false);
  });
});

describe('a name', () => {
  it.each(['RW 1 FLAT "nbd://host/x" 0', 'parentFileNameHint="json:{}"', 'xparentfilenamehint: nbd:x'])(
    'in %j is an address',
    (line) => {
      expect(parsed(line).namesAddress).toBe(true);
    },
  );

  it('with the letter of a drive is a path', () => {
    expect(parsed('RW 1 FLAT "c:disk.vmdk" 0').namesAddress).toBe(false);
  });
});

it('counts lines that the format does not know, and ends lines at a NUL', () => {
  expect(parsed('nonsense', 'more nonsense\0changeTrackPath="x"')).toMatchObject({
    strangeLines: 2,
    namesTracking: true,
  });
});

it('reads the first 4096 lines, and counts the rest as one strange line', () => {
  const { createTypes, strangeLines } = parsed(...Array.from({ length: 4096 }, () => '#'), 'RW', 'createType="x"');
  expect({ createTypes, strangeLines }).toEqual({ createTypes: [], strangeLines: 2 });
});
