import type { LayerFacts } from '../../model/inspection.ts';
import type { Fields } from '../reading/fields.ts';

const TABLE = 446;
const ENTRY_LENGTH = 16;
const ENTRIES = [0, 1, 2, 3];
/** Type of the entry that stands for a GUID partition table. */
const PROTECTIVE = 0xee;

type BootSectorFacts = Pick<LayerFacts, 'boot-signature' | 'fat-boot-sector' | 'mbr'>;

/** Facts of the first 512 bytes as a boot sector (oslo.utils, format_inspector.py, GPTInspector). */
export function bootSectorFacts(sector: Fields): BootSectorFacts {
  const facts = {
    'boot-signature': sector.is(510, [0x55, 0xaa]),
    'fat-boot-sector': sector.u8(16) === 2 && sector.u8(21) === 0xf8,
  };
  return facts['boot-signature'] ? { ...facts, mbr: firstFault(sector) } : facts;
}

/** The entries are checked one after the other, each of them for all that concerns it alone. */
function firstFault(sector: Fields): NonNullable<LayerFacts['mbr']> {
  const typed: number[] = [];
  let hasProtective = false;
  for (const index of ENTRIES) {
    const at = TABLE + index * ENTRY_LENGTH;
    const [flag, type] = [sector.u8(at), sector.u8(at + 4)];
    if (flag !== 0 && flag !== 0x80) return 'boot-flag';
    if (type !== 0) typed.push(index);
    if (type !== PROTECTIVE) continue;
    hasProtective = true;
    if (!sector.is(at + 1, [0, 2, 0])) return 'gpt-start-chs';
    if (sector.u32le(at + 8) !== 1) return 'gpt-start-lba';
  }
  if (hasProtective && (typed.length !== 1 || typed[0] !== 0)) return 'gpt-not-alone';
  return typed.length === 0 ? 'no-partitions' : 'sound';
}
