import type { Argv } from 'yargs';

import { answering } from '../../answers/answering.ts';
import type { Answers } from '../../answers/answer/answer.ts';
import { readAnswers } from '../../answers/read/answers.ts';
import type { RuleTable } from '../../rules/table/rule-table.ts';
import type { Decide } from '../../run/context/context.ts';
import { probeOptions, probeTail, type GivenProbeOptions, type ProbeOptions } from './probe.ts';
import { loadDecider, rulesOptions, type RulesOptions } from './rules.ts';
import { missingFile, readQuestionsFile } from './questions-file.ts';
import { shellWord } from '../../report/words/shell-word.ts';

/** The options that bear on what is decided: rules, answers, content. The same ones make plan, migrate and verify agree. */
export interface DecidingOptions extends RulesOptions, ProbeOptions {
  readonly answers: string | undefined;
}

export function decidingOptions(yargs: Argv): Argv {
  return probeOptions(
    rulesOptions(yargs).option('answers', {
      alias: 'decisions',
      type: 'string',
      requiresArg: true,
      describe: 'your answers: a file that plan --questions wrote and you filled in, or one of your own',
    }),
  );
}

/** How images are decided. */
export interface Deciding {
  /** By the rules alone. */
  readonly base: Decide;
  /** By the rules and the answers. */
  readonly decide: Decide;
  readonly rulesDigest: string;
  /** The rules themselves, for explaining. */
  readonly table: RuleTable;
  /** null where no answers file was given. */
  readonly answers: Answers | null;
  /** Properties that answers ask for beside those of the rules. */
  readonly alsoProperties: readonly string[];
}

/**
 * Loads rules and answers, before any database is opened.
 * @throws RetypeError RULES_FILE, DECISIONS_FILE with every problem.
 */
export async function loadDeciding(options: {
  readonly rules: readonly string[] | undefined;
  readonly answers: string | undefined;
}): Promise<Deciding> {
  const { decide: base, digest, table } = loadDecider(options.rules);
  if (options.answers === undefined) {
    return { base, decide: base, rulesDigest: digest, table, answers: null, alsoProperties: [] };
  }
  const file = await readQuestionsFile(options.answers);
  if (file === null) throw missingFile(options.answers);
  const answers = readAnswers(file);
  const decide = answering(base, answers);
  return { base, decide, rulesDigest: digest, table, answers, alsoProperties: answers.propertyNames };
}

/** What was given, to be repeated in the commands that are suggested. */
export function decidingTail(
  given: GivenProbeOptions & {
    readonly rules?: readonly string[] | undefined;
    readonly answers?: string | undefined;
  },
): string {
  const words = [
    ...(given.rules ?? []).flatMap((file) => ['--rules', file]),
    ...(given.answers === undefined ? [] : ['--answers', given.answers]),
  ];
  return `${words.map((word) => ` ${shellWord(word)}`).join('')}${probeTail(given)}`;
}
