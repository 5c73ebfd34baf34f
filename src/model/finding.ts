/**
 * The registry of findings: things an operator should know about an image that do not change its answer.
 * The reference page is generated from it. A code is never renamed or reused.
 */

export const SEVERITIES = ['info', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

interface FindingText {
  readonly severity: Severity;
  /** One line, for tables. */
  readonly title: string;
  /** One paragraph for the operator: what was seen, whether it is normal, what to do. */
  readonly text: string;
}

export const FINDINGS = {
  TUPLE_NOT_NORMALISED: {
    severity: 'warning',
    title: 'a format word is spelled with capitals, blanks or not at all',
    text: 'disk_format or container_format holds a word that only matches after trimming and lower-casing (RAW, " Qcow2"), or the empty string where NULL is meant. Glance has never accepted such a spelling, so the row was edited by SQL. The decision reads the folded word and is at most inferred; the legacy columns are left as they are.',
  },
  WORD_UNKNOWN: {
    severity: 'warning',
    title: 'a format word is outside every list known',
    text: 'disk_format or container_format holds a word that neither Glance nor the 2011 thread lists: a site-specific value from [image_format] in glance-api.conf. Add an alias for it in a rules file (for example vpc: vhd) and plan again.',
  },
  OVF_UNVERIFIED: {
    severity: 'info',
    title: 'ovf is declared, but Glance never checked it',
    text: 'container_format says ovf. The command-line client of 2011 wrote that word whenever the user said nothing, and no release verified it, so the envelope is recorded as declared and may well be absent.',
  },
  ENVELOPE_CONTRADICTION: {
    severity: 'warning',
    title: 'the container word contradicts the disk word',
    text: 'container_format names an archive that disk_format cannot be inside of (iso/docker, aki/ova). The archive word wins, because it describes the file as it lies; look at the image before you rely on it.',
  },
  AMAZON_MISMATCH: {
    severity: 'warning',
    title: 'an Amazon word stands beside another word',
    text: 'Images API v1 insisted that aki, ari and ami appear in both fields; v2 never did. The row mixes one of them with something else, so one of the two words may be a leftover.',
  },
  KERNEL_MISSING: {
    severity: 'error',
    title: 'kernel_id or ramdisk_id points at nothing live',
    text: 'The image names a kernel or ramdisk that does not exist or has been deleted, so it cannot boot the way it asks to. Restore or replace the kernel image, or remove the property if the image boots by itself.',
  },
  KERNEL_DANGLING: {
    severity: 'warning',
    title: 'the kernel or ramdisk named is soft-deleted',
    text: 'The row that kernel_id or ramdisk_id names still exists with deleted = 1. Until it is purged the scrubber can restore it.',
  },
  KERNEL_REF_JUNK: {
    severity: 'info',
    title: 'kernel_id or ramdisk_id holds a placeholder',
    text: 'The property exists but holds nothing usable (blank, None, nokernel, noramdisk): Nova snapshots and old clients write that. It counts as absent.',
  },
  KERNEL_REF_WRONG_TYPE: {
    severity: 'warning',
    title: 'kernel_id or ramdisk_id names an image that is not declared as one',
    text: 'The image named as kernel or ramdisk is declared as a virtual disk, an ISO or an archive. Either the property or the declaration of the other image is wrong; booting this image fails today.',
  },
  KERNEL_IN_NONRAW: {
    severity: 'warning',
    title: 'a kernel or ramdisk inside a container that no boot loader reads',
    text: 'The image is a kernel or ramdisk by its role, but declared to be encoded as a virtual disk. Nothing boots such a kernel; convert it to raw or correct the declaration.',
  },
  FS_NO_KERNEL: {
    severity: 'warning',
    title: 'a filesystem without a live kernel',
    text: 'The image is a bare filesystem and names no live kernel. By the two-field model it cannot boot by itself; today Nova tries it as a whole disk, which fails unless it carries a boot loader.',
  },
  ISO_WITH_KERNEL: {
    severity: 'warning',
    title: 'an ISO image that names a kernel',
    text: 'disk_format says iso, yet the image has its own kernel_id. Snapshots of servers booted from an ISO look like this and are really disks.',
  },
  ROLE_CONFLICT: {
    severity: 'warning',
    title: 'evidence about the role is in conflict',
    text: 'Two pieces of evidence give different types (for example, other images use this one as a kernel while it names a kernel itself). Nothing is written; answer the question or correct the data.',
  },
  SNAPSHOT_MARKS_LOST: {
    severity: 'info',
    title: 'snapshot marks were found among soft-deleted properties',
    text: 'Launchpad bug glance#901534 soft-deleted image_type and instance_uuid of Diablo snapshots without a deletion time. They were read all the same.',
  },
  SNAPSHOT_CONTAINER_UNSURE: {
    severity: 'warning',
    title: 'an ami snapshot may be qcow2 inside',
    text: 'From Grizzly to Nova 29 a snapshot of an ami server kept the words ami/ami although its content was usually qcow2. The row cannot tell; a content probe can.',
  },
  VMDK_MAYBE_FLAT: {
    severity: 'info',
    title: 'the vmdk may be a flat extent',
    text: 'vmware_disktype says preallocated or thin, so the file may be the flat extent of a VMDK, that is raw bytes without a VMDK header.',
  },
  PAYLOAD_ENCRYPTED: {
    severity: 'info',
    title: 'the payload is encrypted',
    text: 'Encryption properties say that the content is ciphertext. No probe can look inside, and a consumer needs the key.',
  },
  BUNDLE_REGISTRATION: {
    severity: 'info',
    title: 'registered from an EC2 bundle',
    text: 'The properties show that the image was registered through the EC2 API from a bundle manifest.',
  },
  ZERO_SIZE: {
    severity: 'warning',
    title: 'an active image without bytes',
    text: 'The image is active but its size is 0 or unknown and no block device mapping explains it. There may be nothing to type.',
  },
  CONTENT_MISMATCH: {
    severity: 'warning',
    title: 'the content is not what is declared',
    text: 'The bytes show another type, container or envelope than disk_format and container_format declare (or than a row of your own rules file says). Where disk_format declares a format whose signature is not in the bytes (qcow2 without QFI at byte 0), the declaration is false: nothing is written, even where the bytes are certainly something else, because the image is not what its owner believes. Elsewhere, where the content proves a type, the decision follows it; where it proves no more than a container or an envelope, the type stays as declared. The legacy columns are not changed: correct them through the image API, or upload the image again, or Nova and Glance may refuse it.',
  },
  CONTENT_DOUBTFUL: {
    severity: 'warning',
    title: 'a weak sign in the content contradicts what is declared',
    text: 'Something in the bytes looks like another type than the declared one, but the sign is short enough to be an accident. What is declared was kept; look at the image before you rely on it.',
  },
  CONTENT_UNDETERMINED: {
    severity: 'info',
    title: 'the content was read, but names no type',
    text: 'The bytes were read and say nothing about the type: they are blank, encrypted, incomplete without a parent file, or of a kind that is not known. The type is decided without them.',
  },
  CONTENT_UNREAD: {
    severity: 'warning',
    title: 'the content could not be read',
    text: 'The image was to be probed, but its bytes could not be had: the file is missing, the store is not reachable, or reading failed. The decision was made without them; the evidence says why. Plan again once the cause is gone.',
  },
  UNSAFE_CONTENT: {
    severity: 'error',
    title: 'the content is dangerous to a program that opens it',
    text: 'The bytes carry a safety code of severity error, for example a qcow2 header that names a backing file; the evidence lists the codes. A program that opens such an image without care reads other files of the host, or breaks. Nothing named in the image was followed. Find out who uploaded it, and do not boot or convert it.',
  },
  CONTENT_CAUTION: {
    severity: 'warning',
    title: 'the content calls for caution',
    text: 'The bytes carry a safety code of severity warning, for example a header that was not closed cleanly or a file shorter than its header says; the evidence lists the codes. The image may still work.',
  },
  NOVA_REFUSES: {
    severity: 'warning',
    title: 'Nova and Glance of today refuse this content',
    text: 'Since 2024 Nova inspects an image before it boots it, and refuses content that is not what disk_format says or that fails a safety check; Glance does the same when an image is uploaded. The evidence says which. It fails already, before any cutover: correct disk_format, or have the image uploaded again.',
  },
  ANSWER_AGAINST_PROOF: {
    severity: 'warning',
    title: 'your answer goes against a proof',
    text: 'A answers file says something else than a proof does: a live reference, an unambiguous tuple, or content that names its type for certain. The answer was followed, because the operator decides; the evidence lists both. Look at the image once more, and correct the answer if it was meant for others.',
  },
  ANSWER_OUTSIDE_CANDIDATES: {
    severity: 'info',
    title: 'your answer is not among the candidates',
    text: 'A answers file gives the image a type or container that the evidence did not offer. The answer was followed. That is normal where you know more than the row does (a container word of your site), and a slip of the pen elsewhere.',
  },
} as const satisfies Record<string, FindingText>;

export type FindingCode = keyof typeof FINDINGS;

export const FINDING_CODES = Object.keys(FINDINGS) as readonly FindingCode[];
