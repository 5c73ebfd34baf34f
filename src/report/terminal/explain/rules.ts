import type { Outcome, Vote } from '../../../rules/decide/combine.ts';
import { SECTION_TITLES } from '../../../rules/table/rule-table.ts';
import {
  type Miss,
  type SectionTrace,
  type Trace,
  type TriedRow,
  type Joining,
  JOININGS,
} from '../../../rules/trace/trace.ts';
import { candidatesText, classificationText, orList } from '../../words/decision-words.ts';
import { countText } from '../../words/number-text.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';
import { inside, type Labelled, renderLabelled, section, sentence } from '../layout/section.ts';

/** Words of a condition shown. */
const WANTED_SHOWN = 4;
/** Columns of the reasons before the ids of the rows, at most; longer ones push them on. */
const REASON_WIDTH = 40;
/** Under the title of a section and its number. */
const INDENT = '     ';

/**
 * Every section with its rows in the order in which they were tried, and why each did not fire. What the bytes say
 * comes last: it changes the answer of all the others.
 */
export function rulesSection({ sections }: Trace, style: TerminalStyle): string {
  const ordered = sections.toSorted((a, b) => Number(a.section === 'content') - Number(b.section === 'content'));
  const blocks = ordered.map((traced, index) => sectionBlock(traced, index + 1, inside(style)));
  return section('Rules, in the order in which they are tried', [blocks.join('\n\n')], style);
}

function sectionBlock(traced: SectionTrace, number: number, style: TerminalStyle): string {
  const { section: name, tried, fired, untried } = traced;
  const title = `${number}  ${paint(name, 'bold', style)}  ${paint(SECTION_TITLES[name], 'dim', style)}`;
  const within = { ...style, width: Math.max(1, style.width - INDENT.length) };
  const firing = tried.find(({ id }) => id === fired);
  const lines = [
    ...missedLines(
      tried.filter(({ id }) => id !== fired),
      within,
    ),
    ...(firing === undefined
      ? [paint(silence(traced), 'dim', style)]
      : [paint(sentence(`${firing.id} fires: ${firing.reason}`, within, '', '  '), 'good', style)]),
    ...(untried > 0 && firing !== undefined
      ? [paint(`${countText(untried)} below it ${untried === 1 ? 'is' : 'are'} not tried`, 'dim', style)]
      : []),
  ];
  return [title, ...lines.flatMap((line) => line.split('\n')).map((line) => INDENT + line)].join('\n');
}

function silence({ skipped, tried, section: name }: SectionTrace): string {
  if (skipped !== null) return `not tried: ${skipped}`;
  if (tried.length > 0) return 'no row fires';
  return name === 'operator' ? 'none: no --rules file was given, or it has aliases only' : 'no rows';
}

/** Neighbours that fail by the same condition share a line. */
function missedLines(rows: readonly TriedRow[], style: TerminalStyle): readonly string[] {
  const groups: { readonly why: string; readonly ids: string[] }[] = [];
  for (const { id, misses } of rows) {
    const whys = misses.map(missText);
    const last = groups.at(-1);
    if (last !== undefined && whys.includes(last.why)) last.ids.push(id);
    else groups.push({ why: whys[0] ?? '', ids: [id] });
  }
  const width = Math.min(REASON_WIDTH, Math.max(0, ...groups.map(({ why }) => why.length)));
  const hanging = ' '.repeat(width + 2);
  return groups.map(({ why, ids }) =>
    why.length > width
      ? `${why}\n${sentence(ids.join(', '), style, hanging)}`
      : sentence(ids.join(', '), style, `${why.padEnd(width)}  `, hanging),
  );
}

function missText({ attribute, found, wanted }: Miss): string {
  const shown = wanted.length <= WANTED_SHOWN ? wanted : [...wanted.slice(0, WANTED_SHOWN - 1), 'others'];
  return `${attribute} is ${found}, wanted ${orList(shown)}`;
}

/** How tuple, votes, content and hints were combined. */
export function joiningSection({ joining, content, hints }: Trace, style: TerminalStyle): string {
  if (joining === null) return '';
  const lines: Labelled[] = [
    { label: 'tuple', text: tupleText(joining) },
    ...joining.votes.map((vote) => ({ label: vote.voter, text: voteText(vote) })),
    { label: 'combined', text: `${JOININGS[joining.kind]}: ${outcomeText(joining.outcome)}` },
  ];
  if (joining.spelling === 'folded') {
    lines.push({
      label: 'spelling',
      text: 'a word was read by another spelling or an alias, so the tuple alone is inferred at best',
    });
  }
  if (content !== null) {
    lines.push(
      {
        label: 'content',
        text: content.found === null ? 'names no type' : `says ${classificationText(content.found)}`,
      },
      { label: 'with content', text: `${content.row.id}: ${content.row.reason}: ${outcomeText(content.outcome)}` },
    );
  }
  const points = hints.map(({ weights, evidence }) => {
    const given = Object.entries(weights).map(([type, weight]) => `${type} ${weight > 0 ? '+' : ''}${weight}`);
    return `${evidence.detail} (${given.join(', ')})`;
  });
  if (points.length > 0)
    lines.push({ label: 'hints', text: `${points.join('; ')}; hints order candidates and decide nothing` });
  return section('How the evidence was combined', [renderLabelled(lines, inside(style))], style);
}

function tupleText({ tuple }: Joining): string {
  const answer = tuple.classifications.length === 0 ? 'no type' : candidatesText(tuple.classifications);
  const { status, admits: types } = tuple.outcome;
  const admits = types.length === 0 ? '' : `, admits ${orList(types)}`;
  return `${tuple.row.id} says ${status}, ${answer}${admits}`;
}

function voteText({ row, types, container, containerIfUnsaid }: Vote): string {
  const where =
    container !== null
      ? ` in ${container}`
      : containerIfUnsaid === null
        ? ''
        : `, in ${containerIfUnsaid} where the tuple names no container`;
  return `${row.id} votes ${types.join(' and ')}${where}`;
}

function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'decided':
      return `${outcome.status} ${classificationText(outcome.classification)}`;
    case 'ambiguous':
      return `ambiguous, ${candidatesText(outcome.candidates)}`;
    case 'unmappable':
      return 'unmappable';
  }
}
