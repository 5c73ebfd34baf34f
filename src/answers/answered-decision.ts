import type { AnswerValue } from '../model/answer.ts';
import {
  type AnswerAgreement,
  type Answered,
  type Classification,
  type Decision,
  type Evidence,
  isDecided,
} from '../model/decision.ts';
import type { FindingCode } from '../model/finding.ts';
import { disposition, oneField } from '../rules/decide/one-field.ts';
import { sameClassification } from '../rules/table/resolve.ts';
import type { Answer } from './answer/answer.ts';
import { answerWords } from './answer/words.ts';

/**
 * Applies an answer to a decision of the rules. The evidence and what today's Nova does stay the same. Author, date
 * and reason become evidence, which the journal keeps.
 *
 * @param question the question that the image belongs to without the answer; null where the rules decide it.
 * @returns a frozen object.
 */
export function answeredDecision(
  base: Exclude<Decision, { readonly status: 'not-applicable' }>,
  answer: Answer,
  question: string | null,
): Decision {
  const { value } = answer;
  const agreement = value.kind === 'leave' ? 'candidate' : agreementOf(value.classification, base);
  const answered: Answered = Object.freeze({ answer: answer.id, question, agreement });
  const evidence = Object.freeze([...base.evidence, Object.freeze(operatorLine(answer))]);
  const shared = { evidence, novaToday: base.novaToday, services: base.services, answered };
  const content = base.content === undefined ? {} : { content: base.content };
  const own = { ...shared, ...content, rule: `answer:${answer.id}` };
  if (value.kind === 'leave') {
    if (!isDecided(base)) return Object.freeze({ ...base, evidence, answered });
    // Nothing may be written to it, and `unmappable` is the only status that says so.
    return Object.freeze({
      ...own,
      status: 'unmappable',
      reason: answer.reason ?? 'left undecided by the operator',
      findings: base.findings,
      imageType: base.classification.imageType,
      envelope: base.classification.envelope,
    });
  }
  const classification: Classification = Object.freeze({ ...value.classification });
  return Object.freeze({
    ...own,
    status: 'inferred',
    reason: answer.reason ?? 'answered by the operator',
    findings: Object.freeze(withFinding(base.findings, FINDING_OF[agreement])),
    classification,
    oneField: Object.freeze(oneField(classification)),
    disposition: disposition(classification.imageType),
  });
}

const FINDING_OF: Readonly<Record<Answered['agreement'], FindingCode | null>> = {
  candidate: null,
  outside: 'ANSWER_OUTSIDE_CANDIDATES',
  'against-proof': 'ANSWER_AGAINST_PROOF',
};

function withFinding(findings: readonly FindingCode[], code: FindingCode | null): readonly FindingCode[] {
  return code === null ? findings : [...new Set([...findings, code])].toSorted();
}

/** `answered disk/raw by ada on 2026-11-24: seen at boot (answers.yaml:31)` */
function operatorLine({ value, author, date, reason, place }: Answer): Evidence {
  const by = `${author === null ? '' : ` by ${author}`}${date === null ? '' : ` on ${date}`}`;
  const why = reason === null ? '' : `: ${reason}`;
  return { kind: 'operator', detail: `${said(value)}${by}${why} (${place})` };
}

function said(value: AnswerValue): string {
  return value.kind === 'leave' ? 'left undecided' : `answered ${answerWords(value)}`;
}

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
