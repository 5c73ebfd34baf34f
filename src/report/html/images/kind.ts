import { isDecided, type Decision } from '../../../model/decision.ts';
import { questionId } from '../../../model/question-id.ts';
import { safeText } from '../../words/safe-text.ts';
import { candidatesText, formatWord, classificationText } from '../../words/decision-words.ts';
import type { KeptImage } from './collector.ts';
import type { Cutover, ImageKind } from './data.ts';

export function imageKind(image: KeptImage): ImageKind {
  const { decision } = image;
  const decided = isDecided(decision) ? decision : null;
  const partly = decision.status === 'unmappable' ? decision : null;
  const candidates = decision.status === 'ambiguous' ? decision.candidates : [];
  return {
    glance: safeText(image.glance),
    disk: safeText(formatWord(image.diskFormat)),
    container: safeText(formatWord(image.containerFormat)),
    status: decision.status,
    becomes:
      decided === null
        ? candidates.length === 0
          ? '-'
          : candidatesText(candidates)
        : classificationText(decided.classification),
    imageType: decided?.classification.imageType ?? partly?.imageType ?? null,
    containerType: decided?.classification.containerType ?? null,
    envelope: decided?.classification.envelope ?? partly?.envelope ?? null,
    format: decided?.oneField.format ?? null,
    rule: safeText(decision.rule),
    reason: safeText(decision.reason),
    candidates: candidates.map(classificationText),
    findings: decision.findings,
    safety: decision.content?.kind === 'read' ? decision.content.safety : [],
    cutover: cutoverOf(decision),
    today: decision.novaToday,
    after: decided?.disposition ?? null,
    question: questionId(image, decision),
    answer: decision.answered === undefined ? null : safeText(decision.answered.answer),
  };
}

function cutoverOf(decision: Decision): Cutover {
  if (!isDecided(decision)) return 'open';
  return decision.disposition === decision.novaToday ? 'same' : 'differs';
}
