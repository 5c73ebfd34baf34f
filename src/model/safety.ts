import type { Severity } from './finding.ts';

/**
 * The registry of safety codes: what the bytes of an image may do to a careless program that opens them, or what
 * prevents reading their content. The reference page is generated from it. A code is never renamed or reused.
 */

interface SafetyText {
  readonly severity: Severity;
  /** Published vulnerabilities of the same class; empty where none is known. */
  readonly cve: readonly string[];
  /** One line, for tables. */
  readonly title: string;
  /** One paragraph for the operator: what was seen, why it matters, what to do. */
  readonly text: string;
}

export const SAFETY = {
  BACKING_FILE: {
    severity: 'error',
    cve: ['CVE-2015-5163', 'CVE-2015-1851', 'CVE-2024-40767'],
    title: 'the image names a backing file',
    text: 'The header names another file that holds the missing blocks. A program that opens the image also opens that file, which may be a file of the host or the disk of another tenant. The services refuse a qcow2 of this kind; not all of them see the parent of a VMDK. The tool did not open the file. Ask the owner for a flattened image (qemu-img convert), and do not open this one on a host.',
  },
  EXTERNAL_DATA_FILE: {
    severity: 'error',
    cve: ['CVE-2024-32498'],
    title: 'the image keeps its data in another file',
    text: 'A bit in the qcow2 header says that the guest’s blocks are in an external data file. A program that opens the image on a host reads that file. The services refuse such an image. The tool did not open the file.',
  },
  REMOTE_NAME: {
    severity: 'error',
    cve: ['CVE-2024-4467'],
    title: 'a file name in the header is an address or a json: description',
    text: 'The name of a backing or data file begins with json: or with a protocol. QEMU resolves such names to arbitrary files, devices and servers. Treat the image as an attack, and find out who uploaded it.',
  },
  EXTERNAL_EXTENTS: {
    severity: 'error',
    cve: ['CVE-2022-47951'],
    title: 'a VMDK descriptor names other files',
    text: 'The file, or a text in it, describes a disk whose data is in other files. A program that opens it reads those files. The services refuse a VMDK whose data is elsewhere; those that find no VMDK in a padded description take it as raw. The tool opened none of the files. If the file is only the description, it holds no guest data.',
  },
  SMUGGLED_DESCRIPTOR: {
    severity: 'error',
    cve: ['CVE-2022-47951', 'CVE-2024-32498'],
    title: 'a VMDK descriptor hides behind a header or padding',
    text: 'A VMDK header with capacity zero, or a descriptor padded with NULs, makes some inspectors call the file harmless while QEMU follows the descriptor. qemu-img itself pads the descriptor of a flat VMDK to 512 bytes, so a small padded file may be harmless, although it is useless. Treat anything larger, or a header with capacity zero, as an attack.',
  },
  SUBTYPE_REFUSED: {
    severity: 'warning',
    cve: ['CVE-2022-47951'],
    title: 'a VMDK of a kind that the services refuse',
    text: 'By default, Nova, Cinder and the conversion at an import in Glance take monolithicSparse and streamOptimized only (vmdk_allowed_types). Many releases also refuse other kinds before they look at that option. Convert the image.',
  },
  UNKNOWN_FEATURE_BITS: {
    severity: 'error',
    cve: ['CVE-2024-40767'],
    title: 'the header requires features that no specification lists',
    text: 'An incompatible-feature bit is set that no specification defines. The content cannot be mapped reliably, and a program that ignores the bit reads other data. The services refuse a qcow2 of this kind.',
  },
  FEATURE_REFUSED: {
    severity: 'info',
    cve: [],
    title: 'a valid feature that the services refuse',
    text: 'Either the header uses extended L2 entries, which QEMU 5.2 and later support but the inspection of the services does not; or it is a header of version 2 whose first extension has a length that the inspection reads as a feature bit. Convert the image to version 3 without extended_l2.',
  },
  BOOT_SECTOR_REFUSED: {
    severity: 'info',
    cve: [],
    title: 'a boot sector that services mistake for a faulty partition table',
    text: 'The first sector of the disk ends in 55 AA without a partition table that passes the check of the newer inspections, as in NTFS, exFAT, some FAT volumes and x86 kernels. Such a Nova refuses it under every disk_format. With the image backend qcow2 it also refuses such a disk inside a container that it converts. Glance takes it as raw where [image_format] gpt_safety_checks_nonfatal lists mbr, which is the default of some releases. The verdicts for a release are in `services`. The image itself may be intact.',
  },
  HEADERS_DISAGREE: {
    severity: 'warning',
    cve: ['CVE-2022-47951'],
    title: 'two copies of the header disagree',
    text: 'The format stores its header twice, and the copies differ. The file is damaged, or it was made to show different disks to different programs. Newer inspections refuse a VMDK whose footer contradicts its header.',
  },
  PARENT_NEEDED: {
    severity: 'warning',
    cve: [],
    title: 'a differencing image: part of the data is in a parent',
    text: 'The image holds only the changes to a parent image that is not available here (differencing VHD, VHDX or VDI, a COW or COWD delta). It cannot boot by itself. Ask the owner for a merged image.',
  },
  DIRTY: {
    severity: 'warning',
    cve: [],
    title: 'the image was not closed cleanly',
    text: 'The image has a log that was not replayed, or a flag that it is open or needs a check. Its tables may be outdated. QEMU refuses to open some of these read-only. Ask the owner to open and close it once in the program that created it.',
  },
  ENCRYPTED_CONTENT: {
    severity: 'info',
    cve: [],
    title: 'the content is encrypted',
    text: 'The blocks are encrypted, so their content is unknown. The image works if the consumer has the key.',
  },
  INTERNAL_SNAPSHOTS: {
    severity: 'info',
    cve: [],
    title: 'the image holds internal snapshots',
    text: 'The image contains snapshots. Everyone who can boot it can read earlier states of the disk. Convert the image to remove them.',
  },
  TABLE_OUT_OF_BOUNDS: {
    severity: 'error',
    cve: ['CVE-2024-44082'],
    title: 'a table lies outside the file or overlaps the header',
    text: 'The header places a table beyond the end of the file or over the header itself. The file is incomplete, damaged, or made to confuse a reader. The tool did not read the tables.',
  },
  OVERSIZED_TABLE: {
    severity: 'error',
    cve: ['CVE-2024-44082'],
    title: 'the header declares tables of an impossible size',
    text: 'A table length is beyond what the format allows. A careless program would use up its memory. The tool allocated nothing.',
  },
  MALFORMED_HEADER: {
    severity: 'error',
    cve: ['CVE-2024-44082'],
    title: 'the header breaks the rules of its format',
    text: 'The file has the magic number of a format, but a field has a value that the format forbids. A service refuses such an image if its inspection checks that field, or if QEMU does.',
  },
  DATA_OUT_OF_BOUNDS: {
    severity: 'error',
    cve: [],
    title: 'guest data is mapped outside the file',
    text: 'A table entry points beyond the end of the file. The image is truncated or damaged. A program that reads zeros there hides the loss.',
  },
  TRUNCATED: {
    severity: 'warning',
    cve: [],
    title: 'the file is shorter than its header says',
    text: 'The upload was incomplete, or the file was damaged. Compare its size with the size in Glance, and upload the image again.',
  },
  DECOMPRESSION_BOMB: {
    severity: 'error',
    cve: [],
    title: 'compressed data that expands beyond its bounds',
    text: 'A compressed cluster or stream expands to more than its format allows there, or needs an impossible amount of memory. The tool stopped at the limit.',
  },
  NESTED_TOO_DEEP: {
    severity: 'error',
    cve: [],
    title: 'archives within archives, deeper than the tool looks',
    text: 'The content was still wrapped after two layers were removed. The tool opened nothing deeper.',
  },
  UNSAFE_MEMBER: {
    severity: 'error',
    cve: ['CVE-2007-4559', 'CVE-2018-1002200'],
    title: 'an archive member or a link in it leads out of its directory',
    text: 'A member has an absolute name or a name with `..`; or a hard link leads outside; or a symbolic link that leads outside takes the place of a disk, is next to one, or is used as a directory by a later member. A careless program that unpacks the archive reads or overwrites files of the host. The tool unpacked nothing. Find out who uploaded it.',
  },
  LINK_OUTSIDE: {
    severity: 'warning',
    cve: [],
    title: 'a symbolic link in the archive leads out of its directory',
    text: 'The archive has symbolic links that lead outside the directory in which it is unpacked, as backups and root file systems do. They are harmless as long as no program reads or writes through them on a host. The tool followed none of them.',
  },
  POLYGLOT: {
    severity: 'error',
    cve: ['CVE-2024-40767', 'CVE-2026-24708'],
    title: 'the bytes are valid in two formats at once',
    text: 'Two programs see two different images in this file, for example a qcow2 header over an ISO image. This rarely happens by accident. No type is chosen. Find out who uploaded it.',
  },
  GPT_NONSTANDARD: {
    severity: 'warning',
    cve: [],
    title: 'the protective MBR of a GPT disk violates the standard',
    text: 'Unusual boot flags, start sectors or additional partitions are in the protective MBR, as parted and hybrid tables write them. The disk itself is sound. Newer inspections check this sector. Such a Nova refuses the image under every disk_format; only switching off all inspection lets it pass. Glance takes it as raw where [image_format] gpt_safety_checks_nonfatal lists mbr, which is the default of some releases. The verdicts for a release are in `services`. To repair it, write a new protective MBR (sgdisk) and upload the image again.',
  },
  SIZE_MISMATCH: {
    severity: 'warning',
    cve: [],
    title: 'the file’s size contradicts its header or the database',
    text: 'The size of the file differs from the size in its own header or in Glance’s row. The upload may be incomplete, or the file was replaced.',
  },
} as const satisfies Record<string, SafetyText>;

export type SafetyCode = keyof typeof SAFETY;

export const SAFETY_CODES = Object.keys(SAFETY) as readonly SafetyCode[];
