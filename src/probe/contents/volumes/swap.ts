import type { Fields } from '../../reading/fields.ts';
import { bothOrders } from '../sighting/byte-order.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

/** The signature ends the first page (Linux include/linux/swap.h). */
const PAGE_SIZES = [4096, 8192, 16_384, 32_768, 65_536] as const;
const SIGNATURE_LENGTH = 10;

/** Signatures that hibernation writes instead (libblkid/src/superblocks/swap.c). */
const SUSPENDED = ['S1SUSPEND', 'S2SUSPEND', 'ULSUSPEND', 'LINHIB0001', '\xed\xc3\x02\xe9\x98\x56\xe5\x0c'] as const;

/** Swap space of Linux, in use for hibernation or not. */
export const swap: Recogniser = ({ bytes }) => {
  for (const page of PAGE_SIZES) {
    const at = page - SIGNATURE_LENGTH;
    if (bytes.is(at, 'SWAPSPACE2') && hasVersion1(bytes)) {
      return sighting('Linux swap', 'other', 'certain', at, { detail: `pages of ${page} bytes` });
    }
    if (bytes.is(at, 'SWAP-SPACE')) return sighting('Linux swap', 'other', 'likely', at, { detail: 'version 0' });
    if (SUSPENDED.some((signature) => bytes.is(at, signature))) {
      return sighting('Linux swap', 'other', 'likely', at, { detail: 'holds a suspended system' });
    }
  }
  return null;
};

/** Whether version 1 and a last page follow the boot block, in the byte order of the machine that wrote them. */
function hasVersion1(bytes: Fields): boolean {
  return bothOrders(bytes).some(({ u32 }) => u32(1024) === 1 && u32(1028) !== 0);
}
