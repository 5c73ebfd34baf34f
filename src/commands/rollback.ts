import type { Database } from '../db/database.ts';
import { introspectGlance } from '../glance/introspect.ts';
import { bindKey } from '../glance/tables/keys.ts';
import { type GlanceSchema } from '../glance/tables/schema.ts';
import { readHistory } from '../journal/history.ts';
import { WHOLE } from '../journal/lease.ts';
import { journalIsEmpty } from '../journal/results.ts';
import { lookUpImages, noSuchImage } from '../glance/tables/image-lookup.ts';
import { expandRemains, findMeta, readOnlyObjections, refuseIfAny, requireExpanded } from '../run/preflight.ts';
import { rollback, type RollbackScope } from '../run/rollback.ts';
import { dismantle, droppedNames, planDismantle, REBUILD_ADVICE } from '../run/schema/dismantle.ts';
import { dismantleNeeds, needObjections, rollbackNeeds } from '../run/schema/needs.ts';
import { metricsOption } from './options/speech.ts';
import { dryRunRollback } from './dry-run/rollback.ts';
import { attend } from './session/attendance.ts';
import { defineDatabaseCommand } from './session/database.ts';
import { confirm } from './session/confirm.ts';
import { type RolledBack, rollbackRecord } from './documents/rollback-record.ts';
import { commandTail, databaseOptions, databaseSpec, type GivenDatabase } from './options/database.ts';
import { GROUPS, jsonFile } from './options/kinds.ts';
import { accessOf, answerOf, writingOptions } from './options/writing.ts';
import { askedPace, batchPace, batchSizeOption } from './options/batch-pace.ts';
import { dropSchema } from './drop-schema.ts';
import { wholeNumber } from './options/numbers.ts';
import { describeResult, rollbackOutcome, scopeTail } from './rollback-text.ts';
import { askedSteering, steeringOptions, steeringTail } from './options/steering.ts';
import { usageError } from './options/usage.ts';
import { endedText, openSteering, windowOf } from './session/steering.ts';
import { withBrake } from '../run/steering/brake.ts';
import { holdLease } from './session/held-lease.ts';
import { noteOutcome } from './log/log.ts';
import { deliver } from './session/deliver.ts';
import { stoppedText } from './session/output.ts';

export const rollbackCommand = defineDatabaseCommand({
  options: (yargs) =>
    writingOptions(steeringOptions(metricsOption(batchSizeOption(databaseOptions(yargs)))))
      .option('run', {
        group: GROUPS.scope,
        requiresArg: true,
        describe: 'undo this run and all later ones (default: all runs, and expand too)',
      })
      .option('owner', {
        group: GROUPS.scope,
        type: 'string',
        requiresArg: true,
        describe: "undo only one owner's images",
      })
      .option('image', {
        group: GROUPS.scope,
        type: 'string',
        requiresArg: true,
        describe: 'undo only one image',
      })
      .conflicts('run', ['owner', 'image'])
      .conflicts('owner', 'image')
      .option('json', jsonFile('the result')),
  run: async (options, session) => {
    const began = performance.now();
    const asked = askedPace({ batchSize: options.batchSize });
    const scope = scopeOf(options);
    const spec = databaseSpec(options, process.env);
    const steered = askedSteering(options, spec, process.env, began);
    await using writer = await session.open(spec, accessOf(options));
    const end = scope.kind === 'everything' ? await takeAway(writer, options) : 'undo';
    if (end !== 'undo') return end;
    const { size, pressure } = batchPace(asked, writer.dialect);
    const meta = await requireExpanded(writer);
    const schema = await introspectGlance(writer);
    if (scope.kind === 'image' && !(await hasHistory(writer, schema, scope.imageId))) {
      await deliver(options.json, {
        record: () => rollbackRecord({ ...NOTHING, scope, database: writer.label }),
        text: () => `Nothing is stored of image ${scope.imageId}: there is nothing to roll back.\n`,
      });
      return 0;
    }
    if (scope.kind === 'owner' && !schema.optionalColumns.has('owner')) {
      throw usageError('--owner', 'images with owners', `Glance ${schema.era} has none`, 'use --image or --run');
    }
    const removal = await planDismantle(writer, meta, 'remove-everything');
    const objections = [
      ...(await readOnlyObjections(writer)),
      ...(await needObjections(
        writer,
        rollbackNeeds(meta.target),
        scope.kind === 'everything' ? dismantleNeeds(removal) : {},
      )),
    ];
    const intent = [
      `This will undo ${describeScope(scope)} in ${writer.label}.`,
      '  Only results that are unchanged since are taken back; others are listed and left alone.',
      ...(scope.kind === 'everything'
        ? [
            "  When nothing is left, the result columns and the tool's own tables are dropped as well.",
            ...(removal.leavesHidden === 'columns' ? [`  ${REBUILD_ADVICE}`] : []),
          ]
        : []),
    ];
    const answer = answerOf(options);
    if (answer === 'dry-run') {
      const next = `glance-retype rollback${scopeTail(scope)}${commandTail(options)}`;
      return await dryRunRollback({
        reader: writer,
        meta,
        scope,
        removal,
        intent,
        objections,
        next,
        json: options.json,
      });
    }
    refuseIfAny(objections);
    await using steering = openSteering(steered, writer);
    // Before the question: from here on a signal means an orderly end.
    using attendance = attend('finishing the current batch');
    const { progress, clock } = attendance;
    const stop = windowOf(steered, attendance);
    await confirm([...intent, ...steering.lines.map((line) => `  ${line}`)], answer);
    await using held = await holdLease(writer, { purpose: 'rollback', scope: WHOLE, onEvent: progress, stop });
    const context = { writer, size, clock, onEvent: progress, stop };
    const result = await withBrake(
      { ...context, ...steering.conditions, pressure, maxLatency: null, window: stop },
      async (brake) => rollback({ ...context, brake }, held.lease, meta, scope),
    );
    progress.done();
    const whole =
      scope.kind === 'everything' &&
      result.end === 'finished' &&
      result.conflictCount === 0 &&
      (await journalIsEmpty(writer)) &&
      (await dismantle(context, held.lease, meta, 'remove-everything')) === 'done';
    if (whole) held.dropped();
    progress.done();
    const tail = `${commandTail(options)}${scopeTail(scope)}${steeringTail(options)}`;
    // Only of everything is something left once all rows are undone.
    const stopped = result.end === 'stopped' || (scope.kind === 'everything' && !whole && stop.requested());
    const exitCode = stopped ? 3 : result.conflictCount > 0 ? 7 : 0;
    const ended = stopped ? endedText(steered.limits, stop.cause(), result.rows) : null;
    const schemaLeft = whole ? 'schema-restored' : 'schema-kept';
    noteOutcome(rollbackOutcome(result, { schema: schemaLeft, tail, ended }));
    await deliver(options.json, {
      record: () =>
        rollbackRecord({
          end: stopped ? 'stopped' : 'finished',
          stoppedBy: stopped ? stop.cause() : null,
          scope,
          result,
          schema: whole ? 'restored' : 'kept',
          database: writer.label,
          exitCode,
          next: stopped ? [`glance-retype rollback${tail}`] : [],
        }),
      text: () => `${describeResult(result, { schema: schemaLeft, tail, ended })}\n`,
    });
    return exitCode;
  },
});

/** Where nothing of the scope is stored. */
const NOTHING = {
  end: 'nothing-to-undo',
  stoppedBy: null,
  result: null,
  schema: 'kept',
  exitCode: 0,
  next: [],
} as const;

/**
 * Rolls everything back where no run has to be undone: finishes an interrupted rollback, removes an interrupted
 * expand, or does nothing.
 * @returns `undo` where there are runs.
 */
async function takeAway(
  writer: Database,
  options: GivenDatabase & Parameters<typeof answerOf>[0] & { readonly json?: string | undefined },
): Promise<0 | 3 | 'undo'> {
  const meta = await findMeta(writer);
  const state = meta?.state ?? (await expandRemains(writer));
  const nothing = { ...NOTHING, scope: { kind: 'everything' }, database: writer.label } as const;
  if (state === 'nothing') {
    await deliver(options.json, {
      record: () => rollbackRecord({ ...nothing, schema: 'restored' }),
      text: () => `Nothing is left to undo: none of the tool's tables is in ${writer.label}.\n`,
    });
    return 0;
  }
  if (state !== 'removing' && state !== 'expanding') return 'undo';
  const intent =
    state === 'removing'
      ? `This will finish an interrupted rollback of ${writer.label}.`
      : `This will take away what an interrupted expand made in ${writer.label}. No decision was stored yet.`;
  const { end } = await dropSchema(writer, {
    meta,
    dismantling: 'remove-everything',
    alsoNeeds: {},
    intent: async (plan) =>
      Promise.resolve([
        intent,
        `  dropped: ${droppedNames(plan)}`,
        ...(plan.leavesHidden === 'columns' ? [`  ${REBUILD_ADVICE}`] : []),
      ]),
    answer: answerOf(options),
    tail: commandTail(options),
    json: options.json,
  });
  if (end === 'shown') return 0;
  const again = `rollback${commandTail(options)}`;
  const done: RolledBack = { ...nothing, end: 'finished', schema: 'restored' };
  const stopped: RolledBack = {
    ...nothing,
    end: 'stopped',
    stoppedBy: 'signal',
    exitCode: 3,
    next: [`glance-retype ${again}`],
  };
  await deliver(options.json, {
    record: () => rollbackRecord(end === 'done' ? done : stopped),
    text: () => (end === 'done' ? 'Rollback finished: the schema is as it was before expand.\n' : stoppedText(again)),
  });
  return end === 'done' ? 0 : 3;
}

/**
 * Whether anything is stored about an image. The journal may know an image that Glance has purged.
 * @throws RetypeError NO_SUCH_IMAGE.
 */
async function hasHistory(writer: Database, schema: GlanceSchema, id: string): Promise<boolean> {
  const key = bindKey(schema, id);
  if (key !== null && (await readHistory(writer, key)).current !== null) return true;
  if ((await lookUpImages(writer, schema, [id])).has(id)) return false;
  throw noSuchImage(id, schema);
}

function scopeOf(options: {
  readonly run?: unknown;
  readonly owner?: string | undefined;
  readonly image?: string | undefined;
}): RollbackScope {
  if (options.run !== undefined) {
    return { kind: 'from-run', runId: wholeNumber('--run', options.run, 1, 2_147_483_647) };
  }
  if (options.owner !== undefined) {
    return { kind: 'owner', owner: options.owner };
  }
  return options.image === undefined ? { kind: 'everything' } : { kind: 'image', imageId: options.image };
}

function describeScope(scope: RollbackScope): string {
  switch (scope.kind) {
    case 'everything':
      return 'everything that this tool wrote';
    case 'from-run':
      return `run ${scope.runId} and all newer ones`;
    case 'owner':
      return `what was written for images of owner ${scope.owner}`;
    case 'image':
      return `what was written for image ${scope.imageId}`;
  }
}
