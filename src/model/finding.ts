/**
 * The registry of findings: things an operator should know about an image that do not change its decision.
 * The reference page is generated from it. A code is never renamed or reused.
 */

export const SEVERITIES = ['info', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What the registry says of a code. */
export interface FindingText {
  readonly severity: Severity;
  /** One line, for tables. */
  readonly title: string;
  /** One paragraph for the operator: what was seen, whether it is normal, what to do. */
  readonly text: string;
}

export const FINDINGS = {
  TUPLE_NOT_NORMALISED: {
    severity: 'warning',
    title: 'a format word has capitals or blanks, or is empty',
    text: 'disk_format or container_format holds a word that is known only after trimming and lower-casing (RAW, " Qcow2"), or an empty string instead of NULL. Glance has never accepted such a spelling, so someone edited the row with SQL. The decision uses the folded word and is inferred at most. The legacy columns are not changed.',
  },
  WORD_UNKNOWN: {
    severity: 'warning',
    title: 'a format word is unknown',
    text: 'disk_format or container_format holds a word that neither Glance nor the proposals of 2011 list: a value of your site from [image_format] in glance-api.conf. Add an alias for it in a rules file (for example vpc: vhd) and plan again.',
  },
  OVF_UNVERIFIED: {
    severity: 'info',
    title: 'ovf is declared, but Glance never checked it',
    text: 'container_format is ovf. The command-line client of 2011 wrote this word by default, and no release verified it. The envelope is recorded as declared, but it may be absent.',
  },
  ENVELOPE_CONTRADICTION: {
    severity: 'warning',
    title: 'the container word contradicts the disk word',
    text: 'container_format names an archive that cannot contain what disk_format names (iso/docker, aki/ova). The archive word is used, because it describes the stored file. Look at the image before you rely on it.',
  },
  AMAZON_MISMATCH: {
    severity: 'warning',
    title: 'an Amazon word is combined with another word',
    text: 'Images API v1 required aki, ari and ami in both fields; v2 does not. The row combines one of them with another word, so one of the two words may be left from an earlier use.',
  },
  KERNEL_MISSING: {
    severity: 'error',
    title: 'kernel_id or ramdisk_id names no live image',
    text: 'The image names a kernel or ramdisk that does not exist or was deleted, so it cannot boot with it. Restore or replace the kernel image, or remove the property if the image boots by itself.',
  },
  KERNEL_DANGLING: {
    severity: 'warning',
    title: 'the kernel or ramdisk named is soft-deleted',
    text: 'The row that kernel_id or ramdisk_id names still exists with deleted = 1. It can be restored until it is purged.',
  },
  KERNEL_REF_JUNK: {
    severity: 'info',
    title: 'kernel_id or ramdisk_id holds a placeholder',
    text: 'The property holds nothing usable (blank, None, nokernel, noramdisk). Nova snapshots and old clients write this. The property counts as absent.',
  },
  KERNEL_REF_WRONG_TYPE: {
    severity: 'warning',
    title: 'kernel_id or ramdisk_id names an image of another type',
    text: 'The image named as kernel or ramdisk is declared as a virtual disk, an ISO or an archive. Either the property or the declaration of the other image is wrong; booting this image fails today.',
  },
  KERNEL_IN_NONRAW: {
    severity: 'warning',
    title: 'a kernel or ramdisk inside a container that no boot loader reads',
    text: 'Other evidence says that the image is a kernel or ramdisk, but it is declared as a virtual disk. Nothing boots such a kernel. Convert it to raw and upload it as aki/aki or ari/ari, which Glance stores without an inspection, or correct the declaration.',
  },
  FS_NO_KERNEL: {
    severity: 'warning',
    title: 'a filesystem without a live kernel',
    text: 'The image is a bare filesystem and names no live kernel. In the two-field model it cannot boot by itself. Today Nova boots it as a whole disk, which fails unless it has a boot loader.',
  },
  ISO_WITH_KERNEL: {
    severity: 'warning',
    title: 'an ISO image that names a kernel',
    text: 'disk_format is iso, but the image has a kernel_id. Snapshots of servers that were booted from an ISO look like this, and they are disks.',
  },
  ROLE_CONFLICT: {
    severity: 'warning',
    title: 'evidence about the type contradicts itself',
    text: 'Two pieces of evidence give different types (for example, other images use this one as a kernel while it names a kernel itself). Nothing is written; answer the question or correct the data.',
  },
  SNAPSHOT_MARKS_LOST: {
    severity: 'info',
    title: 'snapshot properties were found among soft-deleted ones',
    text: 'Launchpad bug glance#901534 soft-deleted image_type and instance_uuid of Diablo snapshots without a deletion time. The tool uses them as if they were live.',
  },
  SNAPSHOT_CONTAINER_UNSURE: {
    severity: 'warning',
    title: 'an ami snapshot may be qcow2 inside',
    text: 'From Grizzly to Nova 29 a snapshot of an ami server kept the words ami/ami although its content was usually qcow2. The row does not show it; its content does (--probe).',
  },
  VMDK_MAYBE_FLAT: {
    severity: 'info',
    title: 'the vmdk may be a flat extent',
    text: 'vmware_disktype says preallocated or thin, so the file may be the flat extent of a VMDK, which is raw bytes without a VMDK header.',
  },
  PAYLOAD_ENCRYPTED: {
    severity: 'info',
    title: 'the payload is encrypted',
    text: 'Its properties say that the content is encrypted. The content cannot be probed, and a consumer needs the key.',
  },
  BUNDLE_REGISTRATION: {
    severity: 'info',
    title: 'registered from an EC2 bundle',
    text: 'The properties show that the image was registered through the EC2 API from a bundle manifest.',
  },
  ZERO_SIZE: {
    severity: 'warning',
    title: 'an active image without bytes',
    text: 'The image is active, but its size is 0 or unknown, and no block device mapping explains this. It may have no content.',
  },
  CONTENT_MISMATCH: {
    severity: 'warning',
    title: 'the content is not what is declared',
    text: 'The bytes have another type, container or envelope than disk_format and container_format declare (or than a row of your own rules file says). If disk_format declares a format whose signature is not in the bytes (qcow2 without QFI at byte 0), the declaration is false. Then nothing is written, even if the bytes are certainly something else, because the image is not what its owner believes. In other cases the decision follows a type that the content proves. If the content proves only a container or an envelope, the declared type remains. The legacy columns are not changed. Services may refuse the image for its words; `explain IMAGE` names the words that they take. Glance lets nobody replace the words of an image that has data, so upload it again with the right ones.',
  },
  CONTENT_DOUBTFUL: {
    severity: 'warning',
    title: 'a weak sign in the content contradicts what is declared',
    text: 'Something in the bytes looks like another type than the declared one, but the sign is so short that it may be chance. The declared type was kept. Look at the image before you rely on it.',
  },
  CONTENT_UNDETERMINED: {
    severity: 'info',
    title: 'the content was read, but names no type',
    text: 'The bytes were read, but they do not show the type: they are blank, encrypted, incomplete without a parent file, or of an unknown kind. The type is decided without them.',
  },
  CONTENT_UNREAD: {
    severity: 'warning',
    title: 'the content could not be read',
    text: 'The bytes of the image could not be read: the file is missing, the store cannot be reached, or reading failed. The evidence names the reason. The decision was made without the bytes. Plan again when the cause is removed.',
  },
  UNSAFE_CONTENT: {
    severity: 'error',
    title: 'the content is dangerous to a program that opens it',
    text: 'The bytes carry a safety code of severity error, for example a qcow2 header that names a backing file; the evidence lists the codes. A careless program that opens such an image reads other files of the host, or crashes. The tool opened no file that the image names. Find out who uploaded it, and do not boot or convert it.',
  },
  CONTENT_CAUTION: {
    severity: 'warning',
    title: 'the content calls for caution',
    text: 'The bytes carry a safety code of severity warning, for example a header that was not closed cleanly or a file shorter than its header says; the evidence lists the codes. The image may still work.',
  },
  NOVA_REFUSES: {
    severity: 'warning',
    title: 'Nova refuses the image',
    text: 'Nova with libvirt inspects an image before it boots it. The Nova that --openstack names (the first of two releases; without the option, the newest known) refuses this one: for its disk_format alone, for content that is not what disk_format says, or for a safety check. `explain IMAGE` names the step, the check and what would help, for Nova and the other services; they have other rules. An image that is only used as a kernel or ramdisk is not inspected, nor is a raw image that Ceph clones, nor any image where inspection is switched off. This is a prediction and belongs to a release: it is shown, and never stored.',
  },
  ANSWER_AGAINST_PROOF: {
    severity: 'warning',
    title: 'your answer goes against a proof',
    text: 'An answer contradicts a proof: a live reference, an unambiguous tuple, or content whose type is certain. The answer was used, because the operator decides. The evidence lists both. Look at the image again, and correct the answer if it was meant for other images.',
  },
  ANSWER_OUTSIDE_CANDIDATES: {
    severity: 'info',
    title: 'your answer is not among the candidates',
    text: 'An answer gives the image a type or container that is not among the candidates. The answer was used. This is normal if you know more than the row shows (a container word of your site). Otherwise check the answer for a typing error.',
  },
} as const satisfies Record<string, FindingText>;

export type FindingCode = keyof typeof FINDINGS;

/**
 * Findings about what the services of a release do. The journal leaves them out: a newer release, or a table of
 * services that was corrected, must not make stored decisions differ from new ones.
 */
export const PREDICTIONS: ReadonlySet<FindingCode> = new Set(['NOVA_REFUSES']);

export const FINDING_CODES = Object.keys(FINDINGS) as readonly FindingCode[];
