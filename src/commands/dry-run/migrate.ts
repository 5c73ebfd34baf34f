import { introspectGlance } from '../../glance/introspect.ts';
import { DEFAULT_COLUMN_NAMES, type Target } from '../../journal/meta.ts';
import { isHeld, readLeases } from '../../journal/lease.ts';
import { listRuns } from '../../journal/runs.ts';
import type { ExitCode } from '../../model/error-codes.ts';
import { classificationText } from '../../report/words/decision-words.ts';
import { countText } from '../../report/words/number-text.ts';
import type { ScreenStyle } from '../../report/words/style.ts';
import { type Cell, cut, figures as figureColumn, renderTable } from '../../report/terminal/layout/table.ts';
import { type MigratePreview, previewMigrate } from '../../run/migrate/preview.ts';
import { unfinishedRun } from '../../run/migrate/share.ts';
import { findMeta, grantObjections, refuseIfAny, requireExpanded } from '../../run/preflight.ts';
import { describeTarget } from '../../run/schema/expand.ts';
import { migrateNeeds, needObjections } from '../../run/schema/needs.ts';
import { writeObjections, writeRemarks } from '../../run/write-hazards.ts';
import { askedPace, batchPace, type batchPaceOptions } from '../options/batch-pace.ts';
import { commandTail, databaseSpec, type GivenDatabase } from '../options/database.ts';
import { decidingTail, type GivenDeciding, inputsOf, loadDeciding } from '../options/deciding.ts';
import { type Given } from '../options/kinds.ts';
import { pageColumns, pageSizeOf } from '../options/pages.ts';
import { probeChoice } from '../options/probe.ts';
import { shardOf } from '../options/shard.ts';
import { askedSteering, type steeringOptions } from '../options/steering.ts';
import { usageError } from '../options/usage.ts';
import { attend } from '../session/attendance.ts';
import { checkAnswers } from '../session/check-answers.ts';
import { openContent } from '../session/content.ts';
import type { Session } from '../session/database.ts';
import { toolVersion } from '../log/version.ts';
import { leaseFigures, tellDryRun } from './text.ts';

type GivenMigrate = GivenDatabase &
  GivenDeciding &
  Given<typeof batchPaceOptions> &
  Given<typeof steeringOptions> & {
    readonly html?: string | undefined;
    readonly json?: string | undefined;
    readonly shard?: string | undefined;
    readonly newRun?: boolean | undefined;
  };

/**
 * Shows what migrate would write, over a connection that cannot write. Works before expand as well, for the target that
 * expand has without options.
 *
 * @throws RetypeError what migrate is refused with, once it is shown what it would do.
 */
export async function dryRunMigrate(options: GivenMigrate, session: Session): Promise<ExitCode> {
  const asked = askedPace(options);
  const shard = shardOf(options.shard);
  const choice = probeChoice(options, process.env);
  if (options.html !== undefined)
    throw usageError('--html', 'no --html with --dry-run', options.html, 'use `glance-retype plan --html FILE`');
  const deciding = loadDeciding(options);
  const tail = `${commandTail(options)}${decidingTail(options)}`;
  const spec = databaseSpec(options, process.env);
  // Nothing is steered here; the values are checked.
  askedSteering(options, spec, process.env, 0);
  await using reader = await session.open(spec, 'read-only');
  refuseIfAny(await grantObjections(reader, 'images', ['select']));
  const isExpanded = (await findMeta(reader)) !== null;
  const stored: Target | null = isExpanded ? (await requireExpanded(reader)).target : null;
  const target: Target = stored ?? { kind: 'columns', names: DEFAULT_COLUMN_NAMES };
  const schema = await introspectGlance(reader, deciding);
  const objections = [
    ...(await writeObjections(reader, schema, target)),
    ...(stored === null ? [] : await needObjections(reader, migrateNeeds(stored))),
  ];
  const unfinished = isExpanded
    ? unfinishedRun(await listRuns(reader), {
        ...inputsOf(deciding, choice),
        toolVersion: toolVersion(),
        unfinished: options.newRun === true ? 'close' : 'resume',
      })
    : null;
  const leases = isExpanded ? (await readLeases(reader, reader.dialect.nowMs)).filter(isHeld) : [];
  using attendance = attend('stopping; nothing was written');
  const { progress, stop, clock } = attendance;
  const around = { reader, schema, onEvent: progress, stop, clock };
  using content = await openContent(choice, { ...around, decide: deciding.base });
  const columns = pageColumns(deciding, choice, []);
  const context = {
    ...around,
    decide: deciding.decide,
    lookInside: content.lookInside,
    size: pageSizeOf(undefined),
    columns,
  };
  const checked = await checkAnswers(context, deciding);
  const preview = checked === 'stopped' ? null : await previewMigrate(context, stored);
  content.tell();
  progress.done();
  if (preview === null || preview.end === 'stopped') return 3;
  const pace = batchPace(asked, reader.dialect);
  const run: Cell =
    unfinished === null
      ? 'a new one'
      : unfinished.end === 'resume'
        ? `run ${unfinished.run.id} would be continued`
        : `run ${unfinished.run.id} would be closed where it is, and a new one begun`;
  const found = {
    command: 'migrate' as const,
    intent: [
      `This will write decisions to ${reader.label} (${reader.dialect.serverVersion}, Glance ${schema.era}):`,
      `  ${describeTarget(target)}, ${pace.text}, each batch one transaction.`,
      ...(await writeRemarks(reader, schema, target)).map((remark) => `  ${remark}`),
    ],
    figures: [
      ...previewFigures(preview),
      ['Run', run] as const,
      ...(shard === null
        ? []
        : [['Shard', `these are counts of the whole table; this shard does about one part of ${shard.of}`] as const]),
      ...leaseFigures(leases),
      ...(isExpanded ? [] : [['Schema', { text: 'not expanded yet: expand comes first', tone: 'warn' }] as const]),
    ],
    table: (style: ScreenStyle) => groupTable(preview, style),
    next: isExpanded ? `glance-retype migrate${tail}` : `glance-retype expand --dry-run${commandTail(options)}`,
  };
  await tellDryRun(options.json, { ...found, objections, database: reader.label, migrate: preview });
  return 0;
}

function previewFigures({
  rowsRead,
  deleted,
  groups,
  leftAlone,
}: MigratePreview): readonly (readonly [string, Cell])[] {
  const sum = (kind: 'written' | 'rewritten' | 'stored' | 'leftAlone', statuses?: readonly string[]): number =>
    groups
      .filter(({ status }) => statuses === undefined || statuses.includes(status))
      .reduce((total, group) => total + group[kind], 0);
  const decided = ['exact', 'inferred'];
  const results = sum('written', decided) + sum('rewritten', decided);
  const left = sum('leftAlone');
  return [
    ['Rows read', countText(rowsRead)],
    ['Would be written', `${countText(sum('written'))} images, for the first time`],
    ['Would be re-written', `${countText(sum('rewritten'))} images, because their decision is another one now`],
    ['Stored already', `${countText(sum('stored'))} images stay as they are`],
    [
      'With a result',
      `${countText(results)} of those written or re-written; the others are only recorded in the journal`,
    ],
    ['Soft-deleted', `${countText(deleted)} images, only counted`],
    ...(left === 0
      ? []
      : [
          [
            'Left alone',
            {
              text: `${countText(left)} images whose result columns hold foreign values, first ${leftAlone.slice(0, 3).join(', ')}`,
              tone: 'warn',
            },
          ] as const,
        ]),
  ];
}

function groupTable({ groups }: MigratePreview, style: ScreenStyle): string {
  return renderTable(
    [
      cut('decision'),
      figureColumn('write'),
      figureColumn('re-write'),
      figureColumn('stored'),
      figureColumn('leave alone'),
    ],
    groups.map((group) => [
      group.imageType === null ? group.status : `${group.status}: ${classificationText(group)}`,
      countText(group.written),
      countText(group.rewritten),
      countText(group.stored),
      countText(group.leftAlone),
    ]),
    style,
  );
}
