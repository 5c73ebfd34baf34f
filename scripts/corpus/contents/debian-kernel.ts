import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Workshop } from '../workshop.ts';

/** The smallest of Debian's kernels, for clouds; a package that only depends on the current one. */
const META_PACKAGE = 'linux-image-cloud-amd64';

/**
 * The current kernel package of this Debian, downloaded once and kept in `folder`, which outlives the corpus; not installed.
 * @returns the path of the .deb.
 * @throws Error where apt knows no such package or cannot download it.
 */
export async function kernelPackage(shop: Workshop, folder: string): Promise<string> {
  const depends = (await shop.run('apt-cache', ['depends', '--important', META_PACKAGE])).toString();
  const name = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
  if (name === undefined)
    throw new Error(`apt knows no ${META_PACKAGE}: the corpus needs Debian on amd64 and apt-get update`);
  const kept = path.join(folder, `${name}.deb`);
  if (existsSync(kept)) return kept;
  mkdirSync(folder, { recursive: true });
  const download = mkdtempSync(path.join(folder, 'download-'));
  try {
    await shop.run('apt-get', ['-q', 'download', name], { cwd: download });
    const [file] = readdirSync(download);
    if (file === undefined) throw new Error(`apt-get downloaded nothing for ${name}`);
    renameSync(path.join(download, file), kept);
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
  return kept;
}
