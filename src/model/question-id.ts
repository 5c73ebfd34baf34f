import { createHash } from 'node:crypto';

import { type Decision, isDecided, type Classification } from './decision.ts';
import { foldFormat } from './fold-word.ts';
import type { ImageRecord } from './image.ts';

type FormatWords = Pick<ImageRecord, 'diskFormat' | 'containerFormat'>;

/** The last id for each decision. Decisions are shared, mostly by images with the same spelling of the tuple. */
const known = new WeakMap<Decision, FormatWords & { readonly id: string }>();

/**
 * Names the question that an image belongs to. The id is the same in every plan and on every machine, and does not
 * depend on other images.
 *
 * @returns null if the decision leaves nothing to ask.
 */
export function questionId(image: FormatWords, decision: Decision): string | null {
  if (isDecided(decision) || decision.status === 'not-applicable') return null;
  const cached = known.get(decision);
  if (cached?.diskFormat === image.diskFormat && cached.containerFormat === image.containerFormat) return cached.id;
  const disk = foldFormat(image.diskFormat);
  const container = foldFormat(image.containerFormat);
  const answers =
    decision.status === 'ambiguous'
      ? [classificationText(decision.candidates[0]), ...decision.candidates.map(classificationText).toSorted()]
      : [decision.imageType, decision.envelope];
  const digest = createHash('sha256')
    .update(JSON.stringify([disk, container, decision.status, decision.rule, answers]))
    .digest('hex');
  const id = `${slug(disk)}-${slug(container)}-${digest.slice(0, 8)}`;
  known.set(decision, { diskFormat: image.diskFormat, containerFormat: image.containerFormat, id });
  return id;
}

function classificationText({ imageType, containerType, envelope }: Classification): string {
  return `${imageType}/${containerType}/${envelope ?? ''}`;
}

/** Words come from the database. Only letters, digits and dashes get into an id. */
function slug(word: string | null): string {
  if (word === null) return 'null';
  const plain = word
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 16);
  return plain === '' ? 'odd' : plain;
}
