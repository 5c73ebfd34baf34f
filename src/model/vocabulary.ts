/**
 * The words of the two-field model and of the decision made for every image.
 *
 * Source: Soren Hansen's message of 2011-12-02 on the openstack list, with six image types, eight container types and
 * "probably others". vhdx, ploop and luks are extensions with the names that QEMU and Glance use.
 */

export const IMAGE_TYPES = ['kernel', 'ramdisk', 'filesystem', 'iso9660', 'disk', 'other'] as const;
export type ImageType = (typeof IMAGE_TYPES)[number];

export const CONTAINER_TYPES = [
  'raw',
  'cow',
  'qcow',
  'qcow2',
  'vhd',
  'vmdk',
  'vdi',
  'qed',
  'vhdx',
  'ploop',
  'luks',
] as const;
export type ContainerType = (typeof CONTAINER_TYPES)[number];

/** A wrapper around the image, which the two fields cannot express. A consumer must unwrap it first. */
export const ENVELOPES = ['ova', 'ovf', 'docker', 'compressed', 'tgz', 'xenserver-tgz'] as const;
export type Envelope = (typeof ENVELOPES)[number];

/** The words of the one-field proposal (Jay Pipes, 2011-12-01). */
export const FORMATS = ['ova', 'raw', 'vhd', 'vmdk', 'vdi', 'iso', 'qcow2', 'aki', 'ari', 'ami'] as const;
export type Format = (typeof FORMATS)[number];

export const DECISION_STATUSES = ['exact', 'inferred', 'ambiguous', 'unmappable', 'not-applicable'] as const;
export type DecisionStatus = (typeof DECISION_STATUSES)[number];

/** Images by the status of their decision. */
export type StatusCounts = Readonly<Record<DecisionStatus, number>>;

/** Counters at zero, to be counted up. */
export function zeroStatusCounts(): Record<DecisionStatus, number> {
  return { exact: 0, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 0 };
}

/** What a consumer should do with an image of a type, by the rules of the proposal. */
export const DISPOSITIONS = [
  'boot-disk',
  'boot-with-kernel',
  'attach-cdrom',
  'use-as-kernel',
  'use-as-ramdisk',
  'refuse',
] as const;
export type Disposition = (typeof DISPOSITIONS)[number];
