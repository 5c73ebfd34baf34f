import { describe, expect, it } from 'vitest';
import { VMDK } from '../../../../src/probe/containers/vmdk/vmdk.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { openBytes } from '../image-file.ts';
import { descriptor } from '../vmdk-image.ts';

describe('descriptor alone', () => {
  const flat = descriptor({ createType: 'monolithicFlat', extents: ['RW 131072 FLAT "/etc/passwd" 0'] });
  const untitled = flat.split('\n').slice(1).join('\n');

  it.each([
    ['with its title', flat],
    ['in capitals', flat.toUpperCase()],
    ['with line ends of Windows', flat.replaceAll('\n', '\r\n')],
    ['behind blank lines and comments', `\n \n# something\r\n\t\n# else\n${flat}`],
    ['behind comments, without its title', `# something\n\n${untitled}`],
    ['behind a byte order mark', `\u00ef\u00bb\u00bf${flat}`],
    ['behind settings that QEMU passes over when it is told the format', `CID=1\n${untitled}`],
    ['of a version and an extent', '# a\r\n\r\nVersion = 2\r\nRW 131072 FLAT "/etc/passwd" 0\r\n'],
    ['behind a long comment', `#${'x'.repeat(60_000)}\n${flat}`],
  ])('%s', async (_, text) => {
    const { container } = await openBytes(VMDK, Buffer.from(text, 'latin1'));

    expect(container).toMatchObject({ virtualSize: 131_072 * 512, containerType: 'vmdk' });
    expect(container.safety).toEqual(['EXTERNAL_EXTENTS', 'SUBTYPE_REFUSED']);
    expect(container.guest).toEqual({ kind: 'closed', why: 'its data lies in other files' });
    expect(JSON.stringify(container)).not.toContain('passwd');
  });

  it('padded with NULs is smuggled', async () => {
    const { container } = await openBytes(VMDK, Buffer.concat([Buffer.from(flat), Buffer.alloc(4096)]));

    expect(container.safety).toEqual(['EXTERNAL_EXTENTS', 'SMUGGLED_DESCRIPTOR', 'SUBTYPE_REFUSED']);
  });

  it('of a size beyond any disk has none', async () => {
    const extents = Array.from({ length: 20 }, () => 'RW 999999999999999999 FLAT "a" 0');

    expect((await openBytes(VMDK, Buffer.from(descriptor({ extents })))).container.virtualSize).toBeNull();
  });

  it.each([
    ['a script', '#!/bin/sh\necho version=1\n'],
    ['a list of settings', 'name=value\nversion=1\n'],
    ['a text about descriptors', 'The line createType="vmfs" names the type.\n'],
    ['comments', '# a\n# b\n'],
    ['nothing', ''],
    ['zeros', '\0'.repeat(4096)],
    ['a descriptor behind a NUL', `\0${flat}`],
  ])('is not seen in %s', (_, text) => {
    const head = fieldsOf(Buffer.from(text, 'latin1'));

    expect(VMDK.recognise({ head, size: head.length })).toBeNull();
  });
});
