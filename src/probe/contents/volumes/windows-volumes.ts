import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

/** NTFS: fields of the FAT parameter block that it does not use are zero (libblkid/src/superblocks/ntfs.c). */
export const ntfs: Recogniser = ({ bytes }) => {
  if (!bytes.is(3, 'NTFS    ')) return null;
  const sectorSize = bytes.u16le(11);
  const clusterSectors = bytes.u8(13);
  if (!isPowerOfTwo(sectorSize, 256, 4096)) return null;
  if (!isPowerOfTwo(clusterSectors, 1, 128) && clusterSectors < 0xf0) return null;
  if (!bytes.is(14, [0, 0, 0, 0, 0, 0, 0]) || !bytes.is(22, [0, 0]) || bytes.u32le(32) !== 0) return null;
  const sectors = bytes.u64le(40);
  if (sectors === 0n || bytes.u64le(48) === 0n) return null;
  return sighting('NTFS', 'filesystem', 'certain', 3, { claims: sectors * BigInt(sectorSize) });
};

const CHECKED_SECTORS = 11;

/**
 * exFAT: 53 zero bytes in place of FAT's parameter block, and a checksum over eleven sectors in the twelfth (exFAT
 * specification, 3).
 */
export const exfat: Recogniser = ({ bytes }) => {
  if (!bytes.is(3, 'EXFAT   ') || !bytes.is(510, [0x55, 0xaa])) return null;
  if (bytes.slice(11, 64).some((byte) => byte !== 0)) return null;
  const sectorShift = bytes.u8(108);
  if (sectorShift < 9 || sectorShift > 12 || bytes.u8(109) > 25 - sectorShift) return null;
  if (bytes.u8(110) < 1 || bytes.u8(110) > 2) return null;
  return sighting('exFAT', 'filesystem', bootChecksum(bytes, 2 ** sectorShift), 3, {
    claims: bytes.u64le(72) << BigInt(sectorShift),
  });
};

/**
 * Verifies the checksum. It leaves out the volume flags and the share in use, which change while the volume is mounted.
 */
function bootChecksum(bytes: Fields, sectorSize: number): 'certain' | 'likely' | 'weak' {
  const end = CHECKED_SECTORS * sectorSize;
  if (!bytes.has(end, 4)) return 'likely';
  let sum = 0;
  for (let index = 0; index < end; index += 1) {
    if (index === 106 || index === 107 || index === 112) continue;
    sum = (((sum << 31) | (sum >>> 1)) + bytes.u8(index)) >>> 0;
  }
  return sum === bytes.u32le(end) ? 'certain' : 'weak';
}

/** 4967D63B-2E29-4AD8-8399-F6A339E3D001, as stored. */
const BITLOCKER_ID = [0x3b, 0xd6, 0x67, 0x49, 0x29, 0x2e, 0xd8, 0x4a, 0x83, 0x99, 0xf6, 0xa3, 0x39, 0xe3, 0xd0, 0x01];

/**
 * BitLocker of Windows Vista and later, and BitLocker To Go, which looks like FAT
 * (libblkid/src/superblocks/bitlocker.c).
 */
export const bitLocker: Recogniser = ({ bytes }) => {
  const isToGo = bytes.is(3, 'MSWIN4.1') && bytes.is(424, BITLOCKER_ID);
  if (!bytes.is(3, '-FVE-FS-') && !isToGo) return null;
  return sighting('BitLocker', 'encrypted', 'certain', 3, { safety: ['ENCRYPTED_CONTENT'] });
};
