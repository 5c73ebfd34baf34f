import type { Evidence, Classification } from '../../model/decision.ts';
import type { ImageType } from '../../model/vocabulary.ts';
import type { Observation } from './observation.ts';
import { PLATFORM_PROPERTIES } from './property-token.ts';

/** A weak sign. It may move candidates, but never adds or removes one. */
export interface Hint {
  /** Points for candidates of a type, negative ones against. */
  readonly weights: Partial<Readonly<Record<ImageType, number>>>;
  readonly evidence: Evidence;
}

/** Orders candidates by the hints, best first. Candidates with equal scores keep the order of the table. */
export function rankCandidates<T extends readonly Classification[]>(
  candidates: T,
  seen: Observation,
): { readonly candidates: T; readonly hints: readonly Hint[]; readonly evidence: readonly Evidence[] } {
  const types = new Set(candidates.map(({ imageType }) => imageType));
  const hints = hintsOf(seen).filter((hint) => Object.keys(hint.weights).some((type) => types.has(type as ImageType)));
  const score = (classification: Classification) =>
    hints.reduce((sum, hint) => sum + (hint.weights[classification.imageType] ?? 0), 0);
  // Sorting keeps the length, and sort is stable: T stays T.
  const ranked = candidates.toSorted((a, b) => score(b) - score(a)) as readonly Classification[] as T;
  return { candidates: ranked, hints, evidence: hints.map(({ evidence }) => evidence) };
}

function hintsOf(seen: Observation): readonly Hint[] {
  const hints: Hint[] = [];
  const add = (kind: string, detail: string, weights: Hint['weights']) =>
    hints.push({ weights, evidence: { kind, detail } });

  if (seen.name !== null) add('name', `the name looks like ${NAMES[seen.name]}`, { [seen.name]: 4 });
  if (seen.tokens.get('hw_rescue_device') === 'cdrom') add('property', 'hw_rescue_device=cdrom', { iso9660: 4 });
  if (seen.tokens.get('image_location') === 'iso')
    add('property', 'image_location looks like an ISO file', { iso9660: 4 });

  const root = seen.tokens.get('root_device_name');
  if (root === 'partition') add('property', 'root_device_name is a partition', { filesystem: 2 });
  if (root === 'whole') add('property', 'root_device_name is a whole disk', { disk: 2 });
  const mapped = seen.tokens.get('mappings');
  if (mapped === 'partition') add('property', 'mappings put ami on a partition', { filesystem: 2 });
  if (mapped === 'whole') add('property', 'mappings put ami on a whole disk', { disk: 2 });
  if (seen.ramdisk.kind === 'live') add('property', 'ramdisk_id leads to a live image', { filesystem: 2 });

  const platform = PLATFORM_PROPERTIES.find((name) => seen.tokens.has(name));
  if (platform !== undefined) add('property', `${platform} is set, so it is meant to boot`, { disk: 1, filesystem: 1 });
  if (seen.minDisk === 'some') add('property', 'min_disk is set, so it is meant to boot', { disk: 1, filesystem: 1 });

  if (seen.size === 'medium') add('size', 'more than 20 MiB: large for a kernel', { kernel: -1 });
  if (seen.size === 'large')
    add('size', 'more than 512 MiB: large for a kernel or ramdisk', { kernel: -1, ramdisk: -1 });
  return hints;
}

const NAMES = { kernel: 'a kernel', ramdisk: 'a ramdisk', filesystem: 'a root filesystem', iso9660: 'an ISO image' };
