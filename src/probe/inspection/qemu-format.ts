import type { LayerFacts } from '../../model/inspection.ts';
import type { Fields } from '../reading/fields.ts';
import { hasVdiSignature } from './signatures.ts';

export type QemuFormat = NonNullable<LayerFacts['qemu-format']>;

const BOCHS_VERSIONS: readonly number[] = [0x0001_0000, 0x0002_0000];
const PARALLELS_MAGICS = ['WithoutFreeSpace', 'WithouFreSpacExt'];
const CLOOP = '#!/bin/sh\n#V2.0 Format\nmodprobe cloop file=$0 && mount -r -t iso9660 /dev/cloop $1\n';

/** Formats that QEMU is sure of by the first 512 bytes (block/*.c of QEMU 7.2, functions `*_probe`). */
const SURE: readonly (readonly [format: QemuFormat, is: (sector: Fields) => boolean])[] = [
  ['qcow', (sector) => sector.is(0, 'QFI\xfb\0\0\0\x01')],
  ['qcow2', (sector) => sector.is(0, 'QFI\xfb') && sector.u32be(4) >= 2],
  ['qed', (sector) => sector.is(0, 'QED\0')],
  ['vpc', (sector) => sector.is(0, 'conectix')],
  ['vdi', hasVdiSignature],
  ['vhdx', (sector) => sector.is(0, 'vhdxfile')],
  ['vmdk', (sector) => sector.is(0, 'KDMV') || sector.is(0, 'COWD') || isDescriptor(sector)],
  ['luks', (sector) => sector.is(0, 'LUKS\xba\xbe\0\x01')],
  ['parallels', (sector) => PARALLELS_MAGICS.some((magic) => sector.is(0, magic)) && sector.u32le(16) === 2],
  [
    'bochs',
    (sector) =>
      sector.is(0, 'Bochs Virtual HD Image\0') &&
      sector.is(32, 'Redolog\0') &&
      sector.is(48, 'Growing\0') &&
      BOCHS_VERSIONS.includes(sector.u32le(64)),
  ],
];

/**
 * What `qemu-img info` says without `-f`: the format whose test of the first 512 bytes gives the highest score. The
 * tests of dmg look at the name of the file alone, which services choose themselves. Null where two formats have the
 * same score, because the winner depends on how QEMU was built.
 *
 * @param sector the first 512 bytes, with zeros behind the end of a shorter file.
 */
export function qemuFormatOf(sector: Fields): QemuFormat | null {
  const [format, ...others] = SURE.filter(([, is]) => is(sector)).map(([name]) => name);
  if (others.length > 0) return null;
  return format ?? (sector.is(0, CLOOP) ? 'cloop' : 'raw');
}

/** Comments and blank lines, then a version (block/vmdk.c, vmdk_probe). A tab makes no blank line. */
function isDescriptor(sector: Fields): boolean {
  const text = sector.text(0, 512);
  for (let at = 0; at < text.length;) {
    if (text[at] === '#') {
      const end = text.indexOf('\n', at);
      if (end < 0) return false;
      at = end + 1;
    } else if (text[at] === ' ') {
      const blank = /^ +\r?\n/.exec(text.slice(at));
      if (blank === null) return false;
      at += blank[0].length;
    } else {
      return /^version=[123]\r?\n/.test(text.slice(at));
    }
  }
  return false;
}
