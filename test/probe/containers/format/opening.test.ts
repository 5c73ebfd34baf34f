import { describe, expect, it } from 'vitest';
import type { BlockMap, BlockPlace } from '../../../../src/probe/containers/format/block-map.ts';
import type { OpenedContainer } from '../../../../src/probe/containers/format/container.ts';
import { closed, mapped, openingWith, type Inspected } from '../../../../src/probe/containers/format/opening.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { readExactly, Unreadable, type Reading } from '../../../../src/probe/reading/reading.ts';
import { readOver } from '../../reading-over.ts';

const BLOCK = 65_536;
const FILE = { head: fieldsOf(new Uint8Array(0)), size: 1_000_000 };

function mapOf(places: readonly BlockPlace[]): BlockMap {
  return {
    blockSize: BLOCK,
    virtualSize: places.length * BLOCK,
    // oxlint-disable-next-line require-yield -- the places are known
    *locate(first, count) {
      return places.slice(first, first + count);
    },
  };
}

const stored = (offset: number): BlockPlace => ({ kind: 'stored', offset });

function openedBy(inspect: Parameters<typeof openingWith>[1]): OpenedContainer {
  return readOver(new Uint8Array(100), openingWith('vdi', inspect)(FILE)).value;
}

const behind = (...places: readonly BlockPlace[]): OpenedContainer =>
  openedBy((file, notes) => mapped(mapOf(places), file, notes));

describe('a header', () => {
  it('that breaks a rule closes the guest, with the code of the reason', () => {
    function* inspect(): Reading<Inspected> {
      yield* readExactly(0, 10);
      throw new Unreadable('malformed', 'absurd');
    }
    expect(openedBy(inspect)).toEqual({
      containerType: 'vdi',
      virtualSize: null,
      sectorSize: 512,
      guest: { kind: 'closed', why: 'malformed header' },
      evidence: [{ offset: 0, detail: 'absurd' }],
      safety: ['MALFORMED_HEADER'],
    });
  });

  it('that is cut short is truncated', () => {
    function* inspect(): Reading<Inspected> {
      yield* readExactly(0, 200);
      return closed(1, 'not reached');
    }
    expect(openedBy(inspect)).toMatchObject({ safety: ['TRUNCATED'], guest: { why: 'truncated header' } });
  });

  it('that is out of reach has no code', () => {
    function* inspect(): Reading<Inspected> {
      yield* readExactly(0, 10);
      throw new Unreadable('budget', 'no more requests');
    }
    expect(openedBy(inspect)).toMatchObject({ safety: [], guest: { why: 'no more requests' } });
  });
});

describe('a mapped guest', () => {
  it('shows where it begins', () => {
    expect(behind(stored(4096), stored(BLOCK * 2))).toMatchObject({
      virtualSize: 2 * BLOCK,
      evidence: [{ offset: 4096, detail: 'guest offset 0' }],
      guest: { kind: 'mapped', tables: 'sound' },
    });
  });

  it('is closed where its first block lies elsewhere', () => {
    expect(behind({ kind: 'elsewhere' }, stored(0)).guest).toEqual({ kind: 'closed', why: 'needs a backing file' });
    expect(behind(stored(0), { kind: 'elsewhere' }).guest.kind).toBe('mapped');
  });

  it('has a code for each block of the window that is lost, and for none behind it', () => {
    const lost: BlockPlace = { kind: 'lost', code: 'TABLE_OUT_OF_BOUNDS', at: 7, why: 'gone' };
    expect(behind(stored(0), lost).safety).toEqual(['TABLE_OUT_OF_BOUNDS']);
    expect(behind(stored(1_000_000)).safety).toEqual(['DATA_OUT_OF_BOUNDS']);
    expect(behind(stored(999_999)).safety).toEqual([]);
    expect(behind(stored(0), stored(BLOCK), lost).safety).toEqual([]);
  });
});

describe('whether guest data lies at an offset', () => {
  const holds = (container: OpenedContainer, offset: number): boolean | undefined =>
    container.holds === undefined ? undefined : readOver(new Uint8Array(0), container.holds(offset)).value;

  it('is known by the map', () => {
    const container = behind(stored(4096), { kind: 'zeros' });
    expect([4095, 4096, 4096 + BLOCK - 1, 4096 + BLOCK].map((offset) => holds(container, offset))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('is denied where two blocks claim it, and unknown without a map', () => {
    expect(holds(behind(stored(4096), stored(8192)), 8192)).toBe(false);
    // oxlint-disable-next-line require-yield -- nothing is read
    function* inspect(): Reading<Inspected> {
      return closed(null, 'encrypted');
    }
    expect(openedBy(inspect).holds).toBeUndefined();
  });
});
