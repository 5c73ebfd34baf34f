import type { ByteEvidence } from '../../../model/verdict.ts';
import type { ContainerFormat } from '../format/container.ts';
import type { FileHead } from '../../reading/file-head.ts';
import type { Reading } from '../../reading/reading.ts';
import type { Observations } from '../format/observations.ts';
import { openingWith, type Inspected } from '../format/opening.ts';
import { COWD_MAGIC, inspectCowd } from './cowd.ts';
import { findDescriptor, inspectDescriptorFile } from './descriptor-file.ts';
import { inspectSeSparse, SE_SPARSE_MAGIC } from './sesparse.ts';
import { inspectSparse, SPARSE_MAGIC } from './sparse.ts';

/**
 * VMDK: hosted sparse and stream-optimized extents, the sparse extents of ESX (COWD, seSparse), and descriptors that name other files.
 * Sources: VMware, "Virtual Disk Format 5.0" (2011); QEMU block/vmdk.c.
 */
export const VMDK: ContainerFormat = {
  containerType: 'vmdk',
  recognise,
  open: openingWith('vmdk', inspect),
};

function recognise({ head }: FileHead): ByteEvidence | null {
  if (head.is(0, SPARSE_MAGIC)) return { offset: 0, detail: 'KDMV: VMDK sparse extent' };
  if (head.is(0, COWD_MAGIC)) return { offset: 0, detail: 'COWD: VMDK sparse extent of ESX' };
  if (head.is(0, SE_SPARSE_MAGIC)) return { offset: 0, detail: 'VMDK seSparse extent' };
  return findDescriptor(head) === null ? null : { offset: 0, detail: 'text of a VMDK descriptor' };
}

function inspect(file: FileHead, notes: Observations): Reading<Inspected> {
  if (file.head.is(0, SPARSE_MAGIC)) return inspectSparse(file, notes);
  if (file.head.is(0, COWD_MAGIC)) return inspectCowd(file, notes);
  if (file.head.is(0, SE_SPARSE_MAGIC)) return inspectSeSparse(file, notes);
  return inspectDescriptorFile(file, notes);
}
