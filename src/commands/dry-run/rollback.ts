import type { Database } from '../../db/database.ts';
import { isHeld, readLeases } from '../../journal/lease.ts';
import type { JournalMeta } from '../../journal/meta.ts';
import type { ExitCode } from '../../model/error-codes.ts';
import { countText } from '../../report/words/number-text.ts';
import type { Cell } from '../../report/terminal/layout/table.ts';
import type { Objection } from '../../run/preflight.ts';
import { previewRollback, type RollbackPreview } from '../../run/preview-rollback.ts';
import type { RollbackScope } from '../../run/rollback.ts';
import { type DismantlePlan, dismantleStatements } from '../../run/schema/dismantle.ts';
import { pageSizeOf } from '../options/pages.ts';
import { attend } from '../session/attendance.ts';
import { leaseFigures, tellDryRun } from './text.ts';

/** What rollback knows when it is about to ask. */
export interface RollbackAhead {
  readonly reader: Database;
  readonly meta: JournalMeta;
  readonly scope: RollbackScope;
  /** What is dropped where nothing is left. */
  readonly removal: DismantlePlan;
  readonly intent: readonly string[];
  readonly objections: readonly Objection[];
  /** The command without --dry-run. */
  readonly next: string;
  /** The place of --json. */
  readonly json: string | undefined;
}

/**
 * Shows what rollback would undo, over a connection that cannot write.
 * @throws RetypeError what rollback is refused with, once it is shown what it would do.
 */
export async function dryRunRollback(ahead: RollbackAhead): Promise<ExitCode> {
  const { reader, meta, scope, removal, intent, objections, next, json } = ahead;
  using attendance = attend('stopping; nothing was written');
  const { progress: onEvent, stop } = attendance;
  const preview = await previewRollback({ reader, onEvent, stop, size: pageSizeOf(undefined) }, meta, scope);
  onEvent.done();
  if (preview.end === 'stopped') return 3;
  const leases = (await readLeases(reader, reader.dialect.nowMs)).filter(isHeld);
  const whole = scope.kind === 'everything' && preview.conflictCount === 0;
  const found = {
    command: 'rollback' as const,
    intent,
    figures: [...previewFigures(preview, whole ? 'goes' : 'stays'), ...leaseFigures(leases)],
    statements: whole ? await dismantleStatements(reader, removal) : [],
    next,
  };
  const exitCode = preview.conflictCount > 0 ? 7 : 0;
  await tellDryRun(json, { ...found, objections, database: reader.label, exitCode, rollback: preview });
  return exitCode;
}

function previewFigures(
  { runs, images, undone, restored, conflictCount, conflicts }: RollbackPreview,
  schema: 'goes' | 'stays',
): readonly (readonly [string, Cell])[] {
  const rows = undone === images ? '' : ` (${countText(undone)} journal rows, over ${countText(runs.length)} runs)`;
  return [
    ['Runs', runs.length === 0 ? 'none' : runs.join(', ')],
    ['Would be undone', `${countText(images)} images${rows}`],
    ...(restored === 0
      ? []
      : [['Would be restored', `${countText(restored)} of these get the result of an earlier run again`] as const]),
    [
      'Left alone',
      conflictCount === 0
        ? 'none'
        : {
            text: `${countText(conflictCount)} images whose result columns hold values of another program, first ${conflicts.slice(0, 3).join(', ')}`,
            tone: 'warn',
          },
    ],
    [
      'Schema',
      schema === 'goes' ? 'would be as it was before expand' : "the result columns and the tool's tables would be kept",
    ],
  ];
}
