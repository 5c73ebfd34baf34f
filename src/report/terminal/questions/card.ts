import type { QuestionEntry } from '../../../answers/file/document.ts';
import { answerWords, currentEntry, entryState, imagesOf, walkCounts, type Walk } from '../../../answers/walk/walk.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { safeText } from '../../words/safe-text.ts';
import { inside, sentence } from '../layout/section.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';
import { cutText, padding } from '../../words/text-width.ts';
import { tupleText } from '../../words/decision-words.ts';

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
