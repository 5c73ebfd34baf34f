import { introspectGlance } from '../glance/introspect.ts';
import type { GlanceSchema } from '../glance/tables/schema.ts';
import type { PlanReport, PlanSummary, ReportHeader } from '../report/plan/report.ts';
import { renderPlan } from '../report/terminal/plan/plan.ts';
import { countText, imagesText } from '../report/words/number-text.ts';
import { type AddImage, countPlan } from '../run/count-plan.ts';
import { plan } from '../run/plan.ts';
import { grantObjections, refuseIfAny } from '../run/preflight.ts';
import { undecidedCount } from '../run/verify/verify.ts';
import { createCollector } from './collector.ts';
import { defineDatabaseCommand } from './session/database.ts';
import { databaseOptions, databaseSpec } from './options/database.ts';
import { decidingOptions, loadDeciding } from './options/deciding.ts';
import { htmlOptions, wantedHtml } from './options/html.ts';
import { nextAfterPlan } from './next-commands.ts';
import { refuseSharedPlaces } from './options/usage.ts';
import { GROUPS } from './options/kinds.ts';
import { PAGE_SIZE_OPTION, pageColumns, pageSizeOf } from './options/pages.ts';
import { openPlanOutputs, outputOptions, type PlanOutputs, wantedOutputs } from './options/plan-outputs.ts';
import { noteOutcome, say } from './log/log.ts';
import { printOn } from './session/output.ts';
import { probeChoice } from './options/probe.ts';
import { servicesOptions } from './options/services.ts';
import { writeQuestionsFile } from './questions/output.ts';
import { metricsOption } from './options/speech.ts';
import { attend } from './session/attendance.ts';
import { openContent } from './session/content.ts';
import { reportHeader } from './session/report-header.ts';

export const planCommand = defineDatabaseCommand({
  options: (yargs) =>
    metricsOption(htmlOptions(outputOptions(servicesOptions(decidingOptions(databaseOptions(yargs))))))
      .option('questions', {
        group: GROUPS.output,
        type: 'string',
        requiresArg: true,
        describe: 'write the undecided images as questions to this YAML file; an existing file is brought up to date',
      })
      .option('full', {
        group: GROUPS.screen,
        type: 'boolean',
        describe: 'print everything, even if it is more than one screen',
      })
      .option('fail-on', {
        group: GROUPS.outcome,
        choices: ['undecided'] as const,
        describe: 'exit with 4 if images are undecided',
      })
      .option('page-size', PAGE_SIZE_OPTION),
  run: async (options, session) => {
    const size = pageSizeOf(options.pageSize);
    const wanted = [...wantedOutputs(options), ...wantedHtml(options)];
    refuseSharedPlaces([
      ...wanted,
      ...(options.questions === undefined ? [] : [{ option: '--questions', file: options.questions }]),
    ]);
    const choice = probeChoice(options, process.env);
    const deciding = loadDeciding(options);
    const columns = pageColumns(deciding, choice, wanted);
    await using reader = await session.open(databaseSpec(options, process.env), 'read-only');
    refuseIfAny(await grantObjections(reader, 'images', ['select']));
    const schema = await introspectGlance(reader, deciding);
    const header = await reportHeader(reader, schema, deciding, choice.mode);
    using attendance = attend('stopping; nothing was written');
    const { progress, clock } = attendance;
    let readerGone = false;
    const stop = { requested: () => attendance.stop.requested() || readerGone };
    const around = { reader, schema, onEvent: progress, stop, clock };
    // Images that an answer decides are read as well, so that answers never change what is asked.
    using content = await openContent(choice, { ...around, decide: deciding.base });
    await using outputs = await openPlanOutputs(wanted, () => {
      readerGone = true;
    });
    const { lookInside } = content;
    const context = { ...around, decide: deciding.decide, lookInside, size, columns };
    let collector = createCollector(deciding, reader.label, outputs, columns);
    const begin = (): AddImage => {
      collector = createCollector(deciding, reader.label, outputs, columns);
      return collector.add;
    };
    let end = columns === 'decisive' ? await countPlan(context, begin) : 'row-by-row';
    if (end === 'row-by-row') {
      // Nothing counts that was added before.
      collector = createCollector(deciding, reader.label, outputs, columns);
      end = await plan(context, collector.sink);
    }
    progress.done();
    content.tell();
    if (end === 'stopped') return readerGone ? 0 : 3;
    const { summary, answers, asked } = collector.collected();
    const owners = await collector.owners(reader, schema);
    const next = nextAfterPlan(options, { summary, target: header.target, answers });
    const report: PlanReport = {
      occasion: { kind: 'plan' },
      summary,
      header,
      answers,
      owners,
      next,
      serviceTitles: deciding.foreseen.titles,
    };
    await outputs.end(report);
    noteOutcome({ result: planResult(summary), next: next[0] ?? null, undecided: undecidedCount(summary.byStatus) });
    if (options.questions !== undefined) await writeQuestions(options.questions, asked, header);
    await printPlan(report, outputs, schema, options.full === true ? 'everything' : 'one-screen');
    return options.failOn === 'undecided' && undecidedCount(summary.byStatus) > 0 ? 4 : 0;
  },
});

function planResult({ total, byStatus }: PlanSummary): string {
  return `${imagesText(total)}, ${countText(undecidedCount(byStatus))} undecided; nothing was written to the database`;
}

async function writeQuestions(
  file: string,
  { undecided, otherUndecided, total, byStatus }: PlanSummary,
  header: ReportHeader,
): Promise<void> {
  await writeQuestionsFile(file, {
    askedBy: {
      createdAt: header.created_at,
      database: header.database,
      rulesDigest: header.rules_digest,
      toolVersion: header.tool_version,
      images: total,
      undecided: undecidedCount(byStatus),
    },
    questions: undecided,
    beyond: otherUndecided,
  });
}

/**
 * Prints the plan for a person: on standard output, or on standard error where a machine reads standard output. A
 * pipe gets everything.
 */
async function printPlan(
  report: PlanReport,
  outputs: PlanOutputs,
  schema: GlanceSchema,
  extent: 'one-screen' | 'everything',
): Promise<void> {
  await printOn(outputs.standardOutput === 'free' ? 'stdout' : 'stderr', (style) =>
    renderPlan(report, extent === 'everything' ? { ...style, rows: null } : style),
  );
  for (const { table, engine } of schema.nonTransactionalTables) {
    const text = `TABLE_NOT_TRANSACTIONAL: table ${table} is stored in ${engine}; expand and migrate will refuse until it is converted to InnoDB.`;
    say({ kind: 'warning', text });
  }
  for (const remark of schema.remarks) {
    say({ kind: 'note', text: `note: ${remark}` });
  }
}
