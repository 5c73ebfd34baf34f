import type { Fields } from '../../reading/fields.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

/** "VOL1", "LNX1" and "CMS1" in EBCDIC. */
const VOL1 = [0xe5, 0xd6, 0xd3, 0xf1] as const;
const LNX1 = [0xd3, 0xd5, 0xe7, 0xf1] as const;
const CMS1 = [0xc3, 0xd4, 0xe2, 0xf1] as const;
const BLANK = 0x40;

/** Offsets of a label: sector 1 of an FBA disk, block 2 of an ECKD disk for each block size. */
const LABEL_AT = [512, 1024, 2048, 4096, 8192] as const;

/**
 * The volume label of a DASD: compatible disk layout, Linux disk layout or CMS minidisk. Sources: Linux
 * block/partitions/ibm.c and arch/s390/include/uapi/asm/vtoc.h.
 */
export const dasdLabel: Recogniser = ({ bytes }) => {
  for (const at of LABEL_AT) {
    if (bytes.is(at, VOL1)) {
      // On ECKD the record has a key, which repeats the name.
      const label = bytes.is(at + 4, VOL1) ? at + 4 : at;
      if (!isVolumeId(bytes, label + 4)) continue;
      return sighting('DASD label', 'disk', label === at ? 'likely' : 'certain', at, { detail: 'VOL1' });
    }
    if (bytes.is(at, LNX1) && isVolumeId(bytes, at + 4)) {
      const isFilled = bytes.slice(at + 10, at + 79).every((byte) => byte === BLANK);
      return sighting('DASD label', 'disk', isFilled ? 'certain' : 'likely', at, { detail: 'LNX1' });
    }
    if (bytes.is(at, CMS1) && isVolumeId(bytes, at + 4) && isCms(bytes, at)) {
      return sighting('DASD label', 'disk', 'likely', at, { detail: 'CMS1' });
    }
  }
  return null;
};

/** Whether six bytes are letters, digits and national characters in EBCDIC, with blanks at the end. */
function isVolumeId(bytes: Fields, at: number): boolean {
  const id = bytes.slice(at, at + 6);
  return id[0] !== BLANK && id.every((byte) => byte === BLANK || isEbcdicName(byte));
}

function isEbcdicName(byte: number): boolean {
  if (byte === 0x5b || byte === 0x7b || byte === 0x7c) return true;
  return byte >= 0xc1 && (byte & 0x0f) <= 9 && byte !== 0xd0 && byte !== 0xe0 && byte !== 0xe1;
}

function isCms(bytes: Fields, at: number): boolean {
  const [usable, formatted] = [bytes.u32be(at + 20), bytes.u32be(at + 24)];
  return [512, 1024, 2048, 4096].includes(bytes.u32be(at + 12)) && usable > 0 && usable <= formatted;
}

const ZVM_HEADER = /^xCAT (?<kind>CKD Disk|FCP Disk|FBA Part) Image: *\d+ (?:CYL|BLK)(?<version2> HLen: \d{4})? /u;
const ZVM_HEADER_LENGTH = 512;

/**
 * An image that the z/VM driver captured from a disk: a text header of 512 bytes, and the tracks or blocks, often in
 * gzip. From an FBA disk it holds only the first partition. Source: openmainframeproject/feilong,
 * zthin-parts/zthin/bin/creatediskimage.
 */
export const zvmImage: Recogniser = ({ bytes }) => {
  if (!bytes.is(0, 'xCAT ') || !bytes.has(0, ZVM_HEADER_LENGTH)) return null;
  const header = ZVM_HEADER.exec(bytes.text(0, ZVM_HEADER_LENGTH));
  if (header?.groups === undefined) return null;
  if (header.groups['kind'] === 'FBA Part') {
    return sighting('z/VM image', 'disk', 'likely', 0, { detail: 'of an FBA disk', alsoReadAs: ['filesystem'] });
  }
  const confidence = header.groups['version2'] === undefined ? 'likely' : 'certain';
  return sighting('z/VM image', 'disk', confidence, 0, { detail: 'of a whole disk' });
};
