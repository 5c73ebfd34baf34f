import type { Typing } from '../model/decision.ts';
import type { ImageType } from '../model/vocabulary.ts';
import type { Facts } from './attribute.ts';
import type { Outcome, TupleAnswer } from './combine.ts';
import { isOldRamdisk, typesOf } from './content-fit.ts';
import { foundEnvelope } from './corrected-tuple.ts';
import type { SeenContent } from './seen-content.ts';
import type { Vocabulary } from './word.ts';

interface Declared {
  readonly tuple: TupleAnswer;
  /** What the row says without the bytes. */
  readonly row: Outcome;
  readonly facts: Facts;
  readonly vocabulary: Vocabulary;
}

/** The answer of the bytes; null where they name no type. Of types that the same bytes allow, a declared one is taken. */
export function foundTyping(content: SeenContent, declared: Declared): Typing | null {
  if (content.kind === 'unread' || content.containerType === null) return null;
  const types = typesOf(content);
  const [first] = types;
  if (first === undefined) return null;
  const imageType = declaredTypes(declared).find((type) => types.includes(type)) ?? first;
  const envelope = isOldRamdisk(content, imageType) ? null : foundEnvelope(content, declared.tuple.envelope);
  return { imageType, containerType: content.containerType, envelope };
}

/** Strongest first: live references, the row's one answer, then the words themselves. */
function declaredTypes({ row, facts, vocabulary }: Declared): readonly ImageType[] {
  const role: readonly ImageType[] = facts.used_as === 'kernel' || facts.used_as === 'ramdisk' ? [facts.used_as] : [];
  const decided = row.kind === 'decided' ? [row.typing.imageType] : [];
  const words = [vocabulary.disk.words.get(facts.disk)?.type, vocabulary.container.words.get(facts.container)?.type];
  return [...role, ...decided, ...words.filter((type) => type !== undefined && type !== null)];
}
