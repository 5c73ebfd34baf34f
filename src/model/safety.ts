import type { Severity } from './finding.ts';

/**
 * The registry of safety codes: what the bytes of an image may do to a program that opens them without care, or what keeps their
 * content from being read. The reference page is generated from it. A code is never renamed or reused.
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
    text: 'The header names another file that holds the missing blocks. A program that opens the image opens that file too, whatever it is: a file of the host, another tenant’s disk. Glance and Nova refuse such images. The name was not followed. Ask the owner for a flattened image (qemu-img convert), and do not open this one on a host.',
  },
  EXTERNAL_DATA_FILE: {
    severity: 'error',
    cve: ['CVE-2024-32498'],
    title: 'the image keeps its data in another file',
    text: 'A qcow2 header bit says that the guest’s blocks lie in an external data file. Opening the image on a host reads the file it names. Glance, Nova and Cinder refuse such images since 2024. The name was not followed.',
  },
  REMOTE_NAME: {
    severity: 'error',
    cve: ['CVE-2024-4467'],
    title: 'a file name in the header is an address or a json: description',
    text: 'The name of a backing or data file begins with json: or with a protocol. QEMU resolves such names to arbitrary files, devices and servers. Treat the image as an attack and find out who uploaded it.',
  },
  EXTERNAL_EXTENTS: {
    severity: 'error',
    cve: ['CVE-2022-47951'],
    title: 'a VMDK descriptor names other files',
    text: 'The blob, or a text inside it, describes a disk whose data lies in other files. A program that opens it reads the files it names. Glance and Nova refuse it. No name was followed; where the blob is the description alone, no guest data is in it.',
  },
  SMUGGLED_DESCRIPTOR: {
    severity: 'error',
    cve: ['CVE-2022-47951', 'CVE-2024-32498'],
    title: 'a VMDK descriptor hides behind a header or padding',
    text: 'A VMDK header with capacity zero, or a descriptor padded with NULs, makes some inspectors call the file harmless while QEMU follows the descriptor. qemu-img itself pads the descriptor of a flat VMDK to 512 bytes, so a small padded file may be honest but useless; anything larger, or a header with capacity zero, is to be treated as an attack.',
  },
  SUBTYPE_REFUSED: {
    severity: 'warning',
    cve: ['CVE-2022-47951'],
    title: 'a VMDK of a kind that Glance and Nova refuse',
    text: 'Only monolithicSparse and streamOptimized are allowed by default ([DEFAULT] or [compute] vmdk_allowed_types). Convert the image, or allow the type after having looked at it.',
  },
  UNKNOWN_FEATURE_BITS: {
    severity: 'error',
    cve: ['CVE-2024-40767'],
    title: 'the header demands features that no specification lists',
    text: 'An incompatible-feature bit is set that is not defined, so the content cannot be mapped with certainty and a program that ignores the bit reads something else. Glance and Nova refuse such images.',
  },
  FEATURE_REFUSED: {
    severity: 'info',
    cve: [],
    title: 'a valid feature that Glance and Nova refuse',
    text: 'The header uses extended L2 entries, which QEMU 5.2 and later read and the content inspection of Glance and Nova does not know, or it is of version 2 and its first extension has a length that the inspection takes for a feature bit. Convert the image to version 3 without extended_l2.',
  },
  BOOT_SECTOR_REFUSED: {
    severity: 'info',
    cve: [],
    title: 'a boot sector that Nova takes for a faulty partition table',
    text: 'The first sector of the disk ends in 55 AA without a partition table that passes the content inspection of Nova, as in NTFS, exFAT, some FAT volumes and x86 kernels. Nova of 2024.2 and later refuses to boot from the image declared raw; where it keeps its base images as qcow2, the default, also from one inside a qcow2, VMDK, VDI or VHDX. The image itself may be sound.',
  },
  HEADERS_DISAGREE: {
    severity: 'warning',
    cve: ['CVE-2022-47951'],
    title: 'two copies of the header disagree',
    text: 'The format keeps its header twice, and the copies differ: damage, or an attempt to show different programs different disks. Glance refuses a VMDK whose footer contradicts its header.',
  },
  PARENT_NEEDED: {
    severity: 'warning',
    cve: [],
    title: 'a differencing image: part of the data is in a parent',
    text: 'The image holds only what changed against a parent image that is not here (differencing VHD, VHDX or VDI, a COW or COWD delta). It cannot boot on its own. Ask the owner for a merged image.',
  },
  DIRTY: {
    severity: 'warning',
    cve: [],
    title: 'the image was not closed cleanly',
    text: 'A log that was never replayed, or a mark that the image is open or needs a check: its tables may be stale. QEMU refuses some of these read-only. Let the owner open and close it once in the program that made it.',
  },
  ENCRYPTED_CONTENT: {
    severity: 'info',
    cve: [],
    title: 'the content is encrypted',
    text: 'The blocks are encrypted, so nothing can be said about the content. It works where the key is known to the consumer.',
  },
  INTERNAL_SNAPSHOTS: {
    severity: 'info',
    cve: [],
    title: 'the image holds internal snapshots',
    text: 'Snapshots stored inside the image travel with it: whoever boots it can read earlier states of the disk. Convert the image to leave them behind.',
  },
  TABLE_OUT_OF_BOUNDS: {
    severity: 'error',
    cve: ['CVE-2024-44082'],
    title: 'a table lies outside the file or overlaps the header',
    text: 'The header places one of its tables past the end of the file, or over the header itself: the file is cut short, damaged, or made to confuse a reader. The tables were not followed.',
  },
  OVERSIZED_TABLE: {
    severity: 'error',
    cve: ['CVE-2024-44082'],
    title: 'the header announces tables of an absurd size',
    text: 'A table length is beyond what the format allows. A careless reader would exhaust its memory. Nothing was allocated.',
  },
  MALFORMED_HEADER: {
    severity: 'error',
    cve: ['CVE-2024-44082'],
    title: 'the header breaks the rules of its format',
    text: 'The magic number of a format is there, but a field has a value that the format forbids. Glance and Nova refuse such an image, or should.',
  },
  DATA_OUT_OF_BOUNDS: {
    severity: 'error',
    cve: [],
    title: 'guest data is mapped outside the file',
    text: 'A table entry leads past the end of the file. The image is truncated or damaged; a program that reads zeros there would hide the loss.',
  },
  TRUNCATED: {
    severity: 'warning',
    cve: [],
    title: 'the file is shorter than its header says',
    text: 'The upload was cut short, or the file was damaged. Compare the size with the one that Glance keeps, and upload again.',
  },
  DECOMPRESSION_BOMB: {
    severity: 'error',
    cve: [],
    title: 'compressed data that expands beyond its bounds',
    text: 'A compressed cluster or stream yields more than its format allows for its place, or asks for an absurd amount of memory. Decompression was stopped at the limit.',
  },
  NESTED_TOO_DEEP: {
    severity: 'error',
    cve: [],
    title: 'archives within archives, deeper than is looked at',
    text: 'The content was still wrapped after two layers had been taken off. Nothing deeper was opened.',
  },
  UNSAFE_MEMBER: {
    severity: 'error',
    cve: ['CVE-2007-4559', 'CVE-2018-1002200'],
    title: 'an archive member or a link in it leads out of its directory',
    text: 'A member has an absolute name or one with `..`, a hard link leads outside, or a symbolic link that leads outside stands for a disk, beside one, or is written through by a later member. A program that unpacks the archive without care reads or overwrites files of the host. Nothing was followed or unpacked. Find out who uploaded it.',
  },
  LINK_OUTSIDE: {
    severity: 'warning',
    cve: [],
    title: 'a symbolic link in the archive leads out of its directory',
    text: 'An archive of files has symbolic links that lead outside the directory it is unpacked in, as backups and root file systems do. They do no harm as long as nothing reads or writes through them on a host. Nothing was followed.',
  },
  POLYGLOT: {
    severity: 'error',
    cve: ['CVE-2024-40767', 'CVE-2026-24708'],
    title: 'the bytes are valid in two formats at once',
    text: 'Two programs will see two different images in this file: for example a qcow2 header over an ISO image. Accidents of this kind are rare. No type is chosen; find out who uploaded it.',
  },
  GPT_NONSTANDARD: {
    severity: 'warning',
    cve: [],
    title: 'the protective MBR of a GPT disk is not as the standard has it',
    text: 'Glance of 2025 and later checks the protective MBR when an image is uploaded, and refuses odd boot flags, start sectors or further partitions. The image boots, but could not be uploaded again as it is; see gpt_safety_checks_nonfatal.',
  },
  SIZE_MISMATCH: {
    severity: 'warning',
    cve: [],
    title: 'the file’s size contradicts its header or the database',
    text: 'The size of the file is not the one its own header or Glance’s row gives. The upload may be incomplete or replaced.',
  },
} as const satisfies Record<string, SafetyText>;

export type SafetyCode = keyof typeof SAFETY;

export const SAFETY_CODES = Object.keys(SAFETY) as readonly SafetyCode[];
