import type { ImageEvidence, ImageRecord, ReferencedBy, ReferenceTarget, RowShape } from '../../model/image.ts';
import { type SizeClass, sizeClass } from '../../model/size-class.ts';
import { type NameHint, nameHint } from './name-hint.ts';
import { propertyToken } from './property-token.ts';
import { contentKey, seeContent, type SeenContent } from './seen-content.ts';

/**
 * An image reduced to what a decision may depend on. Decisions are made from this and from nothing else, so two images
 * with the same `patternKey` have the same decision, except for the ids of other images in its evidence. No name,
 * owner, location or property text is in it.
 */
export interface Observation {
  readonly status: string;
  readonly row: 'live' | 'deleted';
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly size: SizeClass;
  readonly minDisk: 'none' | 'some';
  readonly name: NameHint | null;
  /** Property names with their tokens, sorted by name. Properties that say nothing are left out. */
  readonly tokens: ReadonlyMap<string, string>;
  readonly lostTokens: ReadonlyMap<string, string>;
  readonly kernel: ReferenceTarget;
  readonly ramdisk: ReferenceTarget;
  readonly referencedBy: ReferencedBy | null;
  /** null if the bytes were not read. */
  readonly content: SeenContent | null;
}

const NO_TOKENS: ReadonlyMap<string, string> = new Map();

export function observe(evidence: ImageEvidence): Observation {
  const shape = evidence.shape ?? shapeOf(evidence.image);
  return {
    status: shape.status,
    row: shape.deleted ? 'deleted' : 'live',
    diskFormat: shape.diskFormat,
    containerFormat: shape.containerFormat,
    size: shape.size,
    minDisk: shape.minDisk,
    name: nameHint(evidence.image.name),
    tokens: tokensOf(evidence.properties),
    lostTokens: tokensOf(evidence.lostProperties),
    kernel: evidence.kernel,
    ramdisk: evidence.ramdisk,
    referencedBy: evidence.referencedBy,
    content: evidence.content === undefined ? null : seeContent(evidence.content),
  };
}

/** The shape of a row that was read column by column. */
export function shapeOf({ status, deleted, diskFormat, containerFormat, size, minDisk }: ImageRecord): RowShape {
  return {
    status,
    deleted,
    diskFormat,
    containerFormat,
    size: sizeClass(size),
    minDisk: minDisk !== null && minDisk > 0 ? 'some' : 'none',
  };
}

/**
 * One text for all observations that differ at most in the ids of other images and in how many images name this one. No
 * decision depends on these; they are only shown (`referenceLines`). Kernels and the images that name them would
 * otherwise each be decided by themselves. Free text carries its length, so no two patterns share a key.
 */
export function patternKey(seen: Observation): string {
  const base = `${text(seen.status)}${text(seen.diskFormat)}${text(seen.containerFormat)}${seen.row},${seen.size},${seen.minDisk},${seen.name}`;
  if (seen.tokens === NO_TOKENS && seen.lostTokens === NO_TOKENS && seen.content === null && !isReferring(seen)) {
    return base;
  }
  const by = seen.referencedBy;
  const usedAs = by === null ? '' : `${by.asKernel > 0 ? 'kernel' : ''},${by.asRamdisk > 0 ? 'ramdisk' : ''}`;
  const references = `${target(seen.kernel)};${target(seen.ramdisk)};${usedAs}`;
  return `${base};${tokenText(seen.tokens)};${tokenText(seen.lostTokens)};${references};${seen.content === null ? '' : contentKey(seen.content)}`;
}

/** Whether an image names other images, or is named by them. */
export function isReferring({ kernel, ramdisk, referencedBy }: Observation): boolean {
  return referencedBy !== null || kernel.kind !== 'absent' || ramdisk.kind !== 'absent';
}

function tokensOf(properties: ReadonlyMap<string, string | null>): ReadonlyMap<string, string> {
  if (properties.size === 0) return NO_TOKENS;
  const found: [string, string][] = [];
  for (const [name, value] of properties) {
    const token = propertyToken(name, value);
    if (token !== '') found.push([name, token]);
  }
  if (found.length === 0) return NO_TOKENS;
  if (found.length > 1) found.sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(found);
}

function text(value: string | null): string {
  return value === null ? '-:' : `${value.length}:${value}`;
}

function target(reference: ReferenceTarget): string {
  if (reference.kind === 'absent') return '-';
  if (reference.kind !== 'live') return reference.kind;
  return `live ${text(reference.diskFormat)}${text(reference.containerFormat)}`;
}

function tokenText(tokens: ReadonlyMap<string, string>): string {
  let joined = '';
  for (const [name, token] of tokens) joined += `${name}=${token},`;
  return joined;
}
