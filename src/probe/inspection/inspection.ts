import { NOTHING_SEEN, type Inspection, type LayerFacts } from '../../model/inspection.ts';
import type { OpenedFile } from '../containers/format/guest-window.ts';
import { FIRST_STEP } from '../reading/layer.ts';
import { attempted, readUpTo, type Reading } from '../reading/reading.ts';
import { layerFacts } from './layer-facts.ts';
import { qemuOpens } from './qemu-opens.ts';
import { firstSectorOf, type SeenBytes } from './seen-bytes.ts';
import { vhdxTables } from './vhdx-tables.ts';
import { vmdkFacts } from './vmdk-header.ts';

/**
 * What the inspections of OpenStack's services see of a file: its own bytes, never those inside an envelope, and the
 * disk in a container. The beginning was read before; only VMDK and VHDX may cost requests.
 *
 * @param size bytes of the file; null where the source does not tell.
 * @param opened null where no container was recognised, or more than one.
 */
export function* inspect(size: number | null, opened: OpenedFile | null): Reading<Inspection> {
  const bytes = yield* attempted(readUpTo(0, FIRST_STEP));
  if (bytes === null) return NOTHING_SEEN;
  const seen = { bytes, size: size ?? (bytes.length < FIRST_STEP ? bytes.length : null) };
  const facts = layerFacts(seen);
  const { 'qemu-format': format = null } = facts;
  const structures = yield* structureFacts(seen, facts);
  const opens = yield* qemuOpens(format, seen, readUpTo, {
    tables: structures['vhdx-tables'],
    container: opened?.container ?? null,
  });
  return { file: { ...facts, ...structures, ...opens }, guest: guestOf(facts, opened) };
}

/** Facts of structures that may lie behind the beginning. */
function* structureFacts(seen: SeenBytes, { signature }: LayerFacts): Reading<LayerFacts> {
  const header = firstSectorOf(seen);
  if (header === null) return {};
  if (signature === 'vmdk') return yield* vmdkFacts(header, seen.size, readUpTo);
  return signature === 'vhdx' ? { 'vhdx-tables': yield* vhdxTables(seen.size, readUpTo) } : {};
}

function guestOf({ 'qemu-format': format }: LayerFacts, opened: OpenedFile | null): Inspection['guest'] {
  if (format === 'raw') return { kind: 'none' };
  if (opened === null) return { kind: 'unread', why: 'the container was not opened' };
  const { container, guest } = opened;
  if (guest.kind === 'closed') return { kind: 'unread', why: guest.why };
  const { bytes, loss } = guest;
  if (loss !== null && bytes.length === 0) return { kind: 'unread', why: 'its first block cannot be read' };
  const size = container.virtualSize === null ? null : wholeSectors(container.virtualSize);
  const facts = layerFacts({ bytes: loss === null ? wholeSectorsOf(bytes) : bytes, size });
  const unread = facts.signature === 'vmdk' ? UNREAD_VMDK : facts.signature === 'vhdx' ? UNREAD_VHDX : {};
  return { kind: 'read', facts: { ...facts, ...unread, 'qemu-opens': facts['qemu-format'] === 'raw' ? true : null } };
}

/** A container inside a container is refused before any service looks at these. */
const UNREAD_VMDK: LayerFacts = {
  'vmdk-version': null,
  'vmdk-descriptor-sector': null,
  'vmdk-grain-directory': null,
  'vmdk-descriptor': null,
  'vmdk-descriptor-all': null,
  'vmdk-create-type': null,
  'vmdk-footer': null,
};
const UNREAD_VHDX: LayerFacts = { 'vhdx-tables': null };

const SECTOR = 512;

/** QEMU converts to whole sectors. */
function wholeSectors(size: number): number {
  return Math.ceil(size / SECTOR) * SECTOR;
}

function wholeSectorsOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length % SECTOR === 0) return bytes;
  const padded = new Uint8Array(wholeSectors(bytes.length));
  padded.set(bytes);
  return padded;
}
