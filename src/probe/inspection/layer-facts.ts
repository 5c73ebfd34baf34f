import { UNSEEN_LAYER, type LayerFacts } from '../../model/inspection.ts';
import { bootSectorFacts } from './boot-sector.ts';
import { qcow2Facts } from './qcow2-header.ts';
import { qemuFormatOf } from './qemu-format.ts';
import { firstSectorOf, sizeFact, type SeenBytes } from './seen-bytes.ts';
import { discSignatureOf, hasVdiSignature, signatureOf } from './signatures.ts';
import { textFacts } from './text.ts';

/** The facts that the beginning of a layer gives; all of its structures lie in it, but for VMDK and VHDX. */
export function layerFacts(seen: SeenBytes): LayerFacts {
  const size = sizeFact(seen);
  const sector = firstSectorOf(seen);
  if (sector === null) return { ...UNSEEN_LAYER, size };
  const signature = signatureOf(sector);
  return {
    size,
    signature,
    'vdi-signature': hasVdiSignature(sector),
    'iso-signature': discSignatureOf(seen),
    ...bootSectorFacts(sector),
    ...(signature === 'qcow2' ? qcow2Facts(sector) : {}),
    ...(signature === 'luks' ? { 'luks-version': sector.u16be(6) } : {}),
    ...textFacts(seen),
    'qemu-format': qemuFormatOf(sector),
  };
}
