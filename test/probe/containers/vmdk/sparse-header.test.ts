import { describe, expect, it } from 'vitest';
import type { SafetyCode } from '../../../../src/model/safety.ts';
import { VMDK } from '../../../../src/probe/containers/vmdk/vmdk.ts';
import { openBytes, guestIs } from '../image-file.ts';
import { AT_END, sparseImage, type SparseFields, WINDOW, SOUND } from '../vmdk-image.ts';

describe('hostile VMDK header', () => {
  it.each<readonly [string, SafetyCode, SparseFields]>([
    ['version 0', 'MALFORMED_HEADER', { version: 0 }],
    ['version 4', 'MALFORMED_HEADER', { version: 4 }],
    ['no capacity and no descriptor', 'MALFORMED_HEADER', { capacity: 0n, descriptorOffset: 0n }],
    ['an absurd capacity', 'MALFORMED_HEADER', { capacity: AT_END }],
    ['a directory of absurd size', 'OVERSIZED_TABLE', { capacity: 2n ** 43n, grain: 16n, entriesPerTable: 1 }],
    ['grains of 8 sectors', 'MALFORMED_HEADER', { grain: 8n }],
    ['grains of 24 sectors', 'MALFORMED_HEADER', { grain: 24n }],
    ['grains of 2 GiB', 'MALFORMED_HEADER', { grain: 0x400000n }],
    ['grains of 2^64 sectors', 'MALFORMED_HEADER', { grain: AT_END }],
    ['tables of none', 'MALFORMED_HEADER', { entriesPerTable: 0 }],
    ['tables of 513', 'MALFORMED_HEADER', { entriesPerTable: 513 }],
    ['line ends of text mode', 'MALFORMED_HEADER', { newlines: '\n \n\n' }],
    ['an unknown compression', 'MALFORMED_HEADER', { algorithm: 2, flags: 0x10003 }],
    ['a flag without an algorithm', 'MALFORMED_HEADER', { flags: 0x10003 }],
    ['an algorithm without a flag', 'MALFORMED_HEADER', { algorithm: 1 }],
    ['a first grain past the end', 'TRUNCATED', { overhead: 2n ** 30n }],
    ['a first grain beyond any file', 'MALFORMED_HEADER', { overhead: AT_END }],
  ])('with %s is closed', async (_, code, header) => {
    const { container } = await openBytes(VMDK, sparseImage({ ...SOUND, header }));

    expect(container.safety).toContain(code);
    expect(container.guest.kind).toBe('closed');
  });

  it('may have any bytes for line ends where it does not ask for the test', async () => {
    const opened = await openBytes(VMDK, sparseImage({ ...SOUND, header: { flags: 2, newlines: '\0\0\0\0' } }));

    expect(opened.container.safety).toEqual([]);
    guestIs(opened.guest, WINDOW);
  });

  it('cut short is closed', async () => {
    const { container } = await openBytes(VMDK, sparseImage().subarray(0, 60));

    expect(container).toMatchObject({ safety: ['TRUNCATED'], guest: { kind: 'closed' } });
  });
});
