import type { Decision } from '../../model/decision.ts';
import { foldFormat } from '../../model/fold-word.ts';
import type { ImageEvidence } from '../../model/image.ts';
import type { Predicate } from './answer.ts';
import { compileGlob, type Glob } from './glob.ts';
import { isInRange, sizeRangeText } from './size-range.ts';

/** Whether an image meets all conditions. `decision` is the one of the rules, with or without an answer applied. */
export type Matcher = (evidence: ImageEvidence, decision: Decision) => boolean;

/**
 * Kinds of evidence that say nothing about an image beyond its tuple. `operator` is an alias from a rules file, or
 * the line that an answer adds.
 */
const NO_EVIDENCE: ReadonlySet<string> = new Set(['tuple', 'rule', 'size', 'operator']);

export function compilePredicate(when: Predicate): Matcher {
  const { diskFormats, containerFormats, owners, names, properties, size, evidence } = when;
  const tests: Matcher[] = [];
  if (diskFormats !== null) {
    const words = new Set(diskFormats);
    tests.push(({ image }) => words.has(foldFormat(image.diskFormat)));
  }
  if (containerFormats !== null) {
    const words = new Set(containerFormats);
    tests.push(({ image }) => words.has(foldFormat(image.containerFormat)));
  }
  if (owners !== null) {
    const known = new Set(owners);
    tests.push(({ image }) => known.has(image.owner));
  }
  if (size !== null) tests.push(({ image }) => isInRange(image.size, size));
  if (evidence !== null) tests.push((_, decision) => saysNothing(decision));
  if (names !== null) {
    const globs = names.map(compileGlob);
    tests.push(({ image }) => meetsAny(image.name, globs));
  }
  for (const { name, patterns } of properties) {
    const globs = patterns?.map(compileGlob) ?? null;
    tests.push(({ properties: live }) => {
      const value = live.get(name);
      return value !== undefined && (globs === null || meetsAny(value, globs));
    });
  }
  return (image, decision) => tests.every((test) => test(image, decision));
}

function saysNothing({ evidence, content }: Decision): boolean {
  // Content that was not read or not recognised is no evidence; contested content is.
  const silent =
    content === undefined || content.kind === 'unread' || (content.imageType === null && content.safety.length === 0);
  return evidence.every(({ kind }) => NO_EVIDENCE.has(kind) || (kind === 'content' && silent));
}

function meetsAny(text: string | null, globs: readonly Glob[]): boolean {
  return text !== null && globs.some((glob) => glob(text));
}

/** How many conditions must hold; every property is one. */
export function conditionCount({ properties, ...others }: Predicate): number {
  return properties.length + Object.values(others).filter((condition) => condition !== null).length;
}

/** A policy speaks about tuples and the lack of evidence, not about owners, names, properties or sizes. */
export function isPolicy({ owners, names, properties, size }: Predicate): boolean {
  return owners === null && names === null && size === null && properties.length === 0;
}

/** For a person: `disk_format=raw, name=vmlinuz*, property os_type is set`. */
export function predicateText(when: Predicate): string {
  const { diskFormats, containerFormats, owners, names, properties, size, evidence } = when;
  const parts = [
    ...listed('disk_format', diskFormats),
    ...listed('container_format', containerFormats),
    ...listed('owner', owners),
    ...listed('name', names),
    ...properties.flatMap(({ name, patterns }) =>
      patterns === null ? [`property ${name} is set`] : listed(`property ${name}`, patterns),
    ),
    ...(size === null ? [] : [`size ${sizeRangeText(size)}`]),
    ...(evidence === null ? [] : ['no evidence']),
  ];
  return parts.join(', ');
}

function listed(what: string, values: readonly (string | null)[] | null): readonly string[] {
  return values === null ? [] : [`${what}=${values.map((value) => value ?? 'null').join('|')}`];
}
