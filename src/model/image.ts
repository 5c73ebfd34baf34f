/** One row of Glance's `images` table and everything the database itself knows about it. */

import type { SizeClass } from './size-class.ts';
import type { ContentEvidence } from './verdict.ts';

/** A row as read. Text columns are exactly as the driver decoded them. */
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
 * Everything in a row that a decision may depend on, except its name. Many rows have the same shape; in one scan they
 * share one object.
 */
export interface RowShape {
  /** The text that the server makes of such rows; left out where a row was read column by column. */
  readonly text?: string;
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
  /** A row that is not soft-deleted. */
  | {
      readonly kind: 'live';
      readonly id: string;
      readonly diskFormat: string | null;
      readonly containerFormat: string | null;
    }
  /** A soft-deleted row. It can be restored until it is purged. */
  | { readonly kind: 'deleted'; readonly id: string }
  /** No row has that id. `id` is the text found. */
  | { readonly kind: 'missing'; readonly id: string };

/** Which live images name this one. Counts are exact. The samples are the ids of the first ones, for reports. */
export interface ReferencedBy {
  readonly asKernel: number;
  readonly asRamdisk: number;
  readonly sampleKernelOf: string | null;
  readonly sampleRamdiskOf: string | null;
}

/** All evidence about one image that the decision table may use. */
export interface ImageEvidence {
  readonly image: ImageRecord;
  /** Left out if the row was read column by column. */
  readonly shape?: RowShape | undefined;
  /**
   * Live properties (deleted = 0) with a name in `EVIDENCE_PROPERTIES`, and those that the operator's answers name,
   * which no rule uses. Values are cut at 1,024 characters.
   */
  readonly properties: ReadonlyMap<string, string | null>;
  /**
   * Properties lost by Launchpad bug glance#901534: soft-deleted without a deletion time (deleted = 1, deleted_at
   * NULL). Only properties that identify snapshots are used.
   */
  readonly lostProperties: ReadonlyMap<string, string | null>;
  readonly kernel: ReferenceTarget;
  readonly ramdisk: ReferenceTarget;
  /** null where no live image names this one. */
  readonly referencedBy: ReferencedBy | null;
  /** What the image's bytes say; left out if they were not read. */
  readonly content?: ContentEvidence;
}

/** Names of all properties that a rule or hint uses. The reader fetches these, and those that answers name. */
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
