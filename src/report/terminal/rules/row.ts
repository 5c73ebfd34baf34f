import type { RuleText } from '../../words/rules-text.ts';
import { type Labelled, renderLabelled } from '../layout/labelled.ts';
import { safeText } from '../../words/safe-text.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';
import { orList } from '../../words/words.ts';

/** One row of the table: its id and where it stands, and under it condition, answer and reason. */
export function ruleBlock(row: RuleText, style: TerminalStyle): string {
  const lines: readonly Labelled[] = [
    { label: '    when', text: whenText(row) },
    { label: '    then', text: row.answer },
    { label: '    why', text: row.reason, tone: 'dim' },
    ...(row.findings.length === 0 ? [] : [{ label: '    adds', text: row.findings.join(', ') }]),
  ];
  const title = `${paint(safeText(row.id), 'bold', style)}  ${paint(safeText(placeText(row)), 'dim', style)}`;
  return `${title}\n${renderLabelled(lines, style)}`;
}

/** `config/rules.yaml:120`. */
function placeText({ place }: RuleText): string {
  return place.replace(/ \S+$/, '');
}

function whenText({ when }: RuleText): string {
  if (when.length === 0) return 'always';
  return when.map(({ attribute, words }) => `${attribute} is ${orList(words)}`).join('; ');
}
