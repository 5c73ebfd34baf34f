/**
 * What the names of an archive's members say of the archive. Names come from the image: they are compared and never kept.
 * Sources: DSP0243 (OVF packages); docker save and the OCI image layout (image-layout.md); XenServer's Nova plugin for Glance.
 */

export function isDescriptor(name: string): boolean {
  return name.toLowerCase().endsWith('.ovf');
}

/** Members of a package that are no disks: descriptor, manifest, certificate, firmware variables, texts. */
const NO_DISK = /\.(?:ovf|mf|cert|nvram|xml|txt|md|json|strings)$/u;

export function isDiskName(name: string): boolean {
  return !NO_DISK.test(name.toLowerCase());
}

/** A chain of VHD files, the newest first. */
export function isXenServerName(name: string): boolean {
  return /^(?:\d+|image)\.vhd$/u.test(name);
}

const LAYER = /^(?:[0-9a-f]{64}\/(?:layer\.tar|json|VERSION)|blobs\/sha256\/[0-9a-f]{64}|oci-layout|\.dockerenv)$/u;
const INDEX = new Set(['manifest.json', 'repositories', 'index.json']);
const ROOT = new Set([
  'bin',
  'boot',
  'dev',
  'etc',
  'home',
  'lib',
  'lib64',
  'opt',
  'proc',
  'root',
  'sbin',
  'sys',
  'usr',
  'var',
]);
const ROOT_DIRECTORIES = 4;

/** An image of docker or of the OCI, or the root directory of a container. */
export function dockerSign(names: readonly string[]): boolean {
  if (names.some((name) => LAYER.test(name))) return true;
  if (names.filter((name) => INDEX.has(name)).length > 1) return true;
  return (
    new Set(names.map((name) => name.split('/', 1)[0] ?? '').filter((top) => ROOT.has(top))).size >= ROOT_DIRECTORIES
  );
}
