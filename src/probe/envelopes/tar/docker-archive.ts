import { latin1 } from '../../reading/fields.ts';
import { readExactly, Unreadable, type Reading } from '../../reading/reading.ts';
import type { TarMember } from './member.ts';

/** Longest manifest that is read. One of a hundred layers has 10 KB. */
const LONGEST_MANIFEST = 256 * 1024;

const CONFIG = /^sha256:[0-9a-f]{64}$/u;
const LAYER = /^[0-9a-f]{64}\.tar\.gz$/u;

/**
 * Whether an archive is a container image of Docker or OCI. It needs a manifest with layers (`docker save`), an
 * `oci-layout`, or the config and layers of kaniko and crane, whose manifest comes last and may be out of reach.
 * Directories of a root file system prove nothing: any backup has them.
 *
 * Sources: moby image/spec/v1.2.md, "Combined Image JSON + Filesystem Changeset Format"; OCI image-spec,
 * image-layout.md; google/go-containerregistry, pkg/v1/tarball/write.go.
 */
export function* isDockerArchive(members: readonly TarMember[]): Reading<boolean> {
  const files = members.filter(({ kind }) => kind === 'file');
  const named = (name: string): TarMember | undefined => files.find((file) => file.name === name);
  if (hasLayers(yield* jsonOf(named('manifest.json')))) return true;
  const layout = yield* jsonOf(named('oci-layout'));
  if (isObject(layout) && (typeof layout['imageLayoutVersion'] === 'string' || named('index.json') !== undefined))
    return true;
  return files.some(({ name }) => CONFIG.test(name)) && files.some(({ name }) => LAYER.test(name));
}

function* jsonOf(member: TarMember | undefined): Reading<unknown> {
  if (member === undefined || member.sparse !== null || member.size > LONGEST_MANIFEST) return null;
  try {
    const bytes = yield* readExactly(member.offset, member.size);
    return JSON.parse(latin1(bytes)) as unknown;
  } catch (error) {
    if (error instanceof Unreadable || error instanceof SyntaxError) return null;
    throw error;
  }
}

function hasLayers(manifest: unknown): boolean {
  if (!Array.isArray(manifest)) return false;
  return manifest.some((image: unknown) => {
    const layers = isObject(image) ? image['Layers'] : null;
    return Array.isArray(layers) && layers.length > 0 && layers.every((layer) => typeof layer === 'string');
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
