import type { Shown } from '../../../answers/walk/step.ts';
import { walkCounts, type Walk } from '../../../answers/walk/walk.ts';
import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../../model/vocabulary.ts';
import { countText } from '../../words/number-text.ts';
import { questionCard } from './card.ts';
import { sentence } from '../layout/section.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';

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
