import { type RuleSection, type RuleTable, SECTION_TITLES } from '../../rules/table/rule-table.ts';
import { aliasRecords, type CheckedEffect, type RulesOrigin } from '../records/command-records.ts';
import type { Change, Effect, Gist, RulesEffect } from '../rules-effect.ts';
import { orList, shortCandidatesText, tupleText } from '../words/decision-words.ts';
import { counted, countText, imagesText } from '../words/number-text.ts';
import { type RuleText, sectionTexts } from '../words/rules-text.ts';
import { safeText } from '../words/safe-text.ts';
import { paint, type TerminalStyle, type Tone } from '../words/style.ts';
import { inside, type Labelled, nextLines, page, renderLabelled, section, sentence } from './layout/section.ts';

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
  const when = row.when.map(({ attribute, words }) => `${attribute} is ${orList(words)}`);
  const lines: readonly Labelled[] = [
    { label: '    when', text: when.length === 0 ? 'always' : when.join('; ') },
    { label: '    then', text: row.answer },
    { label: '    why', text: row.reason, tone: 'dim' },
    ...(row.findings.length === 0 ? [] : [{ label: '    adds', text: row.findings.join(', ') }]),
  ];
  const title = `${paint(safeText(row.id), 'bold', style)}  ${paint(safeText(row.place.replace(/ \S+$/, '')), 'dim', style)}`;
  return `${title}\n${renderLabelled(lines, style)}`;
}

/** Changes shown for a row; the JSON document has all. */
const CHANGES_SHOWN = 6;
/** Under the texts of a rule's block. */
const CHANGES_INDENT = ' '.repeat('    when  '.length);

export interface RulesCheck {
  readonly origin: RulesOrigin;
  readonly checked: CheckedEffect | null;
  readonly next: readonly string[];
}

/** What was understood of the operator's rules, and what they do to a database. Ends in LF. */
export function renderRulesCheck(
  table: RuleTable,
  { origin, checked, next }: RulesCheck,
  style: TerminalStyle,
): string {
  const effect = checked?.effect ?? null;
  return page([
    paint(verdictText(table), 'good', style),
    headSection(origin, style),
    rowsSection(table, effect, style),
    aliasesSection(table, effect, style),
    checked === null ? '' : databaseSection(table, checked, style),
    nextLines(next, style),
  ]);
}

function verdictText(table: RuleTable): string {
  const rows = counted(table.operator.length, 'row');
  const aliases = counted(aliasRecords(table).length, 'alias', 'aliases');
  return `Valid: ${rows} and ${aliases} of yours; every row can fire.`;
}

function rowsSection(table: RuleTable, effect: RulesEffect | null, style: TerminalStyle): string {
  const within = inside(style);
  const blocks = sectionTexts(table, 'operator').map((row, index) => {
    const found = effect?.rows.get(row.id);
    const lines = [ruleBlock(row, within), ...(found === undefined ? [] : [effectBlock(found, 'decides', within)])];
    return `${index === 0 ? '' : '\n'}${lines.join('\n')}`;
  });
  return blocks.length === 0 ? '' : section('Your rows, in the order in which they are tried', blocks, style);
}

function aliasesSection(table: RuleTable, effect: RulesEffect | null, style: TerminalStyle): string {
  const lines = aliasRecords(table).map(({ column, word, read_as }): Labelled => {
    const images = effect?.aliasImages.get(`${column} ${word}`);
    const met = images === undefined ? '' : images === 0 ? ': no image has it' : `: ${imagesText(images)}`;
    return {
      label: word,
      text: `in ${column}_format is read as ${read_as}${met}`,
      tone: images === 0 ? 'warn' : 'plain',
    };
  });
  if (lines.length === 0) return '';
  const blocks = [renderLabelled(lines, inside(style))];
  if (effect !== null) blocks.push(effectBlock(effect.aliases, 'aliases alone change', inside(style)));
  return section('Your aliases', blocks, style);
}

function effectBlock(effect: Effect, verb: string, style: TerminalStyle): string {
  const { changes, otherChanges } = effect;
  const shown = changes.slice(0, CHANGES_SHOWN);
  const rest = changes.slice(CHANGES_SHOWN).reduce((total, { count }) => total + count, otherChanges);
  const { text, tone } = effectText(effect, verb);
  const lines = [
    paint(sentence(text, style, '    here  ', '          '), tone, style),
    ...(shown.length === 0 ? [] : [changeLines(shown, { ...style, width: style.width - CHANGES_INDENT.length })]),
    ...(rest === 0 ? [] : [`and ${imagesText(rest)} in smaller changes, see --json`]),
  ];
  return lines
    .flatMap((line, index) => (index === 0 ? [line] : line.split('\n').map((part) => CHANGES_INDENT + part)))
    .join('\n');
}

function effectText(
  { images, settled, changed }: Effect,
  verb: string,
): { readonly text: string; readonly tone: Tone } {
  if (images === 0) {
    return verb === 'decides' ? { text: 'matches no image', tone: 'warn' } : { text: `${verb} nothing`, tone: 'plain' };
  }
  const parts = [
    settled === 0 ? '' : `${countText(settled)} undecided without it`,
    changed === 0 ? '' : `${countText(changed)} decided differently without it`,
    images - settled - changed === 0
      ? ''
      : `${countText(images - settled - changed)} with the same answer as without it`,
  ];
  const text = `${verb} ${imagesText(images)}: ${parts.filter((part) => part !== '').join(', ')}`;
  return { text, tone: changed > 0 ? 'warn' : 'plain' };
}

function changeLines(changes: readonly Change[], style: TerminalStyle): string {
  const counts = changes.map(({ count }) => countText(count));
  const width = Math.max(...counts.map(({ length }) => length));
  const lines = changes.map(({ before, after, samples, ...tuple }, index): Labelled => {
    const sample = samples[0] === undefined ? '' : `, for example ${samples[0].id}`;
    return {
      label: (counts[index] ?? '').padStart(width),
      text: `${tupleText(tuple)}: ${gistText(before)} becomes ${gistText(after)}${sample}`,
    };
  });
  return renderLabelled(lines, style);
}

function gistText({ status, classifications }: Gist): string {
  return classifications.length === 0 ? status : `${status} ${shortCandidatesText(classifications)}`;
}

function databaseSection(table: RuleTable, { database, effect }: CheckedEffect, style: TerminalStyle): string {
  const asksContent = table.operator.some(({ when }) => when.has('content'));
  const lines: readonly Labelled[] = [
    { label: 'database', text: database },
    { label: 'images read', text: `${countText(effect.total)}, soft-deleted ones included; nothing was written` },
    ...(asksContent
      ? [
          {
            label: 'content',
            text: 'some of your rows use content. No image was read here, so content counts as absent; plan --rules with --probe shows the rest',
          },
        ]
      : []),
  ];
  return section('Compared with the shipped table', [renderLabelled(lines, inside(style))], style);
}
