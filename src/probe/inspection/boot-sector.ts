import type { LayerFacts } from '../../model/inspection.ts';
import { inspectedFault, isFatBootSector, mbrEntries } from '../contents/partitions/master-boot-record.ts';
import type { Fields } from '../reading/fields.ts';

type BootSectorFacts = Pick<LayerFacts, 'boot-signature' | 'fat-boot-sector' | 'mbr'>;

/** Facts of the first 512 bytes as a boot sector (oslo.utils, format_inspector.py, GPTInspector). */
export function bootSectorFacts(sector: Fields): BootSectorFacts {
  const entries = mbrEntries(sector);
  const facts = { 'boot-signature': entries !== null, 'fat-boot-sector': isFatBootSector(sector) };
  return entries === null ? facts : { ...facts, mbr: inspectedFault(entries) };
}
