import type { RefutableFormat } from '../../model/verdict.ts';
import type { FileHead } from '../reading/file-head.ts';
import { lacksCreateType } from '../containers/vmdk/descriptor-file.ts';

/** A signature of a format: any one of them shows that the declaration of the format is not false. */
interface Signature {
  readonly offset: number;
  readonly bytes: string;
}

/**
 * First volume structure descriptor of an optical disc (ECMA-119, 6.7.1; ECMA-167, part 2, 8.3; High Sierra: 8 bytes
 * later).
 */
const DISC = 32_768;

/**
 * Signatures as the readers of each format compare them. Sources: QEMU
 * block/{cow,qcow,qcow2,qed,vdi,vhdx,parallels,luks}.c and those of `DISC`.
 */
const SIGNATURES: Readonly<Record<Exclude<RefutableFormat, 'vmdk'>, readonly Signature[]>> = {
  cow: [{ offset: 0, bytes: 'OOOM' }],
  iso: [
    ...['CD001', 'BEA01', 'NSR02', 'NSR03', 'BOOT2', 'CDW02'].map((bytes) => ({ offset: DISC + 1, bytes })),
    { offset: DISC + 9, bytes: 'CDROM' },
  ],
  luks: [{ offset: 0, bytes: 'LUKS\xba\xbe' }],
  ploop: ['WithoutFreeSpace', 'WithouFreSpacExt'].map((bytes) => ({ offset: 0, bytes })),
  qcow: [{ offset: 0, bytes: 'QFI\xfb' }],
  qcow2: [{ offset: 0, bytes: 'QFI\xfb' }],
  qed: [{ offset: 0, bytes: 'QED\0' }],
  vdi: [{ offset: 64, bytes: '\x7f\x10\xda\xbe' }],
  vhdx: [{ offset: 0, bytes: 'vhdxfile' }],
};

/**
 * Formats that a file is not: their signatures are at fixed places, those bytes are in the head or the file ends before
 * them, and they are something else. What was not read refutes nothing. `recognised` names the containers that were
 * found all the same, by a second header or a descriptor.
 */
export function refutedFormats(file: FileHead, recognised: readonly string[]): readonly RefutableFormat[] {
  const absent = (Object.keys(SIGNATURES) as (keyof typeof SIGNATURES)[]).filter((format) =>
    SIGNATURES[format].every((signature) => isAbsent(file, signature)),
  );
  const refuted: readonly RefutableFormat[] = lacksCreateType(file) ? [...absent, 'vmdk'] : absent;
  return refuted.filter((format) => !recognised.includes(format)).toSorted();
}

function isAbsent(file: FileHead, { offset, bytes }: Signature): boolean {
  return !file.head.is(offset, bytes) && (file.head.has(offset, bytes.length) || isReadWhole(file));
}

/** Whether the head is the whole file. */
function isReadWhole({ head, size }: FileHead): boolean {
  return size !== null && (size === 0 || head.has(size - 1, 1));
}
