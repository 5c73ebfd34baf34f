import { introspectGlance } from '../glance/introspect.ts';
import { listRuns } from '../journal/runs.ts';
import { JOURNAL_TABLE } from '../journal/tables.ts';
import { countText } from '../report/words/number-text.ts';
import type { Occasion } from '../report/plan/report.ts';
import { grantObjections, refuseIfAny, requireExpanded } from '../run/preflight.ts';
import { metricsOption } from './options/speech.ts';
import { attend } from './session/attendance.ts';
import { requireSameInputs } from '../run/context/run-inputs.ts';
import { DIFFERENCE_KINDS, KINDS } from '../run/verify/differences.ts';
import { differenceTotal, verify, type VerifyResult } from '../run/verify/verify.ts';
import { createCollector } from './collector.ts';
import { defineDatabaseCommand } from './session/database.ts';
import { compareNodeOptions, nodeSpecs } from './options/compare-node.ts';
import { commandTail, databaseOptions, databaseSpec } from './options/database.ts';
import { jsonFile } from './options/kinds.ts';
import { decidingOptions, decidingTail, inputsOf, loadDeciding } from './options/deciding.ts';
import { htmlOptions, wantedHtml } from './options/html.ts';
import { PAGE_SIZE_OPTION, pageColumns, pageSizeOf } from './options/pages.ts';
import { openPlanOutputs } from './options/plan-outputs.ts';
import { probeChoice } from './options/probe.ts';
import { reportHeader } from './session/report-header.ts';
import { noteOutcome } from './log/log.ts';
import { deliver } from './session/deliver.ts';
import { describeVerify, verifyRecord } from './verify-text.ts';
import { openContent } from './session/content.ts';

export const verifyCommand = defineDatabaseCommand({
  options: (yargs) =>
    metricsOption(compareNodeOptions(htmlOptions(decidingOptions(databaseOptions(yargs)))))
      .option('json', jsonFile('the result'))
      .option('page-size', PAGE_SIZE_OPTION),
  run: async (options, session) => {
    const size = pageSizeOf(options.pageSize);
    const choice = probeChoice(options, process.env);
    const wanted = wantedHtml(options);
    const specs = nodeSpecs(options);
    const deciding = loadDeciding(options);
    const columns = pageColumns(deciding, choice, wanted);
    const tail = `${commandTail(options)}${decidingTail(options)}`;
    await using reader = await session.open(databaseSpec(options, process.env), 'read-only');
    refuseIfAny([
      ...(await grantObjections(reader, 'images', ['select'])),
      ...(await grantObjections(reader, JOURNAL_TABLE, ['select'])),
    ]);
    const schema = await introspectGlance(reader, deciding);
    const meta = await requireExpanded(reader);
    requireSameInputs(await listRuns(reader), inputsOf(deciding, choice));
    const header = await reportHeader(reader, schema, deciding, choice.mode);
    using attendance = attend('stopping');
    const { progress, stop, clock } = attendance;
    const around = { reader, schema, onEvent: progress, stop, clock };
    using content = await openContent(choice, { ...around, decide: deciding.base });
    const { lookInside } = content;
    await using outputs = await openPlanOutputs(wanted, () => undefined);
    const collector = wanted.length === 0 ? null : createCollector(deciding, reader.label, outputs, columns);
    await using nodes = await session.openNodes(specs);
    const context = { ...around, decide: deciding.decide, lookInside, size, columns };
    const result = await verify(context, meta, collector?.sink, nodes.databases);
    content.tell();
    progress.done();
    if (result.end === 'stopped') return 3;
    if (collector !== null) {
      const { summary, answers } = collector.collected();
      const owners = await collector.owners(reader, schema);
      const next = nextAfter(result, tail);
      await outputs.end({
        occasion: occasionOf(result),
        summary,
        header,
        answers,
        owners,
        next,
        serviceTitles: deciding.foreseen.titles,
      });
    }
    const differences = differenceTotal(result);
    noteOutcome({
      result: differences === 0 ? 'what is stored is as decided now' : `${countText(differences)} differences`,
      next: nextAfter(result, tail)[0] ?? null,
    });
    await deliver(options.json, {
      record: () => verifyRecord(result),
      text: () => `${describeVerify(result, tail)}\n`,
    });
    return verifyExitCode(result);
  },
});

/** 7 if anything differs. */
export function verifyExitCode(result: Pick<VerifyResult, 'differences'>): 0 | 7 {
  return differenceTotal(result) === 0 ? 0 : 7;
}

function occasionOf({ differences, sample }: VerifyResult): Occasion {
  const counts = KINDS.map((kind) => ({ kind, title: DIFFERENCE_KINDS[kind].title, count: differences[kind] }));
  return { kind: 'verify', differences: counts.filter(({ count }) => count > 0), sample };
}

function nextAfter(result: VerifyResult, tail: string): readonly string[] {
  if (differenceTotal(result) === 0) return [`glance-retype gate${tail}     # may the cutover go on?`];
  const changed = KINDS.some((kind) => DIFFERENCE_KINDS[kind].remedy === 'migrate' && result.differences[kind] > 0);
  return changed
    ? [`glance-retype migrate${tail}     # decides what changed`, `glance-retype verify${tail}`]
    : [`glance-retype verify${tail}     # once it is repaired`];
}
