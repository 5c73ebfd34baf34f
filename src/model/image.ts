/** One row of Glance's `images` table and everything the database itself knows about it. */

import type { SizeClass } from './size-class.ts';
import type { ContentEvidence } from './verdict.ts';

/** A live row as read; text columns byte for byte as the driver decoded them. */
export interface ImageRecord {
  /** Primary key as text, also where it is an integer (Cactus, Diablo). Never compared or sorted in JavaScript. */
  readonly id: string;
  readonly name: string | null;
  readonly owner: string | null;
  /** Glance's own status word: active, queued, saving, … */
  readonly status: string;
  /** Soft-deleted: `images.deleted` is not 0. */
  readonly deleted: boolean;
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  /** Bytes; null where never set. Exact (BIGINT). */
  readonly size: bigint | null;
  /** GiB; null before Essex. */
  readonly minDisk: number | null;
}

/**
 * What rows have in common with many others: everything of a row that a decision may depend on, but for its name. All rows of one scan that
 * are the same in these share one object.
 */
export interface RowShape {
  readonly status: string;
  readonly deleted: boolean;
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly size: SizeClass;
  readonly minDisk: 'none' | 'some';
}

/** What the id in an image's own `kernel_id` or `ramdisk_id` property leads to. */
export type ReferenceTarget =
  /** No id given: property absent, NULL, blank, `None`, `nokernel`, `noramdisk`. */
  | { readonly kind: 'absent' }
  /** A row that is not soft-deleted. `role` is what its tuple says it is, where it says anything. */
  | {
      readonly kind: 'live';
      readonly id: string;
      readonly diskFormat: string | null;
      readonly containerFormat: string | null;
    }
  /** A soft-deleted row: the scrubber could restore it. */
  | { readonly kind: 'deleted'; readonly id: string }
  /** No row has that id. `id` is the text found. */
  | { readonly kind: 'missing'; readonly id: string };

/** Which live images name this one. Counts are exact; `sample` holds the first referrer's id, for the report. */
export interface ReferencedBy {
  readonly asKernel: number;
  readonly asRamdisk: number;
  readonly sampleKernelOf: string | null;
  readonly sampleRamdiskOf: string | null;
}

/** Everything the decision table may look at for one image. */
export interface ImageEvidence {
  readonly image: ImageRecord;
  /** Left out where the row was read by itself. */
  readonly shape?: RowShape | undefined;
  /**
   * Live properties (deleted = 0) among the names listed in `EVIDENCE_PROPERTIES` and those that an operator's answers ask for, which
   * no rule looks at; values cut at 1,024 characters.
   */
  readonly properties: ReadonlyMap<string, string | null>;
  /**
   * Properties lost by Launchpad bug glance#901534: soft-deleted without a deletion time (deleted = 1, deleted_at NULL).
   * Only snapshot marks are read from here.
   */
  readonly lostProperties: ReadonlyMap<string, string | null>;
  readonly kernel: ReferenceTarget;
  readonly ramdisk: ReferenceTarget;
  /** null where no live image names this one. */
  readonly referencedBy: ReferencedBy | null;
  /** What the image's bytes say; left out where they were not asked. */
  readonly content?: ContentEvidence;
}

/** Names of the properties that any rule or hint looks at; the reader fetches these, and what answers ask for. */
export const EVIDENCE_PROPERTIES = [
  'kernel_id',
  'ramdisk_id',
  'img_type',
  'rootfs_uuid',
  'type',
  'image_type',
  'image_location',
  'image_state',
  'instance_uuid',
  'base_image_ref',
  'block_device_mapping',
  'bdm_v2',
  'mappings',
  'root_device_name',
  'architecture',
  'os_distro',
  'os_type',
  'os_admin_user',
  'hw_disk_bus',
  'hw_firmware_type',
  'hw_machine_type',
  'hw_rescue_device',
  'hw_vif_model',
  'vm_mode',
  'vmware_disktype',
  'cinder_encryption_key_id',
  'os_encrypt_format',
  'os_encrypt_cipher',
  'os_decrypt_container_format',
] as const;
