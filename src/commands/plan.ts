import { introspectGlance } from '../glance/introspect.ts';
import type { PlanReport } from '../report/plan/report.ts';
import type { PlanSummary } from '../report/plan/summary-shape.ts';
import type { ReportHeader } from '../report/plan/report.ts';
import { plan } from '../run/plan.ts';
import { grantObjections, refuseIfAny } from '../run/preflight.ts';
import { undecidedCount } from '../run/verify.ts';
import { attended } from './session/attended.ts';
import { createCollector } from './collector.ts';
import { defineCommand } from './session/command.ts';
import { databaseOptions, databaseSpec, withDatabases, type DatabaseOptions } from './options/database.ts';
import { decidingOptions, loadDeciding, type DecidingOptions } from './options/deciding.ts';
import { htmlOptions, wantedHtml, type HtmlOptions } from './options/html.ts';
import { nextAfterPlan } from './next-commands.ts';
import { pageColumns } from './options/page-columns.ts';
import { PAGE_SIZE_OPTION, pageSizeOf } from './options/page-size.ts';
import { openPlanOutputs, outputOptions, wantedOutputs, type OutputFiles } from './options/plan-outputs.ts';
import { printPlan } from './plan-text.ts';
import { probeChoice } from './options/probe.ts';
import { writeQuestionsFile } from './questions/output.ts';
import { reportHeader } from './report-header.ts';
import { withProbing } from './session/with-probing.ts';

interface PlanOptions extends DatabaseOptions, DecidingOptions, HtmlOptions, OutputFiles {
  readonly questions: string | undefined;
  readonly 'fail-on': 'undecided' | undefined;
  readonly full: boolean | undefined;
  readonly 'page-size': unknown;
}

export const planCommand = defineCommand<PlanOptions>({
  options: (yargs) =>
    htmlOptions(outputOptions(decidingOptions(databaseOptions(yargs))))
      .option('questions', {
        type: 'string',
        requiresArg: true,
        describe: 'write what is undecided as questions to this YAML file; a file that is there is brought up to date',
      })
      .option('full', { type: 'boolean', describe: 'print everything, also where it is more than one screen' })
      .option('fail-on', { choices: ['undecided'] as const, describe: 'exit with 4 when rows stay undecided' })
      .option('page-size', PAGE_SIZE_OPTION),
  run: async (options) => {
    const size = pageSizeOf(options.pageSize);
    const wanted = [...wantedOutputs(options), ...wantedHtml(options)];
    const choice = probeChoice(options, process.env);
    const deciding = await loadDeciding(options);
    const columns = pageColumns(deciding, choice, wanted);
    const spec = databaseSpec(options, process.env);
    return withDatabases(spec, ['read-only'], async (reader) => {
      refuseIfAny(await grantObjections(reader, 'images', ['select']));
      const schema = await introspectGlance(reader, deciding);
      const header = await reportHeader(reader, schema, deciding, choice.mode);
      return attended('stopping; nothing was written', async ({ progress, stop, clock }) => {
        let readerGone = false;
        const around = {
          reader,
          schema,
          // What the answers settle is looked into all the same, so that they never change what is asked.
          decide: deciding.base,
          onEvent: progress,
          clock,
          stop: { requested: () => stop.requested() || readerGone },
        };
        return withProbing(choice, around, async (lookInside) => {
          const outputs = await openPlanOutputs(wanted, () => {
            readerGone = true;
          });
          const collector = createCollector(deciding, reader.label, outputs);
          try {
            const end = await plan({ ...around, decide: deciding.decide, lookInside, size, columns }, collector.sink);
            progress.done();
            if (end === 'stopped') {
              await outputs.discard();
              return readerGone ? 0 : 3;
            }
          } catch (error) {
            await outputs.discard();
            throw error;
          }
          const { summary, answers, asked } = collector.collected();
          const next = nextAfterPlan(options, { summary, target: header.target, answers });
          const report: PlanReport = { occasion: { kind: 'plan' }, summary, header, answers, next };
          await outputs.end(report);
          if (options.questions !== undefined) {
            await writeQuestions(options.questions, asked, header);
          }
          await printPlan(report, outputs, schema, options.full === true ? 'everything' : 'one-screen');
          return options.failOn === 'undecided' && undecidedCount(summary.byStatus) > 0 ? 4 : 0;
        });
      });
    });
  },
});

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
