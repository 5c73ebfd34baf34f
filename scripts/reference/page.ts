import { ANSWER_REMARKS } from '../../src/model/answer.ts';
import { ERRORS, type ExitCode } from '../../src/model/error-codes.ts';
import { FINDINGS, SEVERITIES } from '../../src/model/finding.ts';
import { GATE_REASONS } from '../../src/model/gate.ts';
import { SAFETY } from '../../src/model/safety.ts';
import {
  CONTAINER_TYPES,
  DECISION_STATUSES,
  DISPOSITIONS,
  ENVELOPES,
  FORMATS,
  IMAGE_TYPES,
} from '../../src/model/vocabulary.ts';

/** The help text of one command as the terminal shows it; the program's own is named `glance-retype`. */
export interface HelpText {
  readonly command: string;
  readonly text: string;
}

/** One row of the shipped rule table, as far as an operator needs it to read a report. */
export interface RuleLine {
  readonly id: string;
  /** The outcome of the rule, for a person. */
  readonly outcome: string;
  readonly reason: string;
}

/** What each exit code means, in a sentence. */
export const EXIT_CODES: Readonly<Record<ExitCode, string>> = {
  0: 'done, nothing left',
  1: 'an internal error: a bug in the tool, the message prints the versions',
  2: 'usage or configuration',
  3: 'stopped by the operator or a time limit; the same command continues from there',
  4: 'undecided rows or unanswered questions remain, or gate is not ready',
  5: 'refused by a preflight check',
  6: 'another run holds the lease',
  7: 'a difference was found',
  8: 'the environment failed: database unreachable, quorum lost',
};

/** The whole reference page. Equal inputs give equal bytes. */
export function referencePage(helps: readonly HelpText[], rules: readonly RuleLine[]): string {
  return [
    '# Reference',
    'Generated from the source by `npm run reference`; a check fails when it is not current. Do not edit it by hand.',
    contents(),
    '## Commands',
    ...helps.flatMap(({ command, text }) => [`### ${command}`, fence(text)]),
    '## Exit codes',
    table(['code', 'meaning', 'errors'], exitRows()),
    '## Vocabulary',
    table(['attribute', 'values'], vocabularyRows()),
    '## Rules',
    'In each section of the table the rows are tried from the top, and the first row whose condition holds fires. A decision joins what the sections say, and names one rule. [rules.md](rules.md) explains how.',
    table(
      ['rule', 'answer', 'reason'],
      rules.map(({ id, outcome, reason }) => [code(id), outcome, reason]),
    ),
    '## Findings',
    'Things an operator should know about an image that do not change its decision.',
    ...findingParts(),
    '## Safety codes',
    'What the bytes of an image may do to a careless program that opens them, or what prevents reading their content. `probe` prints these codes, and `plan` lists them in the evidence of UNSAFE_CONTENT and CONTENT_CAUTION.',
    ...safetyParts(),
    '## Remarks on answers',
    'What plan, migrate and explain say about the answers of --answers, each with file and line. A remark that refuses prevents migrate.',
    table(
      ['remark', 'it is about'],
      Object.entries(ANSWER_REMARKS).map(([kind, title]) => [code(kind), title]),
    ),
    '## Gate reasons',
    'Why `gate` refuses the cutover. A difference gives exit code 7, every other reason 4.',
    table(
      ['reason', 'exit code', 'it means', 'do'],
      Object.entries(GATE_REASONS).map(([reason, { kind, title, advice }]) => [
        code(reason),
        kind === 'difference' ? '7' : '4',
        title,
        advice,
      ]),
    ),
    '## Errors',
    ...errorParts(),
    '',
  ].join('\n\n');
}

function contents(): string {
  return [
    'Commands',
    'Exit codes',
    'Vocabulary',
    'Rules',
    'Findings',
    'Safety codes',
    'Remarks on answers',
    'Gate reasons',
    'Errors',
  ]
    .map((title) => `- [${title}](#${title.toLowerCase().replaceAll(' ', '-')})`)
    .join('\n');
}

function exitRows(): readonly (readonly string[])[] {
  return Object.entries(EXIT_CODES).map(([exit, meaning]) => [
    exit,
    meaning,
    Object.entries(ERRORS)
      .filter(([, error]) => String(error.exit) === exit)
      .map(([name]) => code(name))
      .join(' '),
  ]);
}

function vocabularyRows(): readonly (readonly string[])[] {
  const words = (list: readonly string[]): string => list.map(code).join(' ');
  return [
    ['image type', words(IMAGE_TYPES)],
    ['container type', words(CONTAINER_TYPES)],
    ['envelope', `${words(ENVELOPES)}, or none`],
    ['format (one-field view)', `${words(FORMATS)}, or none`],
    ['status of a decision', words(DECISION_STATUSES)],
    ['disposition', words(DISPOSITIONS)],
  ];
}

function findingParts(): readonly string[] {
  return SEVERITIES.toReversed().flatMap((severity) =>
    Object.entries(FINDINGS)
      .filter(([, finding]) => finding.severity === severity)
      .map(([name, finding]) => `### ${name}\n\n*${severity}: ${finding.title}*\n\n${finding.text}`),
  );
}

function safetyParts(): readonly string[] {
  return SEVERITIES.toReversed().flatMap((severity) =>
    Object.entries(SAFETY)
      .filter(([, entry]) => entry.severity === severity)
      .map(([name, { title, cve, text }]) => {
        const alike = cve.length === 0 ? '' : `\n\nOf the same class: ${cve.join(', ')}.`;
        return `### ${name}\n\n*${severity}: ${title}*\n\n${text}${alike}`;
      }),
  );
}

function errorParts(): readonly string[] {
  return Object.entries(ERRORS).map(
    ([name, error]) => `### ${name}\n\n*exit code ${String(error.exit)}: ${error.title}*\n\n${error.text}`,
  );
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A bar would end the cell, a line break the row. */
function cell(text: string): string {
  return text
    .replaceAll('|', String.raw`\|`)
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

function code(word: string): string {
  return `\`${word}\``;
}

function fence(text: string): string {
  return `\`\`\`text\n${text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()}\n\`\`\``;
}
