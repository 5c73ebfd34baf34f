import type { Argv } from 'yargs';

import { answering } from '../../answers/answering.ts';
import type { Answers } from '../../answers/answer/answer.ts';
import { readAnswers } from '../../answers/read/answers.ts';
import { createDecider } from '../../rules/decide/decider.ts';
import { loadRules } from '../../rules/table/load.ts';
import { readRulesFile, shippedRules } from '../../rules/table/rule-files.ts';
import type { RuleTable } from '../../rules/table/rule-table.ts';
import type { RunInputs } from '../../run/context/run-inputs.ts';
import type { Decide } from '../../run/context/context.ts';
import { type GivenProbeOptions, type ProbeChoice, probeOptions, probeTail } from './probe.ts';
import { missingFile, readQuestionsFile } from './questions-file.ts';
import { type Given, GROUPS, REPEATABLE } from './kinds.ts';
import { shellWord } from '../../report/words/shell-word.ts';

export function rulesOptions<T>(yargs: Argv<T>) {
  return yargs.option('rules', {
    group: GROUPS.deciding,
    ...REPEATABLE,
    describe: 'your own rules, applied before the shipped table (see config/example.rules.yaml); repeatable',
  });
}

/** Loads the shipped table and the operator's files. @throws RetypeError RULES_FILE with every problem. */
export function loadDecider(files: readonly string[] | undefined): {
  readonly decide: Decide;
  readonly digest: string;
  readonly table: RuleTable;
} {
  const table = loadRules([...(files ?? []).map(readRulesFile), shippedRules()]);
  return { decide: createDecider(table), digest: table.digest, table };
}

/**
 * Adds the options that determine what is decided: rules, answers, content. Give plan, migrate and verify the same
 * ones.
 */
export function decidingOptions<T>(yargs: Argv<T>) {
  return probeOptions(
    rulesOptions(yargs).option('answers', {
      alias: 'decisions',
      group: GROUPS.deciding,
      type: 'string',
      requiresArg: true,
      describe: 'your answers: a file that plan --questions wrote and you filled in, or a file of your own',
    }),
  );
}

export type GivenDeciding = Given<typeof decidingOptions> & GivenProbeOptions;

/** How images are decided. */
export interface Deciding {
  /** By the rules alone. */
  readonly base: Decide;
  /** By the rules and the answers. */
  readonly decide: Decide;
  readonly rulesDigest: string;
  readonly table: RuleTable;
  /** null where no answers file was given. */
  readonly answers: Answers | null;
  /** Properties that the answers need, in addition to those of the rules. */
  readonly alsoProperties: readonly string[];
}

/**
 * Loads rules and answers, before any database is opened.
 * @throws RetypeError RULES_FILE, DECISIONS_FILE with every problem.
 */
export function loadDeciding(options: Pick<GivenDeciding, 'rules' | 'answers'>): Deciding {
  const { decide: base, digest, table } = loadDecider(options.rules);
  if (options.answers === undefined) {
    return { base, decide: base, rulesDigest: digest, table, answers: null, alsoProperties: [] };
  }
  const file = readQuestionsFile(options.answers);
  if (file === null) throw missingFile(options.answers);
  const answers = readAnswers(file);
  const decide = answering(base, answers);
  return { base, decide, rulesDigest: digest, table, answers, alsoProperties: answers.propertyNames };
}

/** What a run depends on beside the database. */
export function inputsOf({ rulesDigest, answers }: Deciding, { mode: probe }: ProbeChoice): RunInputs {
  return { probe, rulesDigest, answersDigest: answers?.digest ?? null };
}

/** Repeats the options given, for commands that are suggested. */
export function decidingTail(given: GivenDeciding): string {
  const words = [
    ...(given.rules ?? []).flatMap((file) => ['--rules', file]),
    ...(given.answers === undefined ? [] : ['--answers', given.answers]),
  ];
  return `${words.map((word) => ` ${shellWord(word)}`).join('')}${probeTail(given)}`;
}
