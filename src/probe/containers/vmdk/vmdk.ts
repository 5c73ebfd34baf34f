import { type ContainerFormat, type Observations, openingWith, type Inspected } from '../format/opening.ts';
import type { FileHead } from '../../reading/fields.ts';
import type { Reading } from '../../reading/reading.ts';
import { COWD_MAGIC, inspectCowd, inspectSeSparse, SE_SPARSE_MAGIC } from './esx.ts';
import { findDescriptor, inspectDescriptorFile } from './descriptor.ts';
import { SPARSE_MAGIC } from './sparse-header.ts';
import { inspectSparse } from './sparse.ts';

const EXTENT_KINDS: readonly {
  readonly detail: string;
  readonly isIt: (file: FileHead) => boolean;
  readonly inspect: (file: FileHead, notes: Observations) => Reading<Inspected>;
}[] = [
  { detail: 'KDMV: VMDK sparse extent', isIt: ({ head }) => head.is(0, SPARSE_MAGIC), inspect: inspectSparse },
  { detail: 'COWD: VMDK sparse extent of ESX', isIt: ({ head }) => head.is(0, COWD_MAGIC), inspect: inspectCowd },
  { detail: 'VMDK seSparse extent', isIt: ({ head }) => head.is(0, SE_SPARSE_MAGIC), inspect: inspectSeSparse },
  {
    detail: 'text of a VMDK descriptor',
    isIt: ({ head }) => findDescriptor(head) !== null,
    inspect: inspectDescriptorFile,
  },
];

const kindOf = (file: FileHead) => EXTENT_KINDS.find(({ isIt }) => isIt(file));

/**
 * VMDK: hosted sparse and stream-optimized extents, the sparse extents of ESX (COWD, seSparse), and descriptors that
 * name other files. Sources: VMware, "Virtual Disk Format 5.0" (2011); QEMU block/vmdk.c.
 */
export const VMDK: ContainerFormat = {
  containerType: 'vmdk',
  magics: [],
  recognise: (file) => {
    const kind = kindOf(file);
    return kind === undefined ? null : { offset: 0, detail: kind.detail };
  },
  open: openingWith('vmdk', (file, notes) => (kindOf(file)?.inspect ?? inspectDescriptorFile)(file, notes)),
};
