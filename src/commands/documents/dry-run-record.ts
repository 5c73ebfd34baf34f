import { ERRORS } from '../../model/error-codes.ts';
import type { MigratePreview } from '../../run/migrate/preview.ts';
import type { Objection } from '../../run/preflight.ts';
import type { RollbackPreview } from '../../run/preview-rollback.ts';
import { FORMAT_VERSION } from '../../report/records/format-version.ts';
import { toolVersion } from '../log/version.ts';

/** Ids that the document names; the number says how many there are. */
const SAMPLE = 100;

/** What a dry run found, for its document. */
export interface DryRunFound {
  readonly command: 'expand' | 'migrate' | 'rollback' | 'contract';
  /** The address without secrets. */
  readonly database: string;
  /** The exit code where nothing is refused: 7 where rollback would meet foreign values. */
  readonly exitCode: 0 | 7;
  readonly next: string;
  readonly objections: readonly Objection[];
  /** Statements that change the schema. */
  readonly statements: readonly string[];
  readonly migrate: MigratePreview | null;
  readonly rollback: RollbackPreview | null;
}

/** The result of a dry run as JSON. Keys are only ever added. */
export function dryRunRecord(found: DryRunFound) {
  const { command, database, exitCode, next, objections, statements, migrate, rollback } = found;
  const [refusal] = objections;
  return {
    format_version: FORMAT_VERSION,
    tool_version: toolVersion(),
    database,
    end: 'dry-run' as const,
    exit_code: refusal === undefined ? exitCode : ERRORS[refusal.code].exit,
    next: [next],
    command,
    refusals: objections.map(({ code, place, expected, found: seen, advice }) => ({
      code,
      place,
      expected,
      found: seen,
      advice,
    })),
    statements,
    migrate: migrate === null ? null : migrateCounts(migrate),
    rollback: rollback === null ? null : rollbackCounts(rollback),
  };
}

function migrateCounts({ rowsRead, deleted, groups, leftAlone }: MigratePreview) {
  const sum = (kind: 'written' | 'rewritten' | 'stored' | 'leftAlone'): number =>
    groups.reduce((total, group) => total + group[kind], 0);
  return {
    rows_read: rowsRead,
    soft_deleted: deleted,
    written: sum('written'),
    rewritten: sum('rewritten'),
    stored: sum('stored'),
    left_alone: { count: sum('leftAlone'), sample_ids: leftAlone.slice(0, SAMPLE) },
    decisions: groups.map((group) => ({
      status: group.status,
      image_type: group.imageType,
      container_type: group.containerType,
      envelope: group.envelope,
      written: group.written,
      rewritten: group.rewritten,
      stored: group.stored,
      left_alone: group.leftAlone,
    })),
  };
}

function rollbackCounts({ runs, images, undone, restored, conflictCount, conflicts }: RollbackPreview) {
  return {
    runs,
    images,
    undone,
    restored,
    conflicts: { count: conflictCount, sample_ids: conflicts.slice(0, SAMPLE) },
  };
}
