import { describe, expect, it } from 'vitest';

import { qemuFormatOf } from '../../../src/probe/inspection/qemu-format.ts';
import { fieldsOf } from '../../../src/probe/reading/fields.ts';
import { patch, type Patchable } from '../containers/bytes.ts';

const sector = () => patch(512);
const formatOf = ({ bytes }: Patchable) => qemuFormatOf(fieldsOf(bytes));

const bochs = (version: number) =>
  sector().text(0, 'Bochs Virtual HD Image').text(32, 'Redolog').text(48, 'Growing').le32(64, version);
const cloop = '#!/bin/sh\n#V2.0 Format\nmodprobe cloop file=$0 && mount -r -t iso9660 /dev/cloop $1\n';

describe('QEMU finds', () => {
  it.each([
    ['zeros', 'raw', sector()],
    ['qcow2 of version 0', 'raw', sector().text(0, 'QFI\u00fb')],
    ['qcow2 of version 1', 'qcow', sector().text(0, 'QFI\u00fb').be32(4, 1)],
    ['qcow2 of version 2', 'qcow2', sector().text(0, 'QFI\u00fb').be32(4, 2)],
    ['qcow2 of any later version', 'qcow2', sector().text(0, 'QFI\u00fb').be32(4, 0xffff_ffff)],
    ['QED', 'qed', sector().text(0, 'QED\0')],
    ['a VHD by its head', 'vpc', sector().text(0, 'conectix')],
    ['VDI', 'vdi', sector().le32(64, 0xbeda_107f)],
    ['VHDX', 'vhdx', sector().text(0, 'vhdxfile')],
    ['a sparse extent', 'vmdk', sector().text(0, 'KDMV')],
    ['a sparse extent of ESX', 'vmdk', sector().text(0, 'COWD')],
    ['LUKS 1', 'luks', sector().text(0, 'LUKS\u00ba\u00be').u8(7, 1)],
    ['LUKS 2', 'raw', sector().text(0, 'LUKS\u00ba\u00be').u8(7, 2)],
    ['Parallels', 'parallels', sector().text(0, 'WithoutFreeSpace').le32(16, 2)],
    ['Parallels, extended', 'parallels', sector().text(0, 'WithouFreSpacExt').le32(16, 2)],
    ['Parallels of version 3', 'raw', sector().text(0, 'WithoutFreeSpace').le32(16, 3)],
    ['Bochs, version 1', 'bochs', bochs(0x0001_0000)],
    ['Bochs, version 2', 'bochs', bochs(0x0002_0000)],
    ['Bochs, version 3', 'raw', bochs(0x0003_0000)],
    ['Bochs of another kind', 'raw', bochs(0x0002_0000).text(48, 'Undoable')],
    ['cloop', 'cloop', sector().text(0, cloop)],
    ['cloop of another version', 'raw', sector().text(0, cloop.replace('V2.0', 'V2.1'))],
    ['an Apple disk image', 'raw', sector().text(0, 'koly')],
    ['two formats', null, sector().text(0, 'vhdxfile').le32(64, 0xbeda_107f)],
  ] as const)('%s: %s', (_what, format, bytes) => {
    expect(formatOf(bytes)).toBe(format);
  });
});

describe('the text of a descriptor is a VMDK', () => {
  it.each([
    ['version=1\n', 'vmdk'],
    ['version=2\n', 'vmdk'],
    ['version=3\r\n', 'vmdk'],
    ['version=4\n', 'raw'],
    ['version=1', 'raw'],
    ['version=1 \n', 'raw'],
    ['version=10\n', 'raw'],
    ['Version=1\n', 'raw'],
    ['version = 1\n', 'raw'],
    ['# Disk DescriptorFile\nversion=1\n', 'vmdk'],
    ['# Disk DescriptorFile\r\n#\nversion=1\n', 'vmdk'],
    ['# Disk DescriptorFile\nCID=1\nversion=1\n', 'raw'],
    ['# Disk DescriptorFile\n', 'raw'],
    ['# Disk DescriptorFile', 'raw'],
    ['  \n \r\nversion=1\n', 'vmdk'],
    ['\nversion=1\n', 'raw'],
    ['\tversion=1\n', 'raw'],
    [' version=1\n', 'raw'],
    [`#${'x'.repeat(500)}\nversion=1\n`, 'vmdk'],
    // The last byte of the sector is the end of the line, or is not.
    [`#${'x'.repeat(500)}\nversion=1\n`.slice(0, 512), 'vmdk'],
    [`#${'x'.repeat(501)}\nversion=1\n`.slice(0, 512), 'raw'],
    [`#${'x'.repeat(511)}`, 'raw'],
  ])('%j: %s', (text, format) => {
    expect(formatOf(sector().text(0, text))).toBe(format);
  });
});
