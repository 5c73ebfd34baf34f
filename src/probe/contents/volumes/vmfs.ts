import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import { sighting, type Sighting } from '../sighting/sighting.ts';

const MIB = 1024 * 1024;
const VOLUME_UUID = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}$/u;

/**
 * VMware VMFS. A device of a volume has a header at 1 MiB and the name of the volume in the next sector. The
 * filesystem, which starts inside such a volume, has its superblock at 2 MiB. Sources: util-linux
 * libblkid/src/superblocks/vmfs.c, vmfs-tools libvmfs/vmfs_fs.h for the block size.
 */
export const VMFS_PLACES: readonly {
  readonly offset: number;
  readonly length: number;
  readonly recognise: (bytes: Fields) => Sighting | null;
}[] = [
  {
    offset: MIB,
    length: 1024,
    recognise: (bytes) =>
      bytes.u32le(0) === 0xc001d00d && VOLUME_UUID.test(bytes.text(532, 567))
        ? sighting('VMFS volume member', 'other', 'likely', MIB)
        : null,
  },
  {
    offset: 2 * MIB,
    length: 512,
    recognise: (bytes) =>
      bytes.u32le(0) === 0x2fabf15e &&
      isPowerOfTwo(bytes.u32le(157), 512, 4096) &&
      isPowerOfTwo(Number(bytes.u64le(161)), MIB, 8 * MIB)
        ? sighting('VMFS', 'filesystem', 'likely', 2 * MIB)
        : null,
  },
];
