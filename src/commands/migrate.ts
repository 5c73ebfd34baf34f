import { introspectGlance } from '../glance/introspect.ts';
import { describeTarget } from '../run/schema/expand.ts';
import type { LeaseScope } from '../journal/lease.ts';
import type { JournalMeta } from '../journal/meta.ts';
import type { ReadContext } from '../run/context/context.ts';
import { migrate, type MigrateResult } from '../run/migrate/migrate.ts';
import type { MigrateContext } from '../run/migrate/pass.ts';
import { type BrakeParts, withBrake } from '../run/steering/brake.ts';
import { type RunRequest, scopeOf } from '../run/migrate/share.ts';
import { plan } from '../run/plan.ts';
import { migrateNeeds, needObjections } from '../run/schema/needs.ts';
import { refuseIfAny, requireExpanded } from '../run/preflight.ts';
import { trialObjections, writeObjections, writeRemarks } from '../run/write-hazards.ts';
import { metricsOption } from './options/speech.ts';
import { dryRunMigrate } from './dry-run/migrate.ts';
import { attend } from './session/attendance.ts';
import { checkAnswers } from './session/check-answers.ts';
import { askedPace, batchPace, batchPaceOptions } from './options/batch-pace.ts';
import { createCollector } from './collector.ts';
import { defineDatabaseCommand } from './session/database.ts';
import { confirm } from './session/confirm.ts';
import { commandTail, databaseOptions, databaseSpec } from './options/database.ts';
import { jsonFile, GROUPS } from './options/kinds.ts';
import { writingOptions } from './options/writing.ts';
import { decidingOptions, decidingTail, inputsOf, loadDeciding, type Deciding } from './options/deciding.ts';
import { htmlOptions, wantedHtml } from './options/html.ts';
import { migrateRecord } from './documents/migrate-record.ts';
import { commandsAfter, describeMigrate, migrateOutcome } from './migrate-text.ts';
import { openPlanOutputs, type PlanOutputs } from './options/plan-outputs.ts';
import { pageColumns, pageSizeOf } from './options/pages.ts';
import { probeChoice } from './options/probe.ts';
import { reportHeader } from './session/report-header.ts';
import { SHARD_OPTION, shardOf } from './options/shard.ts';
import { noteOutcome } from './log/log.ts';
import { askedSteering, steeringOptions, steeringTail } from './options/steering.ts';
import { deliver } from './session/deliver.ts';
import { printOn } from './session/output.ts';
import { toolVersion } from './log/version.ts';
import { holdLease } from './session/held-lease.ts';
import { openContent } from './session/content.ts';
import { endedText, openSteering, windowOf } from './session/steering.ts';

export const migrateCommand = defineDatabaseCommand({
  options: (yargs) =>
    writingOptions(
      steeringOptions(metricsOption(batchPaceOptions(htmlOptions(decidingOptions(databaseOptions(yargs)))))),
    )
      .option('shard', SHARD_OPTION)
      .option('new-run', {
        group: GROUPS.safety,
        type: 'boolean',
        describe: 'close an unfinished run of other rules or answers, and decide everything anew',
      })
      .option('json', jsonFile('the result')),
  run: async (options, session) => {
    if (options.dryRun === true) return dryRunMigrate(options, session);
    const began = performance.now();
    const asked = askedPace(options);
    const shard = shardOf(options.shard);
    const choice = probeChoice(options, process.env);
    const wanted = wantedHtml(options);
    const deciding = loadDeciding(options);
    const spec = databaseSpec(options, process.env);
    const steered = askedSteering(options, spec, process.env, began);
    const tail = `${commandTail(options)}${decidingTail(options)}`;
    await using writer = await session.open(spec, 'read-write');
    const reader = writer.readOnly();
    const pace = batchPace(asked, writer.dialect);
    await using steering = openSteering(steered, writer);
    const meta = await requireExpanded(writer);
    const schema = await introspectGlance(reader, deciding);
    refuseIfAny([
      ...(await writeObjections(writer, schema, meta.target)),
      ...(await needObjections(writer, migrateNeeds(meta.target))),
    ]);
    // Before the question: from here on a signal means an orderly end.
    using attendance = attend('finishing the current batch; a second signal stops at once, which is safe as well');
    const { progress, clock } = attendance;
    const stop = windowOf(steered, attendance);
    const around = { reader, schema, onEvent: progress, stop, clock };
    using content = await openContent(choice, { ...around, decide: deciding.base });
    const { lookInside } = content;
    await using outputs = await openPlanOutputs(wanted, () => undefined);
    // The report and the check of the answers need every column.
    const context = {
      ...around,
      decide: deciding.decide,
      lookInside,
      size: pageSizeOf(undefined),
      columns: 'all' as const,
    };
    if ((await checkAnswers(context, deciding)) === 'stopped') {
      content.tell();
      progress.done();
      const ended = endedText(steered.limits, stop.cause(), null);
      noteOutcome({ result: ended, next: `glance-retype migrate${tail}${steeringTail(options)}` });
      await printOn(options.json === '-' ? 'stderr' : 'stdout', () => `${ended}\n`);
      return 3;
    }
    progress.done();
    await confirm(
      [
        `This will write decisions to ${writer.label} (${writer.dialect.serverVersion}, Glance ${schema.era}):`,
        `  ${describeTarget(meta.target)}, ${pace.text}, each batch one transaction.`,
        '  disk_format, container_format and updated_at are never written. `rollback` undoes everything.',
        ...(await writeRemarks(writer, schema, meta.target)).map((remark) => `  ${remark}`),
        ...steering.lines.map((line) => `  ${line}`),
      ],
      options.yes === true ? 'yes' : 'ask',
    );
    refuseIfAny(await trialObjections({ writer, onEvent: progress, clock }, meta.target));
    const request: RunRequest = {
      ...inputsOf(deciding, choice),
      toolVersion: toolVersion(),
      unfinished: options.newRun === true ? 'close' : 'resume',
    };
    const columns = pageColumns(deciding, choice, []);
    const scope = scopeOf(shard);
    const result = await migrateUnderLease(
      { ...context, ...asked, ...pace, ...steering.conditions, columns, writer, window: stop },
      scope,
      meta,
      request,
    );
    if (wanted.length > 0 && result.end === 'complete') {
      await writeReport(context, { deciding, probe: choice.mode, outputs, result, tail });
    }
    content.tell();
    progress.done();
    const outcome = { tail, shard, limits: steered.limits, steeringTail: steeringTail(options) };
    noteOutcome(migrateOutcome(result, outcome));
    const next = commandsAfter(result, outcome);
    await deliver(options.json, {
      record: () => migrateRecord(result, { database: writer.label, clock, next }),
      text: () => `${describeMigrate(result, { ...outcome, clock })}\n`,
    });
    return result.end === 'stopped' ? 3 : 0;
  },
});

async function migrateUnderLease(
  context: Omit<MigrateContext, 'brake'> & BrakeParts,
  scope: LeaseScope,
  meta: JournalMeta,
  request: RunRequest,
): Promise<MigrateResult> {
  await using held = await holdLease(context.writer, { purpose: 'migrate', scope, ...context });
  return await withBrake(context, (brake) => migrate({ ...context, brake }, held.lease, meta, request));
}

interface Reported {
  readonly deciding: Deciding;
  readonly probe: string;
  readonly outputs: PlanOutputs;
  readonly result: MigrateResult;
  readonly tail: string;
}

/** Reads everything once more, so that the page shows what is stored now. A stopped reading leaves no page. */
async function writeReport(context: ReadContext, { deciding, probe, outputs, result, tail }: Reported): Promise<void> {
  const collector = createCollector(deciding, context.reader.label, outputs, 'all');
  if ((await plan(context, collector.sink)) === 'stopped') return;
  const { summary, answers } = collector.collected();
  await outputs.end({
    occasion: {
      kind: 'migrate',
      run: result.run.id,
      written: result.totals.rowsWritten,
      leftAlone: result.foreign.length,
    },
    summary,
    header: await reportHeader(context.reader, context.schema, deciding, probe),
    answers,
    owners: await collector.owners(context.reader, context.schema),
    serviceTitles: deciding.foreseen.titles,
    next: [`glance-retype verify${tail}     # reads everything again and compares`],
  });
}
