import { appliances } from './contents/appliances.ts';
import { archives } from './contents/archives.ts';
import { compressed } from './contents/compressed.ts';
import { containers } from './contents/containers.ts';
import { disks } from './contents/disks.ts';
import { filesystems } from './contents/filesystems.ts';
import { kernels } from './contents/kernels.ts';
import { nothings } from './contents/nothing.ts';
import { optical } from './contents/optical.ts';
import { ramdisks } from './contents/ramdisks.ts';
import { volumes } from './contents/volumes.ts';
import { hostileArchives } from './hostile/archives.ts';
import { polyglots } from './hostile/polyglots.ts';
import { hostileQcow2 } from './hostile/qcow2.ts';
import { hostileRareContainers } from './hostile/rare-containers.ts';
import { hostileVhd } from './hostile/vhd.ts';
import { rareVmdk } from './hostile/rare-vmdk.ts';
import { hostileVmdk } from './hostile/vmdk.ts';
import type { Recipe } from './recipe.ts';

/** @param packages folder for downloaded packages. */
export function allRecipes(packages: string): readonly Recipe[] {
  return [
    ...kernels(packages),
    ...filesystems,
    ...disks,
    ...volumes,
    ...optical,
    ...ramdisks,
    ...nothings,
    ...containers,
    ...appliances,
    ...archives,
    ...compressed,
    ...hostileQcow2,
    ...hostileVmdk,
    ...rareVmdk,
    ...hostileVhd,
    ...hostileRareContainers,
    ...polyglots,
    ...hostileArchives,
  ];
}
