import { type AnswerStanding, type Decision, isDecided, type Typing } from '../model/decision.ts';
import { sameTyping } from '../rules/table/resolve.ts';

/** How an answer stands to the decision that the rules made. */
export function standingOf(typing: Typing, base: Decision): AnswerStanding {
  if (isDecided(base)) {
    if (sameTyping(base.typing, typing)) return 'candidate';
    return base.status === 'exact' || contradictsContent(typing, base) ? 'against-proof' : 'outside';
  }
  if (base.status === 'ambiguous' && base.candidates.some((candidate) => sameTyping(candidate, typing))) {
    return 'candidate';
  }
  if (contradictsContent(typing, base)) return 'against-proof';
  if (base.status !== 'unmappable') return 'outside';
  // The one thing that an unmappable decision may still know.
  return base.imageType === null || base.imageType === typing.imageType ? 'candidate' : 'outside';
}

/** Whether the bytes named another type, or lie in another container, for certain. */
function contradictsContent({ imageType, containerType, envelope }: Typing, { content }: Decision): boolean {
  if (content?.kind !== 'read' || content.confidence !== 'certain' || content.imageType === null) return false;
  if (content.imageType !== imageType) return true;
  if (content.containerType !== null && content.containerType !== containerType) return true;
  // Nobody ever checked a declared ovf: the descriptor may well lie beside the file.
  return content.envelope !== envelope && !(content.envelope === null && envelope === 'ovf');
}
