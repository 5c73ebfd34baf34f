import { safeText } from '../report/words/safe-text.ts';
import { countText } from '../report/words/number-text.ts';
import { shellWord } from '../report/words/shell-word.ts';
import { renderKeyValues } from '../report/terminal/layout/section.ts';
import type { Cell } from '../report/terminal/layout/table.ts';
import type { RollbackResult, RollbackScope } from '../run/rollback.ts';
import type { Outcome } from './log/log.ts';
import { styleOf } from './session/output.ts';

/** Repeats the option that named what to undo: without it, everything would be. */
export function scopeTail(scope: RollbackScope): string {
  switch (scope.kind) {
    case 'everything':
      return '';
    case 'from-run':
      return ` --run ${scope.runId}`;
    case 'owner':
      return ` --owner ${shellWord(scope.owner)}`;
    case 'image':
      return ` --image ${shellWord(scope.imageId)}`;
  }
}

interface RollbackSurroundings {
  readonly schema: 'schema-restored' | 'schema-kept';
  readonly tail: string;
  /** Why it ended early; null where it did not. */
  readonly ended: string | null;
}

export function rollbackOutcome(
  { undone, conflictCount }: RollbackResult,
  { schema, tail, ended }: RollbackSurroundings,
): Outcome {
  const left = conflictCount > 0 ? `, ${countText(conflictCount)} left alone` : '';
  const restored = schema === 'schema-restored' ? ', the schema is as it was before expand' : '';
  const why = ended === null ? '' : `; ${ended}`;
  return {
    result: `${countText(undone)} images undone${left}${restored}${why}`,
    next: ended !== null ? `glance-retype rollback${tail}` : null,
  };
}

export function describeResult(result: RollbackResult, { schema, tail, ended }: RollbackSurroundings): string {
  const lines: (readonly [string, Cell])[] = [
    [
      'Rollback',
      result.end === 'finished'
        ? { text: 'finished', tone: 'good' }
        : { text: 'stopped; nothing is lost', tone: 'warn' },
    ],
    ['Undone', `${countText(result.undone)} images`],
  ];
  if (result.conflictCount > 0) {
    lines.push([
      'Left alone',
      {
        text: `${countText(result.conflictCount)} images whose result columns hold values of another program`,
        tone: 'warn',
      },
    ]);
  }
  lines.push([
    'Schema',
    schema === 'schema-restored' ? 'as it was before expand' : "the result columns and the tool's tables are kept",
  ]);
  if (ended !== null) {
    lines.push(['Ended', { text: ended, tone: 'warn' }]);
  }
  const listed = result.conflicts.slice(0, 20).map((id) => `  ${id}`);
  return [
    renderKeyValues(lines, styleOf(process.stdout)),
    // Not in the table, which cuts what is wider than the screen: a command must be whole to be copied.
    ...(ended === null ? [] : [`Continue with  ${safeText(`glance-retype rollback${tail}`)}`]),
    ...(listed.length > 0
      ? [
          '',
          'With values of another program (set their result columns to NULL and roll back again to remove them):',
          ...listed,
        ]
      : []),
  ].join('\n');
}
