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
import { type Foreseen, loadPredictor } from './load-services.ts';
import { missingFile, readQuestionsFile } from './questions-file.ts';
import { type Given, GROUPS, REPEATABLE } from './kinds.ts';
import type { GivenServices } from './services.ts';
import { shellWord } from '../../report/words/shell-word.ts';

export function rulesOptions<T>(yargs: Argv<T>) {
  return yargs.option('rules', {
    group: GROUPS.deciding,
    ...REPEATABLE,
    describe: 'your own rules, applied before the shipped table (see config/example.rules.yaml); repeatable',
  });
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
  /** Which services are predicted. */
  readonly foreseen: Foreseen;
}

/**
 * Loads rules, answers and services, before any database is opened.
 *
 * @param options a command without options about services predicts those of the newest release.
 * @throws RetypeError RULES_FILE, DECISIONS_FILE, SERVICES_FILE with every problem; USAGE.
 */
export function loadDeciding(options: Pick<GivenDeciding, 'rules' | 'answers'> & GivenServices): Deciding {
  const foreseen = loadPredictor(options);
  const table = loadRules([...(options.rules ?? []).map(readRulesFile), shippedRules()]);
  const base = createDecider(table, foreseen.predict);
  const byRules = { base, rulesDigest: table.digest, table, foreseen };
  if (options.answers === undefined) return { ...byRules, decide: base, answers: null, alsoProperties: [] };
  const file = readQuestionsFile(options.answers);
  if (file === null) throw missingFile(options.answers);
  const answers = readAnswers(file);
  return { ...byRules, decide: answering(base, answers), answers, alsoProperties: answers.propertyNames };
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
