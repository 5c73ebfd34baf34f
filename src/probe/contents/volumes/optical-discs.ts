import type { ByteEvidence } from '../../../model/verdict.ts';
import { type ContentWindow, sighting, type Recogniser } from '../sighting/sighting.ts';
import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import { mbrEntries } from '../partitions/master-boot-record.ts';

/** Volume descriptors, 2048 bytes each, from sector 16 (ECMA-119, section 6.7.1; ECMA-167, part 2, section 8.3). */
const FIRST_DESCRIPTOR = 32_768;
const DESCRIPTOR = 2048;

/** Offset of the primary volume descriptor, or null. Identifiers alone can be data of a file in another volume. */
function primaryDescriptor(bytes: Fields): number | null {
  for (let at = FIRST_DESCRIPTOR; bytes.is(at + 1, 'CD001') && bytes.has(at, 190); at += DESCRIPTOR) {
    const type = bytes.u8(at);
    if (type === 255) return null;
    if (type === 1 && bytes.u8(at + 6) === 1 && isPrimary(bytes, at)) return at;
  }
  return null;
}

/** Sizes are stored in both byte orders and must agree (ECMA-119, section 8.4). */
function isPrimary(bytes: Fields, at: number): boolean {
  const blocks = bytes.u32le(at + 80);
  const blockSize = bytes.u16le(at + 128);
  return (
    blocks !== 0 &&
    blocks === bytes.u32be(at + 84) &&
    blockSize === bytes.u16be(at + 130) &&
    isPowerOfTwo(blockSize, 512, 2048) &&
    rootDirectory(bytes, at) !== 'elsewhere'
  );
}

/**
 * Looks at the first entry of the root directory, which is the directory itself. `elsewhere`: it is not, so the
 * descriptor is data of a file in another volume (util-linux libblkid/src/superblocks/iso9660.c).
 */
function rootDirectory(bytes: Fields, at: number): 'itself' | 'elsewhere' | 'unseen' {
  const block = bytes.u32le(at + 158);
  if (block !== bytes.u32be(at + 162)) return 'elsewhere';
  const offset = (block + bytes.u8(at + 157)) * bytes.u16le(at + 128);
  if (!bytes.has(offset, 34)) return 'unseen';
  const isSelf = bytes.u32le(offset + 2) === block && bytes.u8(offset + 32) === 1 && bytes.u8(offset + 33) === 0;
  return isSelf ? 'itself' : 'elsewhere';
}

/** ISO 9660 with a valid descriptor, UDF bridges and bootable discs included. */
export const iso9660: Recogniser = ({ bytes }) => {
  const at = primaryDescriptor(bytes);
  if (at === null) return null;
  return sighting('ISO 9660', 'iso9660', rootDirectory(bytes, at) === 'itself' ? 'certain' : 'likely', at, {
    detail: 'primary volume descriptor',
    more: additions(bytes),
    claims: BigInt(bytes.u32le(at + 80)) * BigInt(bytes.u16le(at + 128)),
  });
};

/** Whether the window holds a valid ISO 9660 descriptor. For a container's file: whether the file is a polyglot. */
export function hasIsoDescriptor({ bytes }: ContentWindow): boolean {
  try {
    return primaryDescriptor(bytes) !== null;
  } catch {
    return false;
  }
}

function additions(bytes: Fields): readonly ByteEvidence[] {
  const found: ByteEvidence[] = [];
  if (coversItself(bytes)) found.push({ offset: 446, detail: 'hybrid disc: a partition table that covers the disc' });
  for (let at = FIRST_DESCRIPTOR; bytes.has(at, DESCRIPTOR); at += DESCRIPTOR) {
    if (bytes.is(at, [0]) && bytes.is(at + 1, 'CD001') && bytes.is(at + 7, 'EL TORITO SPECIFICATION')) {
      found.push({ offset: at, detail: 'El Torito boot record' });
    }
    if (bytes.is(at + 1, 'NSR0')) found.push({ offset: at, detail: 'UDF beside ISO 9660' });
  }
  return found;
}

/** Whether an entry begins at sector 0, as on a hybrid disc and on no disk (xorriso, isohybrid of SYSLINUX). */
function coversItself(bytes: Fields): boolean {
  return mbrEntries(bytes)?.some(({ type, start, sectors }) => type !== 0 && start === 0 && sectors !== 0) ?? false;
}

/**
 * High Sierra, the draft of ISO 9660, has its fields 8 bytes later (Linux fs/isofs/inode.c,
 * include/uapi/linux/iso_fs.h).
 */
export const highSierra: Recogniser = ({ bytes }) => {
  const at = FIRST_DESCRIPTOR;
  if (!bytes.is(at + 9, 'CDROM') || bytes.u8(at + 8) !== 1 || bytes.u8(at + 14) !== 1) return null;
  const blocks = bytes.u32le(at + 88);
  if (blocks === 0 || blocks !== bytes.u32be(at + 92)) return null;
  if (bytes.u16le(at + 136) !== bytes.u16be(at + 138)) return null;
  return sighting('High Sierra', 'iso9660', 'likely', at, { detail: 'standard volume descriptor' });
};

/**
 * UDF without ISO 9660: a filesystem of optical discs, sticks and hard disks alike, so a declared disc image stays one.
 * The sequence is BEA01, NSR02 or NSR03, TEA01, each in a sector of at least 2048 bytes (ECMA-167, part 2, section 8.3;
 * part 3, 9.1). Discs have blocks of 2048 bytes. Volumes with blocks of 512 bytes have the same sequence;
 * `hasSmallBlocks` distinguishes them.
 */
export const udf: Recogniser = ({ bytes }) => {
  if (!bytes.is(FIRST_DESCRIPTOR, [0]) || !bytes.is(FIRST_DESCRIPTOR + 1, 'BEA01')) return null;
  const step = [DESCRIPTOR, 4096].find((size) => bytes.is(FIRST_DESCRIPTOR + size + 1, 'NSR0'));
  if (step === undefined || !'23'.includes(bytes.text(FIRST_DESCRIPTOR + step + 5, FIRST_DESCRIPTOR + step + 6))) {
    return null;
  }
  const isEnded = bytes.is(FIRST_DESCRIPTOR + 2 * step + 1, 'TEA01');
  const isDisc = step === DESCRIPTOR;
  return sighting('UDF', 'filesystem', isEnded && !isDisc ? 'certain' : 'likely', FIRST_DESCRIPTOR, {
    detail: 'volume recognition sequence',
    alsoReadAs: isDisc ? ['iso9660'] : [],
  });
};

/** Place of the anchor of a UDF volume with blocks of 512 bytes: block 256 (ECMA-167, part 3, section 8.4.2.1). */
export const SMALL_BLOCK_ANCHOR = { offset: 131_072, length: 16 } as const;

/** Whether these bytes are the tag of an anchor volume descriptor pointer to block 256 (ECMA-167, part 3, 7.2). */
export function hasSmallBlocks(anchor: Fields): boolean {
  if (!anchor.has(0, SMALL_BLOCK_ANCHOR.length) || anchor.u16le(0) !== 2 || anchor.u32le(12) !== 256) return false;
  const sum = anchor.slice(0, SMALL_BLOCK_ANCHOR.length).reduce((total, byte) => total + byte, -anchor.u8(4));
  return (sum & 0xff) === anchor.u8(4);
}
