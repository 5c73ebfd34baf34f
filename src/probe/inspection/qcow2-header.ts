import type { LayerFacts } from '../../model/inspection.ts';
import type { Fields } from '../reading/fields.ts';

/** Bit of an external data file; the inspectors test it in every version. */
const DATA_FILE = 4;
/** Bits that the inspectors take: dirty, corrupt, external data file, compression type. */
const KNOWN = 0x0fn;

type Qcow2Facts = Pick<
  LayerFacts,
  'qcow2-version' | 'qcow2-backing-file' | 'qcow2-data-file-bit' | 'qcow2-feature-bits' | 'qcow2-encryption'
>;

/** Facts of a header with the signature of qcow2 (oslo.utils, format_inspector.py, QcowInspector). */
export function qcow2Facts(header: Fields): Qcow2Facts {
  const bits = header.u64be(72);
  return {
    'qcow2-version': header.u32be(4),
    'qcow2-backing-file': header.u64be(8) !== 0n,
    'qcow2-data-file-bit': (header.u8(79) & DATA_FILE) !== 0,
    'qcow2-feature-bits': (bits & ~KNOWN) !== 0n ? 'above-3' : bits === 0n ? 'none' : 'known',
    'qcow2-encryption': (['none', 'aes', 'luks'] as const)[header.u32be(32)] ?? 'other',
  };
}
