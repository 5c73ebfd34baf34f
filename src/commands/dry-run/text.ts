import type { LeaseRecord } from '../../journal/lease.ts';
import { type Objection, refuseIfAny } from '../../run/preflight.ts';
import { renderKeyValues, sentence } from '../../report/terminal/layout/section.ts';
import type { Cell } from '../../report/terminal/layout/table.ts';
import { safeText } from '../../report/words/safe-text.ts';
import type { ScreenStyle } from '../../report/words/style.ts';
import { print, styleOf } from '../session/output.ts';

/** What a dry run found. */
export interface DryRun {
  /** `migrate`. */
  readonly command: string;
  /** The lines before the question that the command would ask. */
  readonly intent: readonly string[];
  readonly figures?: readonly (readonly [string, Cell])[];
  /** A further part. */
  readonly table?: (style: ScreenStyle) => string;
  /** Statements that change the schema. */
  readonly statements?: readonly string[];
  /** The command without --dry-run, or the one that comes before it. */
  readonly next: string;
}

/**
 * Prints what a command would do, and then refuses as it would.
 * @throws RetypeError with all objections.
 */
export async function tellDryRun(found: DryRun, objections: readonly Objection[]): Promise<void> {
  await print(`${dryRunText(found, styleOf(process.stdout))}\n`);
  refuseIfAny(objections);
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
