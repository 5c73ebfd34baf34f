import type { Classification } from '../../model/decision.ts';
import type { Severity } from '../../model/finding.ts';
import type { DecisionStatus, Disposition } from '../../model/vocabulary.ts';
import type { Tone } from './style.ts';

/** A format word as found. Quoted where it could be taken for something else: the empty string, blanks at an end, the word NULL. */
export function formatWord(word: string | null): string {
  if (word === null) return 'NULL';
  return word === '' || word !== word.trim() || word.toUpperCase() === 'NULL' ? `'${word}'` : word;
}

/** `disk/qcow2`, `disk/vmdk in ova`. */
export function classificationText(classification: Classification): string {
  return `${classification.imageType}/${insideText(classification)}`;
}

function insideText({ containerType, envelope }: Classification): string {
  return envelope === null ? containerType : `${containerType} in ${envelope}`;
}

/** Best first: `disk/raw or filesystem/raw`; `(disk, filesystem or kernel)/raw` where all else is equal. */
export function candidatesText(candidates: readonly Classification[]): string {
  const [first] = candidates;
  if (first === undefined) return '-';
  const alike = candidates.every(
    (other) => other.containerType === first.containerType && other.envelope === first.envelope,
  );
  if (!alike || candidates.length < 3) return orList(candidates.map(classificationText));
  const types = orList(candidates.map((candidate) => candidate.imageType));
  return `(${types})/${insideText(first)}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

export const STATUS_TONES: Readonly<Record<DecisionStatus, Tone>> = {
  exact: 'good',
  inferred: 'good',
  ambiguous: 'warn',
  unmappable: 'warn',
  'not-applicable': 'dim',
};

export const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = { error: 'bad', warning: 'warn', info: 'dim' };

/** What Nova does with an image today: "images that Nova …". */
export const TODAY: Readonly<Record<Disposition, string>> = {
  'boot-disk': 'boots as a disk today',
  'boot-with-kernel': 'boots with a kernel today',
  'attach-cdrom': 'attaches as a CD-ROM today',
  'use-as-kernel': 'uses as a kernel today',
  'use-as-ramdisk': 'uses as a ramdisk today',
  refuse: 'refuses today',
};

/** What a consumer of the new model does with it: "images will …". */
export const AFTER: Readonly<Record<Disposition, string>> = {
  'boot-disk': 'be booted as a disk',
  'boot-with-kernel': 'be booted with a kernel only',
  'attach-cdrom': 'be attached as a CD-ROM',
  'use-as-kernel': 'be used as a kernel',
  'use-as-ramdisk': 'be used as a ramdisk',
  refuse: 'be refused',
};
