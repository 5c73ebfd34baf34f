import type { Database } from '../db/database.ts';
import { introspectGlance } from '../glance/introspect.ts';
import type { GlanceSchema } from '../glance/schema.ts';
import { createPlanSummary } from '../report/plan-summary.ts';
import type { PlanSummary } from '../report/plan-summary-shape.ts';
import type { ReportHeader } from '../report/report-header.ts';
import { renderPlan } from '../report/terminal/plan.ts';
import { timestamp } from '../run/context.ts';
import { plan } from '../run/plan.ts';
import { findMeta, grantObjections, refuseIfAny } from '../run/preflight.ts';
import { listenForStop } from '../run/stop.ts';
import { undecidedCount } from '../run/verify.ts';
import { defineCommand } from './command.ts';
import { commandTail, databaseOptions, databaseSpec, withDatabases, type DatabaseOptions } from './database-option.ts';
import { DEFAULT_PAGE_SIZE, wholeNumber } from './numbers.ts';
import { openPlanOutputs, OUTPUT_FORMATS, type PlanOutputs } from './plan-outputs.ts';
import { probeChoice, probeOptions, probeTail, type ProbeOptions } from './probe-option.ts';
import { loadDecider, rulesOptions, type RulesOptions } from './rules-option.ts';
import { print, styleOf, terminalProgress } from './terminal.ts';
import { toolVersion } from './version.ts';
import { withProbing } from './with-probing.ts';

interface PlanOptions extends DatabaseOptions, RulesOptions, ProbeOptions {
  readonly json: string | undefined;
  readonly ndjson: string | undefined;
  readonly csv: string | undefined;
  readonly 'fail-on': 'undecided' | undefined;
  readonly 'page-size': unknown;
}

export const planCommand = defineCommand<PlanOptions>({
  options: (yargs) => {
    let with_ = probeOptions(rulesOptions(databaseOptions(yargs)));
    for (const format of OUTPUT_FORMATS) {
      with_ = with_.option(format, {
        type: 'string',
        requiresArg: true,
        describe: `also write every decision as ${format.toUpperCase()} to this file; - is standard output`,
      });
    }
    return with_
      .option('fail-on', { choices: ['undecided'] as const, describe: 'exit with 4 when rows stay undecided' })
      .option('page-size', { default: DEFAULT_PAGE_SIZE, describe: 'rows read at a time; never changes a result' });
  },
  run: async (options) => {
    const pageSize = wholeNumber('--page-size', options.pageSize, 1, 100_000);
    const choice = probeChoice(options, process.env);
    const { decide, digest } = loadDecider(options.rules);
    const spec = databaseSpec(options, process.env);
    return withDatabases(spec, ['read-only'], async (reader) => {
      refuseIfAny(await grantObjections(reader, 'images', ['select']));
      const schema = await introspectGlance(reader);
      const stop = listenForStop((signal) => process.stderr.write(`\n${signal}: stopping; nothing was written\n`));
      const progress = terminalProgress();
      let readerGone = false;
      const wanted = { requested: () => stop.requested() || readerGone };
      try {
        const around = { reader, schema, decide, onEvent: progress, stop: wanted };
        return await withProbing(choice, around, async (lookInside) => {
          const outputs = await openPlanOutputs(options, () => {
            readerGone = true;
          });
          const summary = createPlanSummary();
          try {
            const end = await plan({ ...around, lookInside, pageSize }, (evidence, decision) => {
              summary.add(evidence, decision);
              return outputs.add(evidence, decision);
            });
            progress.done();
            if (end === 'stopped') {
              await outputs.discard();
              return readerGone ? 0 : 3;
            }
            const header = await describe(reader, schema, digest);
            const result = summary.result();
            const tail = { database: commandTail(options), probe: probeTail(options) };
            const next = nextCommands(header, tail);
            await outputs.end({ occasion: { kind: 'plan' }, summary: result, header, answers: null, next });
            await report(result, header, outputs, schema, next);
            return options.failOn === 'undecided' && undecidedCount(result.byStatus) > 0 ? 4 : 0;
          } catch (error) {
            progress.done();
            await outputs.discard();
            throw error;
          }
        });
      } finally {
        progress.done();
        stop.dispose();
      }
    });
  },
});

async function describe(reader: Database, schema: GlanceSchema, digest: string): Promise<ReportHeader> {
  const meta = await findMeta(reader);
  return {
    tool_version: toolVersion(),
    created_at: timestamp(),
    database: reader.label,
    engine: reader.dialect.serverVersion,
    era: schema.era,
    rules_digest: digest,
    target: meta?.target.kind ?? null,
  };
}

function nextCommands(
  header: ReportHeader,
  tail: { readonly database: string; readonly probe: string },
): readonly string[] {
  return header.target === null
    ? [`glance-retype expand${tail.database}     # adds the result columns, online`]
    : [`glance-retype migrate${tail.database}${tail.probe}    # writes the decided rows, batch by batch`];
}

async function report(
  summary: PlanSummary,
  header: ReportHeader,
  outputs: PlanOutputs,
  schema: GlanceSchema,
  next: readonly string[],
): Promise<void> {
  const stream = outputs.standardOutput === 'free' ? process.stdout : process.stderr;
  const text = renderPlan(summary, header, { ...styleOf(stream), next });
  if (stream === process.stdout) {
    await print(text);
  } else {
    process.stderr.write(text);
  }
  for (const { table, engine } of schema.nonTransactionalTables) {
    process.stderr.write(
      `\nTABLE_NOT_TRANSACTIONAL: table ${table} is stored in ${engine}; expand and migrate will refuse until it is converted to InnoDB.\n`,
    );
  }
  for (const remark of schema.remarks) {
    process.stderr.write(`note: ${remark}\n`);
  }
}
