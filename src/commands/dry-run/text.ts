import type { LeaseRecord } from '../../journal/lease.ts';
import { refuseIfAny } from '../../run/preflight.ts';
import { renderKeyValues, sentence } from '../../report/terminal/layout/section.ts';
import type { Cell } from '../../report/terminal/layout/table.ts';
import { safeText } from '../../report/words/safe-text.ts';
import type { ScreenStyle } from '../../report/words/style.ts';
import { type DryRunFound, dryRunRecord } from '../documents/dry-run-record.ts';
import { deliver } from '../session/deliver.ts';

/** What every dry run tells. */
type Told = 'command' | 'database' | 'objections' | 'next';

/** What a dry run found: what every command tells, and the counts of the one that has some. */
export interface DryRun extends Pick<DryRunFound, Told>, Partial<Omit<DryRunFound, Told>> {
  /** The lines before the question that the command would ask. */
  readonly intent: readonly string[];
  readonly figures?: readonly (readonly [string, Cell])[];
  /** A further part. */
  readonly table?: (style: ScreenStyle) => string;
}

/**
 * Hands over what a command would do, and then refuses as it would.
 * @param json the place of --json.
 * @throws RetypeError with all objections.
 */
export async function tellDryRun(json: string | undefined, found: DryRun): Promise<void> {
  const whole = { exitCode: 0, statements: [], migrate: null, rollback: null, ...found } as const;
  await deliver(json, {
    record: () => dryRunRecord(whole),
    text: (style) => `${dryRunText(found, style)}\n`,
  });
  refuseIfAny(found.objections);
}

/** The result of a dry run, for a person. */
function dryRunText(
  { command, intent, figures = [], table, statements = [], next }: DryRun,
  style: ScreenStyle,
): string {
  return [
    sentence(
      `Dry run of ${command}: nothing was written. Without --dry-run it asks this, and does it after a yes:`,
      style,
    ),
    '',
    ...intent,
    ...(figures.length === 0 ? [] : ['', renderKeyValues(figures, style)]),
    ...(table === undefined ? [] : ['', table(style)]),
    ...(statements.length === 0 ? [] : ['', 'Changes of the schema:', ...statements.map((text) => `  ${text};`)]),
    '',
    // In full, however long it is: it is there to be copied.
    `Next  ${safeText(next)}`,
  ].join('\n');
}

/** A line about each lease that is held: the command itself would wait for it, and end with exit code 6. */
export function leaseFigures(leases: readonly LeaseRecord[]): readonly (readonly [string, Cell])[] {
  return leases.map(({ purpose, host }) => [
    'Lease',
    { text: `held by ${purpose} on ${host}: until that ends, the command is refused with exit code 6`, tone: 'warn' },
  ]);
}
