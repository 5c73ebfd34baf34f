import type { QuestionEntry } from '../../answers/file/document.ts';
import type { Shown } from '../../answers/walk/step.ts';
import {
  answerWords,
  currentEntry,
  entryState,
  type EntryState,
  imagesOf,
  type Walk,
  walkCounts,
} from '../../answers/walk/walk.ts';
import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../model/vocabulary.ts';
import { tupleText } from '../words/decision-words.ts';
import { counted, countText, imagesText } from '../words/number-text.ts';
import { safeText } from '../words/safe-text.ts';
import { paint, type TerminalStyle, type Tone } from '../words/style.ts';
import { cutText, padding } from '../words/text-width.ts';
import { inside, nextSection, sentence } from './layout/section.ts';
import { type Cell, cut, figures, renderTable, whole } from './layout/table.ts';

const SIGHTS_SHOWN = 3;
const SAMPLES_SHOWN = 2;
const LABEL_WIDTH = 'evidence  '.length;

export type CardDepth = 'card' | 'details';

/** One question as it is asked: its place, what is known, the candidates by number. Ends in LF. */
export function questionCard(walk: Walk, depth: CardDepth, style: TerminalStyle): string {
  const entry = currentEntry(walk);
  if (entry === null || walk.at === null) return '';
  const within = inside(style);
  const { facts } = entry;
  const lines = [
    paint(cutText(progressText(walk, walk.at), style.width), 'dim', style),
    paint(sentence(`${facts.id}: ${imagesText(imagesOf(entry))} of ${tupleText(facts, '/')}`, style), 'bold', style),
    labelled('why', [`${facts.why} (${facts.rule})`], within),
    labelled('evidence', evidenceOf(entry, depth), within),
    candidateLines(entry, within),
    labelled('such as', samplesOf(entry, depth, within), within),
    answeredLines(walk, entry, within),
  ];
  return `\n${lines.filter((line) => line !== '').join('\n')}\n`;
}

function progressText(walk: Walk, at: number): string {
  const counts = walkCounts(walk.document, walk.growthLimitPercent);
  const open = counts.open + counts.grown;
  return `Question ${countText(at + 1)} of ${countText(counts.questions)}, ${countText(open)} to answer; ${countText(counts.imagesAnswered)} of ${imagesText(counts.images)} answered`;
}

function evidenceOf({ facts }: QuestionEntry, depth: CardDepth): readonly string[] {
  if (depth === 'details' || facts.evidence.length <= SIGHTS_SHOWN) return facts.evidence;
  return [...facts.evidence.slice(0, SIGHTS_SHOWN), `and ${facts.evidence.length - SIGHTS_SHOWN} more: e shows them`];
}

/** Cut, so that one image is one line. */
function samplesOf({ facts }: QuestionEntry, depth: CardDepth, style: TerminalStyle): readonly string[] {
  const shown = depth === 'details' ? facts.samples : facts.samples.slice(0, SAMPLES_SHOWN);
  return shown.map(({ id, name }) => {
    const text = safeText(`${id}  ${name === null ? 'without a name' : name}`);
    return cutText(text, style.width - LABEL_WIDTH - 2);
  });
}

function candidateLines({ facts }: QuestionEntry, style: TerminalStyle): string {
  if (facts.candidates.length === 0) {
    return `  ${paint('no candidates: type TYPE/CONTAINER, or l to leave them undecided', 'dim', style)}`;
  }
  const digits = String(facts.candidates.length).length;
  return facts.candidates
    .map((words, index) => `  ${paint(String(index + 1).padStart(digits), 'bold', style)}  ${safeText(words)}`)
    .join('\n');
}

function answeredLines(walk: Walk, entry: QuestionEntry, style: TerminalStyle): string {
  const { answer, facts } = entry;
  if (answer === null) return '';
  const state = entryState(entry, walk.growthLimitPercent);
  const lines = [paint(labelled('answered', [answerText(entry)], style), 'good', style)];
  if (facts.imagesNow !== null) {
    const change = `answered for ${imagesText(facts.images)}; now there are ${countText(facts.imagesNow)}. c confirms the answer for all of them.`;
    lines.push(paint(labelled(state === 'grown' ? 'grown' : 'changed', [change], style), 'warn', style));
  }
  return lines.join('\n');
}

/** `disk/raw by ada on 2026-11-24: seen at boot` */
export function answerText(entry: QuestionEntry): string {
  const { author, date, reason } = entry;
  const by = author === null ? '' : ` by ${author}`;
  const on = date === null ? '' : ` on ${date}`;
  return `${answerWords(entry) ?? ''}${by}${on}${reason === null ? '' : `: ${reason}`}`;
}

/** Texts under one label, two columns in; each begins on a line of its own. */
function labelled(label: string, texts: readonly string[], style: TerminalStyle): string {
  const hanging = ' '.repeat(LABEL_WIDTH + 2);
  return texts
    .map((text, index) => {
      const first = `  ${label}${padding(label, LABEL_WIDTH)}`;
      return sentence(text, style, index === 0 ? first : hanging, hanging);
    })
    .join('\n');
}

const TONES: Readonly<Record<EntryState, Tone>> = { open: 'warn', grown: 'bad', answered: 'good' };

/** Every question with its state, and what is left to do. Ends in LF. */
export function questionList(walk: Walk, next: readonly string[], style: TerminalStyle): string {
  const rows = walk.document.questions.map((entry): readonly Cell[] => {
    const state = entryState(entry, walk.growthLimitPercent);
    return [
      countText(imagesOf(entry)),
      entry.facts.id,
      tupleText(entry.facts, '/'),
      { text: state, tone: TONES[state] },
      entry.answer === null ? entry.facts.candidates.join(', ') : answerText(entry),
    ];
  });
  const table = renderTable(
    [figures('images'), whole('question'), cut('tuple'), whole('state'), cut('answer, or candidates')],
    rows,
    style,
  );
  return `${rows.length === 0 ? '' : `${table}\n\n`}${whatIsLeft(walk, next, style)}`;
}

/** What is answered, what is not, and the commands to type next. Ends in LF. */
export function whatIsLeft(walk: Walk, next: readonly string[], style: TerminalStyle): string {
  const counts = walkCounts(walk.document, walk.growthLimitPercent);
  const left = [
    counts.open === 0 ? '' : `${counted(counts.open, 'question')} not answered`,
    counts.grown === 0 ? '' : `${counted(counts.grown, 'question')} grown since answered`,
  ].filter((text) => text !== '');
  const verdict =
    counts.questions === 0
      ? 'There are no questions in this file.'
      : left.length === 0
        ? `All ${counted(counts.questions, 'question')} answered: ${imagesText(counts.images)}.`
        : `${left.join(', ')}: ${imagesText(counts.imagesOpen)} of ${countText(counts.images)}.`;
  const others =
    counts.otherAnswers === 0
      ? ''
      : `${counted(counts.otherAnswers, 'more answer')} for image ids and conditions; plan --answers shows what they decide.`;
  return [
    paint(sentence(verdict, style), left.length === 0 ? 'good' : 'warn', style),
    ...(others === '' ? [] : [sentence(others, style)]),
    ...(next.length === 0 ? [] : [nextSection(next, style)]),
    '',
  ].join('\n');
}

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['1, 2, …', 'the candidate with that number'],
  ['TYPE/CONTAINER', 'any other answer; with a wrapper: TYPE/CONTAINER in ENVELOPE'],
  ['l', 'leave these undecided on purpose'],
  ['Enter, s', 'skip this question for now'],
  ['e', 'all evidence and samples'],
  ['b, u', 'undo the last answer; again: the one before it'],
  ['g ID', 'go to a question by its id, the beginning of its id, or its number'],
  ['c', 'confirm an answer whose group has grown'],
  ['w', 'save; every answer is saved at once anyway'],
  ['q', 'quit; nothing is lost'],
];
const KEYS_WIDTH = 'TYPE/CONTAINER  '.length;

export function walkText(walk: Walk, shown: Shown, style: TerminalStyle): string {
  switch (shown.kind) {
    case 'question':
      return questionCard(walk, 'card', style);
    case 'details':
      return questionCard(walk, 'details', style);
    case 'help':
      return helpText(style);
    case 'end':
      return `\n${sentence(endText(walk), style)}\n`;
    case 'note':
      return `${paint(sentence(shown.text, style), shown.weight, style)}\n`;
  }
}

export function walkPrompt({ asks, at }: Walk, style: TerminalStyle): string {
  if (asks === 'reason') return `${paint('why?', 'bold', style)} (Enter: no reason, b: take back) `;
  return at === null
    ? `${paint('Enter or q: end, b: back >', 'bold', style)} `
    : `${paint('answer, or ? >', 'bold', style)} `;
}

function endText({ document, growthLimitPercent, skipped }: Walk): string {
  const { questions, open, grown } = walkCounts(document, growthLimitPercent);
  if (questions === 0) return 'This file has no questions.';
  if (open + grown === 0) return 'Every question is answered.';
  const passed = countText(skipped.size);
  return `That was the last question. ${passed} skipped ${skipped.size === 1 ? 'question' : 'questions'}: g ID goes back to one.`;
}

function helpText(style: TerminalStyle): string {
  const blank = ' '.repeat(KEYS_WIDTH + 2);
  const lines = [
    ...KEYS.map(([keys, what]) => sentence(what, style, `  ${keys.padEnd(KEYS_WIDTH)}`, blank)),
    sentence(`TYPE: ${IMAGE_TYPES.join(', ')}`, style, '  ', '    '),
    sentence(`CONTAINER: ${CONTAINER_TYPES.join(', ')}`, style, '  ', '    '),
    sentence(`ENVELOPE: ${ENVELOPES.join(', ')}`, style, '  ', '    '),
  ];
  return `\n${lines.join('\n')}\n`;
}
