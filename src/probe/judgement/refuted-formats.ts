import { REFUTABLE_FORMATS, type RefutableFormat } from '../../model/verdict.ts';
import { CONTAINER_FORMATS } from '../containers/containers.ts';
import type { Magic } from '../containers/format/container.ts';
import type { FileHead } from '../reading/file-head.ts';
import { lacksCreateType } from '../containers/vmdk/descriptor-file.ts';

/**
 * First volume structure descriptor of an optical disc (ECMA-119, 6.7.1; ECMA-167, part 2, 8.3). In High Sierra its
 * text begins 8 bytes later.
 */
const DISC = 32_768;
const DISC_MAGICS: readonly Magic[] = [
  ...['CD001', 'BEA01', 'NSR02', 'NSR03', 'BOOT2', 'CDW02'].map((bytes) => ({ offset: DISC + 1, bytes })),
  { offset: DISC + 9, bytes: 'CDROM' },
];

/**
 * Lists the formats that a file cannot be: the bytes at the fixed places of their signatures are known, or the file
 * ends before them, and none is the signature. Bytes that were not read refute nothing. `recognised` names the
 * containers that were found by a second header or a descriptor instead.
 */
export function refutedFormats(file: FileHead, recognised: readonly string[]): readonly RefutableFormat[] {
  const lacksAll = (magics: readonly Magic[]): boolean => magics.every((magic) => isAbsent(file, magic));
  const absent: readonly string[] = [
    ...CONTAINER_FORMATS.filter(({ magics }) => magics.length > 0 && lacksAll(magics)).map(
      ({ containerType }) => containerType,
    ),
    ...(lacksAll(DISC_MAGICS) ? ['iso'] : []),
    ...(lacksCreateType(file) ? ['vmdk'] : []),
  ];
  return REFUTABLE_FORMATS.filter((format) => absent.includes(format) && !recognised.includes(format));
}

function isAbsent(file: FileHead, { offset, bytes }: Magic): boolean {
  return !file.head.is(offset, bytes) && (file.head.has(offset, bytes.length) || isReadWhole(file));
}

/** Whether the head is the whole file. */
function isReadWhole({ head, size }: FileHead): boolean {
  return size !== null && (size === 0 || head.has(size - 1, 1));
}
