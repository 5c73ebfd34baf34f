import { type RuleSection, type RuleTable, SECTION_TITLES } from '../../../rules/table/rule-table.ts';
import { aliasRecords, type RulesOrigin } from '../../records/rules-record.ts';
import { type RuleText, sectionTexts } from '../../words/rules-text.ts';
import { type Labelled, renderLabelled } from '../layout/labelled.ts';
import { counted } from '../../words/number-text.ts';
import { inside, page, section, sentence } from '../layout/section.ts';
import { safeText } from '../../words/safe-text.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';
import { orList } from '../../words/decision-words.ts';

/** Shorter groups are written out in the conditions. */
const GROUP_AT_LEAST = 4;

const WORD_ATTRIBUTES: ReadonlySet<string> = new Set(['disk', 'container']);

/** The table in the order of a decision. Ends in LF. */
export function renderRules(
  table: RuleTable,
  sections: readonly RuleSection[],
  origin: RulesOrigin,
  style: TerminalStyle,
): string {
  return page([
    headSection(origin, style),
    ...sections.map((name) => sectionBlock(table, name, style)),
    wordsSection(table, sections, style),
  ]);
}

/** Which table it is, and in which order its parts come. */
export function headSection({ files, digest, shippedDigest }: RulesOrigin, style: TerminalStyle): string {
  const lines: readonly Labelled[] = [
    {
      label: 'order',
      text: files.length === 0 ? 'the shipped table alone' : `${files.join(', then ')}, then the shipped table`,
    },
    { label: 'digest', text: digest },
    ...(files.length === 0 ? [] : [{ label: 'shipped', text: shippedDigest }]),
  ];
  return section('Rules', [renderLabelled(lines, inside(style))], style);
}

function sectionBlock(table: RuleTable, name: RuleSection, style: TerminalStyle): string {
  const rows = sectionTexts(table, name);
  const title = `${name}, ${counted(rows.length, 'row')}`;
  const about = paint(sentence(SECTION_TITLES[name], inside(style)), 'dim', style);
  return section(title, [about, ...rows.map((row) => `\n${ruleBlock(row, inside(style))}`)], style);
}

function wordsSection(table: RuleTable, sections: readonly RuleSection[], style: TerminalStyle): string {
  const shown = sections.flatMap((name) => sectionTexts(table, name));
  const looksAtWords = shown.some(({ when }) => when.some(({ attribute }) => WORD_ATTRIBUTES.has(attribute)));
  if (!looksAtWords) return '';
  const groups = (['disk', 'container'] as const).flatMap((column) =>
    [...table.vocabulary[column].groups]
      .filter(([, members]) => members.length >= GROUP_AT_LEAST)
      .map(([name, members]): Labelled => ({ label: name, text: `${column} ${members.join(', ')}` })),
  );
  const aliases = aliasRecords(table).map(({ column, word, read_as }): Labelled => ({
    label: word,
    text: `in ${column}_format is read as ${read_as}`,
  }));
  return section('Words', [renderLabelled([...groups, ...aliases], inside(style))], style);
}

/** One row of the table: its id and place, then condition, answer and reason. */
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

function placeText({ place }: RuleText): string {
  return place.replace(/ \S+$/, '');
}

function whenText({ when }: RuleText): string {
  if (when.length === 0) return 'always';
  return when.map(({ attribute, words }) => `${attribute} is ${orList(words)}`).join('; ');
}
