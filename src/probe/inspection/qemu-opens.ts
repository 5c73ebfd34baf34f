import type { LayerFacts } from '../../model/inspection.ts';
import type { OpenedContainer } from '../containers/format/opening.ts';
import type { Reading } from '../reading/reading.ts';
import { opensQcow2 } from './opens-qcow2.ts';
import { opensVdi } from './opens-vdi.ts';
import { opensVhdx } from './opens-vhdx.ts';
import { opensVmdk } from './opens-vmdk.ts';
import type { QemuFormat } from './qemu-format.ts';
import type { LayerReader, SeenBytes } from './seen-bytes.ts';

type OpensFacts = Pick<LayerFacts, 'qemu-opens' | 'qemu-create-type' | 'qemu-backing-file'>;

/**
 * Whether QEMU opens a file as the format that it finds in it, without the files that this one names. Null also for the
 * formats that no service takes.
 */
export function* qemuOpens(
  format: QemuFormat | null,
  seen: SeenBytes,
  read: LayerReader,
  { tables, container }: { readonly tables: LayerFacts['vhdx-tables']; readonly container: OpenedContainer | null },
): Reading<OpensFacts> {
  if (format === 'vmdk') return yield* opensVmdk(seen, read);
  if (format === 'raw') return { 'qemu-opens': true };
  if (format === 'qcow2') return { 'qemu-opens': yield* opensQcow2(seen, read) };
  if (format === 'vdi') return { 'qemu-opens': opensVdi(seen) };
  return { 'qemu-opens': format === 'vhdx' ? yield* opensVhdx(seen.size, tables, container) : null };
}
