import { renderKeyValues } from '../report/terminal/key-values.ts';
import { countText } from '../report/terminal/number-text.ts';
import type { Cell } from '../report/terminal/table.ts';
import type { MigrateResult } from '../run/migrate.ts';
import { undecidedCount } from '../run/verify.ts';
import { styleOf } from './terminal.ts';

/** What migrate came to, for a person. `tail` repeats the options that name database, rules, answers and content. */
export function describeMigrate(result: MigrateResult, tail: string): string {
  const { counts } = result.totals;
  const undecided = undecidedCount(counts);
  const ended: Cell =
    result.end === 'complete'
      ? { text: `run ${result.run.id} complete${result.resumed ? ', resumed' : ''}`, tone: 'good' }
      : { text: `run ${result.run.id} stopped after batch ${result.totals.batches}; nothing is lost`, tone: 'warn' };
  const lines: (readonly [string, Cell])[] = [
    ['Migrate', ended],
    ['Rows read', countText(result.totals.rowsRead)],
    ['Decided', `${countText(counts.exact)} exact, ${countText(counts.inferred)} inferred`],
    [
      'Undecided',
      `${countText(counts.ambiguous)} ambiguous, ${countText(counts.unmappable)} unmappable; nothing written to these`,
    ],
    ['Not applicable', countText(counts['not-applicable'])],
    [
      'Journal rows',
      `${countText(result.written)} written by this command, ${countText(result.totals.rowsWritten)} by the run`,
    ],
  ];
  if (result.foreign.length > 0) {
    lines.push([
      'Left alone',
      {
        text: `${countText(result.foreign.length)} images whose result columns hold foreign values, first ${result.foreign.slice(0, 3).join(', ')}`,
        tone: 'warn',
      },
    ]);
  }
  lines.push(
    result.end === 'complete'
      ? ['Next', `glance-retype verify${tail}`]
      : ['Go on with', `glance-retype migrate${tail}`],
  );
  if (result.end === 'complete' && undecided > 0) {
    lines.push(['', `glance-retype plan${tail}      # lists the ${countText(undecided)} undecided rows`]);
  }
  return renderKeyValues(lines, styleOf(process.stdout));
}
