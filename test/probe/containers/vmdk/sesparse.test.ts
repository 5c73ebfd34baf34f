import { describe, expect, it } from 'vitest';
import type { SafetyCode } from '../../../../src/model/safety.ts';
import { VMDK } from '../../../../src/probe/containers/vmdk/vmdk.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { openBytes, guestIs } from '../image-file.ts';
import { AT_END, SECTOR, seSparseEntry, seSparseImage, DATA, WINDOW } from '../vmdk-image.ts';

describe('seSparse', () => {
  const entries = Array.from({ length: 17 }, (_, grain) => seSparseEntry(grain));

  it('is read where all that is wanted is here', async () => {
    const opened = await openBytes(VMDK, seSparseImage({ entries }, DATA));

    expect(opened.container).toMatchObject({
      virtualSize: 2048 * SECTOR,
      safety: ['PARENT_NEEDED', 'SUBTYPE_REFUSED'],
      guest: { kind: 'mapped', tables: 'sound' },
    });
    guestIs(opened.guest, WINDOW);
  });

  it('knows unmapped and zeroed grains, and numbers of more than twelve bits', async () => {
    const far = Buffer.concat([Buffer.alloc(4097 * 4096), DATA.subarray(0, 4096)]);
    const image = seSparseImage({ entries: [seSparseEntry(4097), 1n << 60n, 2n << 60n] }, far);

    const opened = await openBytes(VMDK, image, 0, 3 * 4096);

    guestIs(opened.guest, Buffer.concat([DATA.subarray(0, 4096), Buffer.alloc(8192)]));
  });

  it('never takes a grain that is not here for zeros', async () => {
    const none = await openBytes(VMDK, seSparseImage({ entries: [] }, DATA));
    const noTable = await openBytes(VMDK, seSparseImage({ entries, directory: 0n }, DATA));

    for (const { container } of [none, noTable]) {
      expect(container.guest).toEqual({ kind: 'closed', why: 'needs a parent file' });
    }
  });

  it('is stale while its journal waits', async () => {
    const { container } = await openBytes(VMDK, seSparseImage({ entries, replay: 1n }, DATA));

    expect(container).toMatchObject({ guest: { kind: 'mapped', tables: 'stale' } });
    expect(container.safety).toContain('DIRTY');
  });

  it.each<readonly [string, SafetyCode, Record<number, bigint>]>([
    ['another version', 'MALFORMED_HEADER', { 8: 1n }],
    ['another grain', 'MALFORMED_HEADER', { 24: 16n }],
    ['another table', 'MALFORMED_HEADER', { 32: 32n }],
    ['flags', 'MALFORMED_HEADER', { 40: 1n }],
    ['a reserved field', 'MALFORMED_HEADER', { 72: 1n }],
    ['padding', 'MALFORMED_HEADER', { 504: 1n }],
    ['no capacity', 'MALFORMED_HEADER', { 16: 0n }],
    ['an absurd capacity', 'MALFORMED_HEADER', { 16: AT_END }],
    ['a directory too short', 'MALFORMED_HEADER', { 16: 2n ** 40n }],
    ['a directory past the end', 'TABLE_OUT_OF_BOUNDS', { 128: 2n ** 40n }],
    ['a directory over the header', 'TABLE_OUT_OF_BOUNDS', { 128: 0n }],
    ['no volatile header', 'MALFORMED_HEADER', { 80: 3n }],
    ['a volatile header past the end', 'TRUNCATED', { 80: 2n ** 30n }],
  ])('with %s is refused', async (_, code, fields) => {
    const { container } = await openBytes(VMDK, seSparseImage({ entries, fields }, DATA));

    expect(container.safety).toContain(code);
    expect(container.guest.kind).toBe('closed');
  });

  it.each<readonly [string, SafetyCode, bigint, readonly bigint[]]>([
    ['an entry without its tag', 'MALFORMED_HEADER', 1n, entries],
    ['a table past the end', 'TABLE_OUT_OF_BOUNDS', 0x1000_0000_ffff_ffffn, entries],
    ['a state of 4', 'MALFORMED_HEADER', 0x1000_0000_0000_0000n, [4n << 60n]],
    ['a grain past the end', 'DATA_OUT_OF_BOUNDS', 0x1000_0000_0000_0000n, [AT_END & ~(12n << 60n)]],
  ])('loses grains behind %s', async (_, code, directory, list) => {
    const opened = await openBytes(VMDK, seSparseImage({ entries: list, directory }, DATA));

    expect(opened.container.safety).toContain(code);
    expect(opened.guest).toBeInstanceOf(Unreadable);
  });
});
