/**
 * Tells the kind of an archive from its members' names. Names come from the image: they are compared and never kept.
 * Sources: DSP0243 (OVF packages); XenServer's Nova plugin for Glance.
 */

function isDescriptor(name: string): boolean {
  return name.toLowerCase().endsWith('.ovf');
}

/** Suffixes of members of a package that are no disks: descriptor, manifest, certificate, firmware variables, texts. */
const NO_DISK = /\.(?:ovf|mf|cert|nvram|xml|txt|md|json|strings)$/u;

export function isDiskName(name: string): boolean {
  return !NO_DISK.test(name.toLowerCase());
}

/** Whether a name is that of a disk and not of an ISO image, which a package may bring for the first boot. */
export function isVirtualDiskName(name: string): boolean {
  return isDiskName(name) && !/\.iso$/iu.test(name);
}

/** Whether a name is that of a disk image, compressed or not. */
export function isImageName(name: string): boolean {
  return /\.(?:vhdx?|vmdk|vdi|qcow2?|qed|raw|img|iso|hdd)(?:\.(?:gz|bz2|xz|zst))?$/iu.test(name);
}

/**
 * DSP0243 5.3 demands the descriptor as the first member. Some tools put it elsewhere, so it also counts where all
 * members lie in one directory.
 */
const DESCRIPTOR_WITHIN = 4;

/** Whether names are those of an OVF package. */
export function isPackage(names: readonly string[]): boolean {
  const at = names.findIndex(isDescriptor);
  if (at < 0) return false;
  const directories = new Set(names.map((name) => name.slice(0, Math.max(0, name.lastIndexOf('/')))));
  return at < DESCRIPTOR_WITHIN || directories.size === 1;
}

/** Whether a name is that of a file in XenServer's chain of VHD files. */
export function isXenServerName(name: string): boolean {
  return /^(?:\d+|image)\.vhd$/u.test(name);
}

/** Whether unpacking a member of this name writes outside the target directory. */
export function leavesDirectory(name: string): boolean {
  return /^(?:[/\\]|[a-z]:[/\\])/iu.test(name) || name.split(/[/\\]/u).includes('..');
}

/** Whether the symbolic link of this name leads out of the target directory. */
export function leadsOutside(name: string, target: string): boolean {
  if (target.startsWith('/')) return true;
  let depth = name.split('/').filter((part) => part !== '' && part !== '.').length - 1;
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
