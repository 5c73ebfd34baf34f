import type { SafetyCode } from '../../model/safety.ts';
import type { OpenedContainer } from '../containers/format/opening.ts';
import type { QemuFormat } from './qemu-format.ts';

/** Codes for what QEMU opens all the same; every other code leaves open whether it does. */
const OPENS_WITH: ReadonlySet<SafetyCode> = new Set([
  'BACKING_FILE',
  'ENCRYPTED_CONTENT',
  'EXTERNAL_DATA_FILE',
  'FEATURE_REFUSED',
  'INTERNAL_SNAPSHOTS',
  'SUBTYPE_REFUSED',
]);

/**
 * Whether QEMU opens a file of this format. True only for a header that keeps all rules of its format and a map that
 * leads to the beginning of the guest.
 */
export function qemuOpens(format: QemuFormat | null, container: OpenedContainer | null): boolean | null {
  if (format === 'raw') return true;
  if (format === null || container === null) return null;
  if (container.guest.kind !== 'mapped' || container.guest.tables !== 'sound') return null;
  return container.safety.every((code) => OPENS_WITH.has(code)) ? true : null;
}
