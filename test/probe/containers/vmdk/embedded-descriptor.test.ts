import { describe, expect, it } from 'vitest';
import type { SafetyCode } from '../../../../src/model/safety.ts';
import { VMDK } from '../../../../src/probe/containers/vmdk/vmdk.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { openBytes, guestIs } from '../image-file.ts';
import {
  AT_END,
  descriptor,
  sparseImage,
  type DescriptorLines,
  type SparseFields,
  WINDOW,
  SOUND,
} from '../vmdk-image.ts';

describe('descriptor inside a VMDK', () => {
  const withLines = (lines: DescriptorLines) => sparseImage({ ...SOUND, descriptor: descriptor(lines) });

  it.each<readonly [string, readonly SafetyCode[], DescriptorLines]>([
    ['of monolithicSparse', [], {}],
    ['of streamOptimized', [], { createType: 'streamOptimized' }],
    ['in capitals', [], { createType: 'MONOLITHICSPARSE' }],
    ['of monolithicFlat', ['SUBTYPE_REFUSED'], { createType: 'monolithicFlat' }],
    ['of two types', ['SUBTYPE_REFUSED'], { more: ['createType="vmfs"'] }],
    ['with a flat extent', ['EXTERNAL_EXTENTS'], { extents: ['RW 2048 FLAT "disk-flat.vmdk" 0'] }],
    ['with two extents', ['EXTERNAL_EXTENTS'], { extents: ['RW 1024 SPARSE "a.vmdk"', 'RW 1024 SPARSE "b.vmdk"'] }],
    ['with an absolute path', ['EXTERNAL_EXTENTS'], { extents: ['RW 2048 SPARSE "/etc/passwd"'] }],
    ['with a path of Windows', ['EXTERNAL_EXTENTS'], { extents: ['RW 2048 SPARSE "C:\\disk.vmdk"'] }],
    ['with two dots', ['EXTERNAL_EXTENTS'], { extents: ['rdonly 2048 sparse ".."'] }],
    ['with an address', ['EXTERNAL_EXTENTS', 'REMOTE_NAME'], { extents: ['RW 2048 SPARSE "nbd://host.example/x"'] }],
    ['with a json: name', ['REMOTE_NAME'], { extents: ['RW 2048 SPARSE "json:{}"'] }],
    ['without extents', ['MALFORMED_HEADER'], { extents: [] }],
    ['with a file for changes', ['EXTERNAL_EXTENTS'], { more: ['changeTrackPath="disk-ctk.vmdk"'] }],
    ['with lines of no kind', ['MALFORMED_HEADER'], { more: ['include other.vmdk'] }],
  ])('%s', async (_, safety, lines) => {
    const opened = await openBytes(VMDK, withLines(lines));

    expect(opened.container.safety).toEqual(safety);
    guestIs(opened.guest, WINDOW);
  });

  it.each<readonly [string, readonly SafetyCode[], DescriptorLines]>([
    ['by its content id', ['PARENT_NEEDED'], { parentCid: '12345678' }],
    ['by name', ['BACKING_FILE', 'PARENT_NEEDED'], { more: ['parentFileNameHint="base.vmdk"'] }],
    ['in a comment, where QEMU finds it', ['BACKING_FILE', 'PARENT_NEEDED'], { more: ['# parentFileNameHint="x"'] }],
    [
      'by address',
      ['BACKING_FILE', 'PARENT_NEEDED', 'REMOTE_NAME'],
      { more: ['parentFileNameHint="json:{\\"driver\\":\\"nbd\\"}"'] },
    ],
  ])('with a parent %s: grains that are not here are the parent’s', async (_, safety, lines) => {
    const here = await openBytes(VMDK, withLines(lines));
    const half = await openBytes(VMDK, sparseImage({ ...SOUND, grains: [128], descriptor: descriptor(lines) }));
    const none = await openBytes(VMDK, sparseImage({ descriptor: descriptor(lines) }));

    expect(here.container.safety).toEqual(safety);
    guestIs(here.guest, WINDOW);
    expect(half.guest).toBeInstanceOf(Unreadable);
    expect(none.container.guest).toEqual({ kind: 'closed', why: 'needs a parent file' });
  });

  it('is not shown to anybody', async () => {
    const secret = 'secret-tenant-name';
    const { container } = await openBytes(
      VMDK,
      withLines({ extents: [`RW 1 FLAT "/${secret}" 0`], more: [`parentFileNameHint="${secret}"`, secret] }),
    );

    expect(JSON.stringify(container)).not.toContain(secret);
  });

  it.each<readonly [string, SafetyCode, SparseFields, string]>([
    ['in another sector', 'SMUGGLED_DESCRIPTOR', { descriptorOffset: 40n }, ''],
    ['of 1 MiB', 'OVERSIZED_TABLE', { descriptorSize: 2048n }, descriptor()],
    ['of 2^64 sectors', 'OVERSIZED_TABLE', { descriptorSize: AT_END }, descriptor()],
    ['of no length', 'MALFORMED_HEADER', { descriptorSize: 0n }, descriptor()],
    ['past the end', 'TABLE_OUT_OF_BOUNDS', { descriptorOffset: 2n ** 40n }, ''],
    ['beyond any file', 'MALFORMED_HEADER', { descriptorOffset: 2n ** 63n }, ''],
  ])('%s', async (_, code, header, text) => {
    const opened = await openBytes(VMDK, sparseImage({ ...SOUND, header, descriptor: text }));

    expect(opened.container.safety).toContain(code);
    guestIs(opened.guest, WINDOW);
  });

  it.each([0n, 40n])(
    'at sector %d does not hide the parent that QEMU finds behind the header',
    async (descriptorOffset) => {
      const text = descriptor({ more: ['parentFileNameHint="/etc/passwd"'] });

      const { container } = await openBytes(
        VMDK,
        sparseImage({ ...SOUND, header: { descriptorOffset }, descriptor: text }),
      );

      expect(container.safety).toEqual(
        expect.arrayContaining(['SMUGGLED_DESCRIPTOR', 'BACKING_FILE', 'PARENT_NEEDED']),
      );
    },
  );

  it('behind a capacity of zero is followed by QEMU, so the guest is closed', async () => {
    const text = descriptor({ createType: 'monolithicFlat', extents: ['RW 1 FLAT "/etc/passwd" 0'] });

    const { container } = await openBytes(VMDK, sparseImage({ ...SOUND, header: { capacity: 0n }, descriptor: text }));

    expect(container.safety).toEqual(['EXTERNAL_EXTENTS', 'SMUGGLED_DESCRIPTOR', 'SUBTYPE_REFUSED']);
    expect(container.guest).toEqual({ kind: 'closed', why: 'its data lies in other files' });
  });
});
