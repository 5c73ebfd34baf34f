import { introspectGlance } from '../glance/introspect.ts';
import { SEVERITIES, type Severity } from '../model/finding.ts';
import { type GateNode, gateExitCode, type GateResult } from '../model/gate.ts';
import { gateRecord } from '../report/records/gate-record.ts';
import { createPlanSummary } from '../report/plan/summary.ts';
import type { PlanSummary } from '../report/plan/summary-shape.ts';
import type { ReportHeader } from '../report/plan/report.ts';
import { renderGate } from '../report/terminal/gate.ts';
import { countText, imagesText } from '../report/words/number-text.ts';
import { type GateFacts, inspectGate } from '../run/gate/gate.ts';
import { formatReasons, type KnowsWord } from '../run/gate/formats.ts';
import { databaseReasons } from '../run/gate/reasons.ts';
import { grantObjections, refuseIfAny } from '../run/preflight.ts';
import { askedImages } from '../report/words/verdict.ts';
import { undecidedCount } from '../run/verify.ts';
import { attended } from './session/attended.ts';
import { defineCommand } from './session/command.ts';
import { compareNodeOptions, type CompareNodeOptions, withNodes } from './compare-node.ts';
import { writeJson } from './session/json-output.ts';
import { databaseOptions, databaseSpec, withDatabases, type DatabaseOptions } from './options/database.ts';
import { decidingOptions, loadDeciding, type DecidingOptions } from './options/deciding.ts';
import { knownWords, nodeFiles, readNodes, withDefaults } from './gate-nodes.ts';
import { pageColumns } from './options/page-columns.ts';
import { PAGE_SIZE_OPTION, pageSizeOf } from './options/page-size.ts';
import { probeChoice } from './options/probe.ts';
import { reportHeader } from './report-header.ts';
import { printOn } from './session/terminal.ts';
import { atWorkText } from './verify-text.ts';
import { withProbing } from './session/with-probing.ts';

interface GateOptions extends DatabaseOptions, DecidingOptions, CompareNodeOptions {
  readonly 'fail-on-findings': Severity | 'none';
  readonly 'accept-left': boolean | undefined;
  readonly json: string | undefined;
  readonly 'page-size': unknown;
}

export const gateCommand = defineCommand<GateOptions>({
  options: (yargs) =>
    compareNodeOptions(decidingOptions(databaseOptions(yargs)))
      .option('glance-conf', {
        type: 'string',
        array: true,
        nargs: 1,
        requiresArg: true,
        describe:
          'glance-api.conf of one API node, or FILE,DIRECTORY for its layers; once for each node: their accepted formats are compared, and the last that names a database says which (unless --database-url does)',
      })
      .option('fail-on-findings', {
        choices: [...SEVERITIES, 'none'] as const,
        default: 'error' as const,
        describe: 'findings of this severity or a worse one stand against the cutover',
      })
      .option('accept-left', {
        type: 'boolean',
        describe: 'images that an answer says to leave as they are do not stand against the cutover',
      })
      .option('json', {
        type: 'string',
        requiresArg: true,
        describe: 'also write the result as JSON to this file; - is standard output',
      })
      .option('page-size', PAGE_SIZE_OPTION),
  run: async (options) => {
    const size = pageSizeOf(options.pageSize);
    const files = nodeFiles(options.glanceConf);
    const named = { ...options, glanceConf: files.flatMap(({ layers }) => layers) };
    const choice = probeChoice(named, process.env);
    const deciding = await loadDeciding(options);
    const columns = pageColumns(deciding, choice, []);
    const nodes = readNodes(files);
    const knows = knownWords(deciding.table);
    const { databaseUrl } = options;
    const spec = databaseSpec(databaseUrl === undefined ? named : { databaseUrl }, process.env);
    return withDatabases(spec, ['read-only'], async (reader) => {
      refuseIfAny(await grantObjections(reader, 'images', ['select']));
      const schema = await introspectGlance(reader, deciding);
      const header = await reportHeader(reader, schema, deciding, choice.mode);
      return attended('stopping; nothing is said about the cutover', async ({ progress, stop, clock }) => {
        const around = { reader, schema, decide: deciding.base, onEvent: progress, stop, clock };
        const grounds = {
          probe: choice.mode,
          rulesDigest: deciding.rulesDigest,
          answersDigest: deciding.answers?.digest ?? null,
        };
        const count = createPlanSummary();
        const facts = await withProbing(choice, around, (lookInside) =>
          withNodes(options, (nodes) =>
            inspectGate(
              { ...around, decide: deciding.decide, lookInside, size, columns },
              grounds,
              (evidence, decision) => count.add(evidence, decision),
              nodes,
            ),
          ),
        );
        progress.done();
        if (facts === null) return 3;
        const result = judge(facts, count.result(), { ...options, nodes: withDefaults(nodes, schema.era), knows });
        await tell(result, header, options.json);
        return gateExitCode(result);
      });
    });
  },
});

interface Terms {
  readonly failOnFindings: Severity | 'none';
  readonly acceptLeft?: boolean | undefined;
  readonly nodes: readonly GateNode[];
  readonly knows: KnowsWord;
}

function judge(facts: GateFacts, all: PlanSummary, { failOnFindings, acceptLeft, nodes, knows }: Terms): GateResult {
  const undecided = undecidedCount(all.byStatus);
  const left = undecided - askedImages(all);
  const worst = failOnFindings === 'none' ? SEVERITIES.length : SEVERITIES.indexOf(failOnFindings);
  const reasons = [
    ...databaseReasons(facts, {
      undecided: acceptLeft === true ? undecided - left : undecided,
      questions: all.undecided,
      findings: all.findings.filter(({ severity }) => SEVERITIES.indexOf(severity) >= worst),
    }),
    ...formatReasons(nodes, knows),
  ];
  const notes = [
    ...(acceptLeft === true && left > 0 ? [`${imagesText(left)} left undecided by an answer, accepted`] : []),
    ...(facts.found.atWork === null ? [] : [atWorkText(facts.found.atWork)]),
    ...((facts.verified?.refreshable ?? 0) > 0
      ? [
          `${countText(facts.verified?.refreshable ?? 0)} rows have the same answer on newer evidence; migrate refreshes them`,
        ]
      : []),
  ];
  return {
    reasons,
    notes,
    images: all.total,
    undecided,
    left,
    verified: facts.verified === null ? 'no' : 'yes',
    nodes,
  };
}

async function tell(result: GateResult, header: ReportHeader, json: string | undefined): Promise<void> {
  await writeJson(json, () => gateRecord(result, header));
  await printOn(json === '-' ? 'stderr' : 'stdout', (style) => renderGate(result, header.database, style));
}
