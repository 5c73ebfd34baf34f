import type { Classification } from '../../model/decision.ts';
import type { ImageType } from '../../model/vocabulary.ts';
import type { Facts } from '../table/attribute.ts';
import type { Outcome, TupleAnswer } from './combine.ts';
import { isOldRamdisk, typesOf } from './content-fit.ts';
import { foundEnvelope } from './corrected-tuple.ts';
import type { SeenContent } from './seen-content.ts';
import type { Vocabulary } from '../table/word.ts';

interface Declared {
  readonly tuple: TupleAnswer;
  /** What the row says without the bytes. */
  readonly row: Outcome;
  readonly facts: Facts;
  readonly vocabulary: Vocabulary;
}

/**
 * The answer of the bytes; none where they name no type. Of types that the same bytes allow, a declared one is taken;
 * where none is, all of them, the likeliest first.
 */
export function foundClassifications(content: SeenContent, declared: Declared): readonly Classification[] {
  if (content.kind === 'unread' || content.containerType === null) return [];
  const { containerType } = content;
  const allowed = typesOf(content);
  const chosen = declaredTypes(declared).find((type) => allowed.includes(type));
  // A ramdisk of the old kind is one only where somebody says so.
  const others = allowed.slice(1).filter((type) => !isOldRamdisk(content, type));
  const types = chosen === undefined ? [...allowed.slice(0, 1), ...others] : [chosen];
  return types.map((imageType) => {
    const envelope = isOldRamdisk(content, imageType) ? null : foundEnvelope(content, declared.tuple.envelope);
    return { imageType, containerType, envelope };
  });
}

/** Strongest first: live references, the row's one answer, then the words themselves. */
function declaredTypes({ row, facts, vocabulary }: Declared): readonly ImageType[] {
  const role: readonly ImageType[] = facts.used_as === 'kernel' || facts.used_as === 'ramdisk' ? [facts.used_as] : [];
  const decided = row.kind === 'decided' ? [row.classification.imageType] : [];
  const words = [vocabulary.disk.words.get(facts.disk)?.type, vocabulary.container.words.get(facts.container)?.type];
  return [...role, ...decided, ...words.filter((type) => type !== undefined && type !== null)];
}
