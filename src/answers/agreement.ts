import { type AnswerAgreement, type Decision, isDecided, type Classification } from '../model/decision.ts';
import { sameClassification } from '../rules/table/resolve.ts';

/** Says how far an answer agrees with the decision that the rules made. */
export function agreementOf(classification: Classification, base: Decision): AnswerAgreement {
  if (isDecided(base)) {
    if (sameClassification(base.classification, classification)) return 'candidate';
    return base.status === 'exact' || contradictsContent(classification, base) ? 'against-proof' : 'outside';
  }
  if (
    base.status === 'ambiguous' &&
    base.candidates.some((candidate) => sameClassification(candidate, classification))
  ) {
    return 'candidate';
  }
  if (contradictsContent(classification, base)) return 'against-proof';
  if (base.status !== 'unmappable') return 'outside';
  // An unmappable decision may still know the image type.
  return base.imageType === null || base.imageType === classification.imageType ? 'candidate' : 'outside';
}

/** Whether the bytes are, for certain, of another type or in another container. */
function contradictsContent({ imageType, containerType, envelope }: Classification, { content }: Decision): boolean {
  if (content?.kind !== 'read' || content.confidence !== 'certain' || content.imageType === null) return false;
  if (content.imageType !== imageType) return true;
  if (content.containerType !== null && content.containerType !== containerType) return true;
  // A declared ovf was never checked: the descriptor may be a separate file.
  return content.envelope !== envelope && !(content.envelope === null && envelope === 'ovf');
}
