import { type Decision, isDecided } from '../../../model/decision.ts';
import { FINDINGS } from '../../../model/finding.ts';
import type { ImageRecord } from '../../../model/image.ts';
import { questionId } from '../../../model/question-id.ts';
import type { Explanation } from '../../../rules/trace/trace.ts';
import type { ReportHeader, ServiceTitles } from '../../plan/report.ts';
import { candidatesText, classificationText, SEVERITY_TONES, STATUS_TONES } from '../../words/decision-words.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';
import { afterText, todayText } from '../../words/summary-words.ts';
import {
  inside,
  type Labelled,
  nextLines,
  page,
  painted,
  renderLabelled,
  section,
  sentence,
} from '../layout/section.ts';
import {
  contentSection,
  imageTitle,
  propertiesSection,
  referencesSection,
  rowSection,
  storedLine,
  storedSection,
} from './image.ts';
import { joiningSection, rulesSection } from './rules.ts';
import { servicesSection } from './services.ts';

export interface ExplanationFrame {
  readonly header: ReportHeader;
  /** The commands to type next, as the operator would type them. */
  readonly next: readonly string[];
  readonly serviceTitles: ServiceTitles;
}

/**
 * How one image is decided. First the answer and what to do next; then, as far as `extent` says, what was seen, how the
 * rules came to it, what is stored. Ends in LF.
 */
export function renderExplanation(
  explanation: Explanation,
  { header, next, serviceTitles }: ExplanationFrame,
  extent: 'answer' | 'everything',
  style: TerminalStyle,
): string {
  const { evidence, trace, decision, stored } = explanation;
  const answer = [
    imageTitle(evidence, style),
    decisionSection(explanation, style),
    servicesSection(decision, header, serviceTitles, style),
    next.length > 0
      ? nextLines(next, style)
      : section('Next', [sentence(nothingNext(explanation), inside(style))], style),
    findingsSection(decision, style),
  ];
  if (extent === 'answer') {
    const more = 'The evidence, every rule that was tried, and all that is stored: the same command with --full.';
    return page([...answer, storedLine(stored, style), paint(sentence(more, style), 'dim', style)]);
  }
  return page([
    ...answer,
    rowSection(evidence, style),
    propertiesSection(evidence, style),
    referencesSection(evidence, style),
    contentSection(evidence, style),
    rulesSection(trace, style),
    joiningSection(trace, style),
    storedSection(stored, header, style),
  ]);
}

function nothingNext({ decision, stored }: Explanation): string {
  if (decision.status === 'not-applicable') return 'nothing: there is no payload to classify';
  return stored.kind === 'not-expanded'
    ? 'nothing to answer: migrate writes this decision, once expand has made the columns'
    : 'nothing';
}

export function decisionSection({ evidence, decision, trace }: Explanation, style: TerminalStyle): string {
  const title = `Decision: ${decision.status}${becomesText(decision)}`;
  const lines = renderLabelled(
    [
      { label: 'rule', text: `${decision.rule}: ${decision.reason}` },
      ...answerLines(decision, trace.decision),
      ...outcomeLines(decision, evidence.image),
      ...seenLines(decision),
      { label: 'Nova today', text: todayText(decision.novaToday) },
      ...afterLines(decision),
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

/** What the decision rests on, without the rows of the table that took part. */
function seenLines({ evidence }: Decision): readonly Labelled[] {
  return evidence
    .filter(({ kind }) => kind !== 'rule')
    .map(({ kind, detail }, index) => ({ label: index === 0 ? 'seen' : '', text: `${kind}: ${detail}` }));
}

function afterLines(decision: Decision): readonly Labelled[] {
  if (!isDecided(decision)) return [];
  const tone = decision.disposition === decision.novaToday ? 'plain' : 'warn';
  return [{ label: 'afterwards', text: afterText(decision.disposition), tone }];
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
