/**
 * What the names of an archive's members say of the archive. Names come from the image: they are compared and never kept.
 * Sources: DSP0243 (OVF packages); XenServer's Nova plugin for Glance.
 */

function isDescriptor(name: string): boolean {
  return name.toLowerCase().endsWith('.ovf');
}

/** Members of a package that are no disks: descriptor, manifest, certificate, firmware variables, texts. */
const NO_DISK = /\.(?:ovf|mf|cert|nvram|xml|txt|md|json|strings)$/u;

export function isDiskName(name: string): boolean {
  return !NO_DISK.test(name.toLowerCase());
}

/** A package may bring an ISO image beside its disk, for the first boot. */
export function isVirtualDiskName(name: string): boolean {
  return isDiskName(name) && !/\.iso$/iu.test(name);
}

/** A name that an image has, wrapped or not. */
export function isImageName(name: string): boolean {
  return /\.(?:vhdx?|vmdk|vdi|qcow2?|qed|raw|img|iso|hdd)(?:\.(?:gz|bz2|xz|zst))?$/iu.test(name);
}

/**
 * A descriptor stands among the first members, which some tools do not make it do (DSP0243 5.3), or all lie beside each
 * other.
 */
const DESCRIPTOR_WITHIN = 4;

export function isPackage(names: readonly string[]): boolean {
  const at = names.findIndex(isDescriptor);
  if (at < 0) return false;
  const directories = new Set(names.map((name) => name.slice(0, Math.max(0, name.lastIndexOf('/')))));
  return at < DESCRIPTOR_WITHIN || directories.size === 1;
}

/** A chain of VHD files, the newest first. */
export function isXenServerName(name: string): boolean {
  return /^(?:\d+|image)\.vhd$/u.test(name);
}

/** Whether unpacking a member of this name would write beside the directory that it is unpacked in. */
export function leavesDirectory(name: string): boolean {
  return /^(?:[/\\]|[a-z]:[/\\])/iu.test(name) || name.split(/[/\\]/u).includes('..');
}

/** Whether a symbolic link in a member of this name leads out of the directory that the archive is unpacked in. */
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
