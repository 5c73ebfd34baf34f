import type { Argv } from 'yargs';

import { createDecider } from '../../rules/decide/decider.ts';
import { loadRules } from '../../rules/table/load.ts';
import { readRulesFile, shippedRules } from '../../rules/table/rule-files.ts';
import type { RuleTable } from '../../rules/table/rule-table.ts';
import type { Decide } from '../../run/context/context.ts';

export interface RulesOptions {
  readonly rules: readonly string[] | undefined;
}

export function rulesOptions(yargs: Argv): Argv {
  return yargs.option('rules', {
    type: 'string',
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: 'rules of your own, placed before the shipped table (see config/example.rules.yaml); repeatable',
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
