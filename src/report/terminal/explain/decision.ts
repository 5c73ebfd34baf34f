import { isDecided, type Decision } from '../../../model/decision.ts';
import { FINDINGS } from '../../../model/finding.ts';
import type { ImageRecord } from '../../../model/image.ts';
import { questionId } from '../../../model/question-id.ts';
import type { Explanation } from '../../../rules/trace/trace.ts';
import { type Labelled, renderLabelled } from '../layout/labelled.ts';
import { inside, painted, section, sentence } from '../layout/section.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';
import { afterText, todayText } from '../../words/cutover.ts';
import { candidatesText, classificationText, SEVERITY_TONES, STATUS_TONES } from '../../words/decision-words.ts';

export function decisionSection({ evidence, decision, trace }: Explanation, style: TerminalStyle): string {
  const title = `Decision: ${decision.status}${becomesText(decision)}`;
  const lines = renderLabelled(
    [
      { label: 'rule', text: `${decision.rule}: ${decision.reason}` },
      ...answerLines(decision, trace.decision),
      ...outcomeLines(decision, evidence.image),
      { label: 'Nova today', text: todayText(decision.novaToday) },
      ...(isDecided(decision) ? [afterwards(decision)] : []),
      ...refusalLines(decision),
    ],
    inside(style),
  );
  return [painted(title, STATUS_TONES[decision.status], style), ...lines.split('\n').map((line) => `  ${line}`)].join(
    '\n',
  );
}

function becomesText(decision: Decision): string {
  switch (decision.status) {
    case 'exact':
    case 'inferred':
      return `, ${classificationText(decision.classification)}`;
    case 'ambiguous':
      return `, ${candidatesText(decision.candidates)}`;
    case 'unmappable': {
      const { imageType, envelope } = decision;
      return `${imageType === null ? '' : `, ${imageType} in no known container`}${envelope === null ? '' : `, in ${envelope}`}`;
    }
    case 'not-applicable':
      return '';
  }
}

function answerLines({ answered }: Decision, alone: Decision): readonly Labelled[] {
  if (answered === undefined) return [];
  const { answer, question, agreement } = answered;
  const beside = {
    candidate: 'one of the candidates',
    outside: 'not among the candidates',
    'against-proof': 'against a proof',
  };
  return [
    {
      label: 'your answer',
      text: `${answer}, ${beside[agreement]}${question === null ? '; the rules decide the image without it' : `; question ${question}`}`,
      tone: agreement === 'candidate' ? 'plain' : 'warn',
    },
    { label: 'rules alone', text: `${alone.status}${becomesText(alone)}, rule ${alone.rule}` },
  ];
}

function outcomeLines(decision: Decision, image: ImageRecord): readonly Labelled[] {
  if (isDecided(decision)) {
    const { oneField } = decision;
    return [{ label: 'one field', text: oneField.format ?? oneField.why }];
  }
  const question = questionId(image, decision);
  return question === null ? [] : [{ label: 'question', text: question }];
}

function afterwards(decision: Extract<Decision, { disposition: unknown }>): Labelled {
  const differs = decision.disposition !== decision.novaToday;
  return { label: 'afterwards', text: afterText(decision.disposition), tone: differs ? 'warn' : 'plain' };
}

function refusalLines({ content }: Decision): readonly Labelled[] {
  if (content?.kind !== 'read' || content.refusal === null) return [];
  return [{ label: 'refused', text: `by Nova and Glance of 2024 and later: ${content.refusal}`, tone: 'warn' }];
}

export function findingsSection({ findings }: Decision, style: TerminalStyle): string {
  if (findings.length === 0) return '';
  const blocks = findings.flatMap((code) => {
    const { severity, title, text } = FINDINGS[code];
    return [
      paint(sentence(`${code} (${severity}): ${title}`, inside(style), '', '  '), SEVERITY_TONES[severity], style),
      sentence(text, inside(style), '  '),
    ];
  });
  return section('Findings', blocks, style);
}
