import type { ContainerFormat } from './format/opening.ts';
import { COW } from './cow.ts';
import { LUKS } from './luks.ts';
import { PARALLELS } from './parallels.ts';
import { QCOW } from './qcow.ts';
import { QCOW2 } from './qcow2/qcow2.ts';
import { QED } from './qed.ts';
import { VDI } from './vdi.ts';
import { VHD } from './vhd/vhd.ts';
import { VHDX } from './vhdx/vhdx.ts';
import { VMDK } from './vmdk/vmdk.ts';

/** Every container format. All are tried; two that recognise a file make it a polyglot. The order does not matter. */
export const CONTAINER_FORMATS: readonly ContainerFormat[] = [
  COW,
  LUKS,
  PARALLELS,
  QCOW,
  QCOW2,
  QED,
  VDI,
  VHD,
  VHDX,
  VMDK,
];
