import type { ByteEvidence } from '../../model/verdict.ts';
import type { FileHead, Fields } from '../reading/fields.ts';

interface Signature {
  readonly detail: string;
  /** Checks the magic, and the structure behind it where there is one. */
  readonly is: (head: Fields) => boolean;
}

const begins =
  (magic: string | readonly number[]) =>
  (head: Fields): boolean =>
    head.is(0, magic);

/** Formats known by their first bytes. Sources are given for what is not in the magic files of file(1). */
const SIGNATURES: readonly Signature[] = [
  // QEMU block/bochs.c
  {
    detail: 'Bochs redo log disk',
    is: (head) =>
      head.is(0, 'Bochs Virtual HD Image\0') &&
      head.is(32, 'Redolog\0') &&
      head.has(64, 4) &&
      [0x0001_0000, 0x0002_0000].includes(head.u32le(64)),
  },
  // QEMU block/cloop.c
  { detail: 'cloop compressed disk', is: begins('#!/bin/sh\n#V2.0 Format\nmodprobe cloop') },
  { detail: 'EWF forensic image', is: begins('EVF\t\r\n\xff\0') },
  { detail: 'EWF forensic image, version 2', is: begins('EVF2\r\n\x81\0') },
  { detail: 'EWF logical evidence', is: begins('LVF\t\r\n\xff\0') },
  { detail: 'EWF logical evidence, version 2', is: begins('LEF2\r\n\x81\0') },
  { detail: 'AFF forensic image', is: begins('AFF10\r\n\0') },
  { detail: 'Apple sparse disk image (ASIF)', is: isAsif },
  { detail: 'Apple sparse disk image', is: isAppleSparse },
  { detail: 'Apple encrypted disk image', is: begins('encrcdsa') },
  // States of virtual machines, not disks.
  { detail: 'QEMU machine state', is: (head) => head.is(0, 'QEVM\0\0\0') && head.has(7, 1) && head.u8(7) <= 4 },
  { detail: 'libvirt saved machine', is: begins('LibvirtQemudSave') },
  { detail: 'libvirt saved machine, not finished', is: begins('LibvirtQemudPart') },
  { detail: 'Xen saved machine', is: begins('LinuxGuestRecord') },
  { detail: 'VirtualBox saved machine', is: begins('\x7fVirtualBox SavedState V') },
  // Images of disks and partitions that only their own program can restore.
  { detail: 'partclone image', is: begins('partclone-image') },
  { detail: 'ntfsclone image', is: begins('\0ntfsclone-image') },
  { detail: 'Partimage image', is: begins('PaRtImAgE-VoLuMe') },
  { detail: 'Windows imaging file (WIM)', is: begins('MSWIM\0\0\0') },
  { detail: 'MAME hard disk (CHD)', is: begins('MComprHD') },
  { detail: 'Hercules DASD image', is: isHercules },
  // AOSP system/core/libsparse/sparse_format.h
  { detail: 'Android sparse image', is: isAndroidSparse },
  { detail: 'Btrfs send stream', is: begins('btrfs-stream\0') },
  { detail: 'raw CD sectors', is: hasCdSectors },
];

/** Bytes at the end that are searched for the trailer of a UDIF image: some files have a little data behind it. */
const TRAILER_SEARCHED = 1024;
const UDIF_TRAILER_LENGTH = 512;

/**
 * Recognises a format that the model does not name, whose image type is `other`; null where there is none. Pure.
 *
 * @param tail the last 1024 bytes of the file or fewer; null where its end was not read.
 */
export function recogniseForeign({ head, size }: FileHead, tail: Uint8Array | null): ByteEvidence | null {
  const found = SIGNATURES.find(({ is }) => is(head));
  if (found !== undefined) return { offset: 0, detail: found.detail };
  const trailer = tail === null ? null : findUdifTrailer(tail);
  if (tail === null || trailer === null) return null;
  return { offset: Math.max(0, (size ?? tail.length) - tail.length + trailer), detail: 'Apple disk image (UDIF)' };
}

/** "koly", the version 4 and the length of the trailer, big-endian (QEMU block/dmg.c). */
function findUdifTrailer(tail: Uint8Array): number | null {
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.length);
  let at = bytes.indexOf('koly', Math.max(0, bytes.length - TRAILER_SEARCHED), 'latin1');
  while (at >= 0) {
    if (
      at + 12 <= bytes.length &&
      bytes.readUInt32BE(at + 4) === 4 &&
      bytes.readUInt32BE(at + 8) === UDIF_TRAILER_LENGTH
    ) {
      return at;
    }
    at = bytes.indexOf('koly', at + 1, 'latin1');
  }
  return null;
}

/** "shdw" and a header of one sector, big-endian (huven/asif-format, derived from files: Apple published nothing). */
function isAsif(head: Fields): boolean {
  return head.is(0, 'shdw') && head.has(0, 16) && head.u32be(8) === 512;
}

/** "sprs", version 3, big-endian; sectors in a band are not zero (libyal libmodi, "Mac OS disk image types"). */
function isAppleSparse(head: Fields): boolean {
  return head.is(0, 'sprs') && head.has(0, 64) && head.u32be(4) === 3 && head.u32be(8) !== 0;
}

const HERCULES_KINDS = ['CKD_P', 'CKD_C', 'CKD_S', 'FBA_C', 'FBA_S'];

/** Plain, compressed or shadow; then number and length of the tracks, zero for FBA (Hercules dasdblks.h). */
function isHercules(head: Fields): boolean {
  if (!HERCULES_KINDS.some((kind) => head.is(0, `${kind}370`) || head.is(0, `${kind}064`)) || !head.has(0, 512))
    return false;
  return (
    head.is(0, 'FBA') || (head.u32le(8) > 0 && head.u32le(8) < 256 && head.u32le(12) > 0 && head.u32le(12) <= 65_536)
  );
}

function isAndroidSparse(head: Fields): boolean {
  return (
    head.is(0, [0x3a, 0xff, 0x26, 0xed]) &&
    head.has(0, 28) &&
    head.u16le(4) === 1 &&
    head.u16le(8) >= 28 &&
    head.u16le(10) >= 12 &&
    head.u32le(12) % 4 === 0
  );
}

const CD_SYNC = [0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0];
const CD_SECTOR = 2352;

/** Two sectors of 2352 bytes with their synchronisation patterns and a mode of 1 or 2 (ECMA-130, 14). */
function hasCdSectors(head: Fields): boolean {
  return (
    head.is(0, CD_SYNC) && head.is(CD_SECTOR, CD_SYNC) && [1, 2].includes(head.u8(15)) && head.has(0, 2 * CD_SECTOR)
  );
}
