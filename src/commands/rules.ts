import { introspectGlance } from '../glance/introspect.ts';
import type { ExitCode } from '../model/error-codes.ts';
import { type CheckedEffect, checkRecord, type RulesOrigin, rulesRecord } from '../report/records/command-records.ts';
import { RulesEffectTally } from '../report/rules-effect.ts';
import { renderRules, renderRulesCheck } from '../report/terminal/rules.ts';
import { shellWord } from '../report/words/shell-word.ts';
import type { TerminalStyle } from '../report/words/style.ts';
import { createDecider } from '../rules/decide/decider.ts';
import { loadRules } from '../rules/table/load.ts';
import { readRulesFile, shippedRules } from '../rules/table/rule-files.ts';
import { RULE_SECTIONS, type RuleTable } from '../rules/table/rule-table.ts';
import { plan } from '../run/plan.ts';
import type { Predictor } from '../services/predictor.ts';
import { grantObjections, refuseIfAny } from '../run/preflight.ts';
import {
  commandTail,
  databaseOptions,
  databaseSpec,
  isDatabaseNamed,
  isDatabaseTyped,
  type GivenDatabase,
} from './options/database.ts';
import { rulesOptions } from './options/deciding.ts';
import { GROUPS, jsonFile } from './options/kinds.ts';
import { pageSizeOf } from './options/pages.ts';
import { usageError } from './options/usage.ts';
import { attend } from './session/attendance.ts';
import { defineDatabaseCommand, type Session } from './session/database.ts';
import { print, styleOf, writeJson } from './session/output.ts';
import { toolVersion } from './log/version.ts';

export const rulesCommand = defineDatabaseCommand({
  options: (yargs) =>
    rulesOptions(databaseOptions(yargs))
      .positional('action', {
        choices: ['check', 'show'] as const,
        demandOption: true,
        describe: 'check: are these files valid, and what would each row change; show: print the table',
      })
      .positional('files', {
        type: 'string',
        array: true,
        describe: 'your own rules, applied in this order before the shipped table; the same as --rules',
      })
      .option('section', {
        group: GROUPS.screen,
        choices: RULE_SECTIONS,
        describe: 'show only this section',
      })
      .option('json', jsonFile('the result')),
  run: async (options, session) => {
    const files = [...(options.rules ?? []), ...(options.files ?? [])];
    refuseMisplaced(options, files);
    const shipped = loadRules([shippedRules()]);
    const table = files.length === 0 ? shipped : loadRules([...files.map(readRulesFile), shippedRules()]);
    const origin = { toolVersion: toolVersion(), files, digest: table.digest, shippedDigest: shipped.digest };
    if (options.action === 'show') {
      const sections = options.section === undefined ? RULE_SECTIONS : [options.section];
      return deliver(options.json, {
        record: () => rulesRecord(table, sections, origin),
        text: (style) => renderRules(table, sections, origin, style),
      });
    }
    const named = isDatabaseNamed(options, process.env);
    const checked = named ? await effectOn(session, options, table, shipped) : null;
    if (checked === 'stopped') return 3;
    const next = nextCommands(options, origin, checked);
    return deliver(options.json, {
      record: () => checkRecord(table, origin, checked),
      text: (style) => renderRulesCheck(table, { origin, checked, next }, style),
    });
  },
});

/** What is compared does not depend on any service. */
const noServices: Predictor = () => [];

/** Decides every row by both tables and counts where they differ. Only reads. */
async function effectOn(
  session: Session,
  given: GivenDatabase,
  table: RuleTable,
  shipped: RuleTable,
): Promise<CheckedEffect | 'stopped'> {
  await using reader = await session.open(databaseSpec(given, process.env), 'read-only');
  refuseIfAny(await grantObjections(reader, 'images', ['select']));
  const schema = await introspectGlance(reader);
  using attendance = attend('stopping; nothing was written');
  const { progress, stop, clock } = attendance;
  const tally = new RulesEffectTally(table, createDecider(shipped, noServices));
  const decide = createDecider(table, noServices);
  const size = pageSizeOf(undefined);
  const context = { reader, schema, decide, onEvent: progress, stop, clock, size, columns: 'decisive' as const };
  const end = await plan(context, (evidence, decision) => tally.add(evidence, decision));
  return end === 'stopped' ? end : { database: reader.label, effect: tally.result() };
}

async function deliver(
  json: string | undefined,
  { record, text }: { readonly record: () => object; readonly text: (style: TerminalStyle) => string },
): Promise<ExitCode> {
  await writeJson(json, record);
  if (json !== '-') await print(text(styleOf(process.stdout)));
  return 0;
}

function refuseMisplaced(
  options: GivenDatabase & { readonly action: 'check' | 'show'; readonly section?: string | undefined },
  files: readonly string[],
): void {
  if (options.action === 'check' && files.length === 0) {
    throw usageError('rules check', 'a rules file', 'none', 'name your file: glance-retype rules check FILE');
  }
  if (options.action === 'check' && options.section !== undefined) {
    throw usageError('--section', 'rules show with it', 'rules check', 'leave --section out');
  }
  if (options.action === 'show' && isDatabaseTyped(options)) {
    throw usageError(
      'rules show',
      'no database: the table is the same for all',
      'one',
      'rules check FILE compares on a database',
    );
  }
}

function nextCommands(given: GivenDatabase, { files }: RulesOrigin, checked: CheckedEffect | null): readonly string[] {
  const words = files.map(shellWord);
  return checked === null
    ? [
        `glance-retype rules check ${words.join(' ')} --glance-conf /etc/glance/glance-api.conf     # what each row would change there`,
      ]
    : [
        `glance-retype plan${commandTail(given)}${words.map((word) => ` --rules ${word}`).join('')}     # the whole plan with these rules`,
      ];
}
