import type { Shard } from '../journal/lease.ts';
import type { MigrateResult } from '../run/migrate/migrate.ts';
import type { PhaseClock } from '../run/context/phase-clock.ts';
import { renderKeyValues } from '../report/terminal/layout/section.ts';
import type { Cell } from '../report/terminal/layout/table.ts';
import { safeText } from '../report/words/safe-text.ts';
import { countText } from '../report/words/number-text.ts';
import { undecidedCount } from '../run/verify/verify.ts';
import type { Outcome } from './log/log.ts';
import type { WindowLimits } from '../run/steering/window.ts';
import { styleOf } from './session/output.ts';
import { endedText } from './session/steering.ts';

interface Surroundings {
  /** Repeats the options that name database, rules, answers and content. */
  readonly tail: string;
  readonly clock: PhaseClock;
  readonly shard: Shard | null;
  readonly limits: WindowLimits;
  /** Repeats the options that bound this command. */
  readonly steeringTail: string;
}

/** The result of migrate, for a person. */
export function describeMigrate(result: MigrateResult, { clock, ...around }: Surroundings): string {
  const { counts } = result.totals;
  const lines: (readonly [string, Cell])[] = [
    ['Migrate', endText(result)],
    ...shardLine(result),
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
    ['Time', timeText(clock)],
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
  if (result.chasing > 0) {
    const text = `Glance changes images as fast as migrate decides them, ${countText(result.chasing)} during the last pass; run migrate again before the cutover`;
    lines.push(['Still changing', { text, tone: 'warn' }]);
  }
  if (result.end === 'stopped') {
    lines.push(['Ended', { text: endedText(around.limits, result.stoppedBy, result.rows), tone: 'warn' }]);
  }
  const [next, list] = [nextCommand(result, around), undecidedCommand(result, around)];
  // Not in the table, which cuts what is wider than the screen: a command must be whole to be copied.
  const commands = [
    ...(next === null
      ? []
      : [`${result.end === 'stopped' ? 'Continue with   ' : 'Next            '}${safeText(next)}`]),
    ...(list === null ? [] : [`List undecided  ${safeText(list)}`]),
  ];
  return [renderKeyValues(lines, styleOf(process.stdout)), ...commands].join('\n');
}

/** The commands to type after migrate, in order. */
export function commandsAfter(result: MigrateResult, around: Omit<Surroundings, 'clock'>): readonly string[] {
  return [nextCommand(result, around), undecidedCommand(result, around)].filter((command) => command !== null);
}

function undecidedCommand({ runEnd, totals }: MigrateResult, { tail }: Omit<Surroundings, 'clock'>): string | null {
  return runEnd.kind === 'complete' && undecidedCount(totals.counts) > 0 ? `glance-retype plan${tail}` : null;
}

/** What came of migrate, for the last line of its log. */
export function migrateOutcome(result: MigrateResult, around: Omit<Surroundings, 'clock'>): Outcome {
  const undecided = undecidedCount(result.totals.counts);
  const left = undecided > 0 ? `, ${countText(undecided)} rows undecided` : '';
  const end = endText(result);
  const why = result.end === 'stopped' ? `; ${endedText(around.limits, result.stoppedBy, result.rows)}` : '';
  return {
    result: `${typeof end === 'string' ? end : end.text}${left}${why}`,
    next: nextCommand(result, around),
  };
}

function nextCommand(
  { end, runEnd }: MigrateResult,
  { tail, shard, steeringTail }: Omit<Surroundings, 'clock'>,
): string | null {
  const again = shard === null ? '' : ` --shard ${shard.shard}/${shard.of}`;
  if (end === 'stopped') return `glance-retype migrate${tail}${again}${steeringTail}`;
  return runEnd.kind === 'complete' ? `glance-retype verify${tail}` : null;
}

function endText({ end, run, resumed, share, totals, runEnd }: MigrateResult): Cell {
  if (end === 'stopped') {
    return { text: `run ${run.id} stopped after ${countText(totals.batches)} batches; nothing is lost`, tone: 'warn' };
  }
  // A shard nearly always finds a run that another shard began.
  const again = resumed && share.shard === null ? ', resumed' : '';
  if (runEnd.kind === 'complete') return { text: `run ${run.id} complete${again}`, tone: 'good' };
  return { text: `this shard of run ${run.id} is complete`, tone: 'good' };
}

function shardLine({ share: { shard }, runEnd }: MigrateResult): readonly (readonly [string, Cell])[] {
  if (shard === null) return [];
  const left = runEnd.kind === 'open' ? `; still to be completed: ${runEnd.left.join(', ')}` : '';
  return [['Shard', `${shard.shard} of ${shard.of}${left}`]];
}

function timeText(clock: PhaseClock): string {
  const { read, decide, write, wait } = clock.seconds();
  const seconds = (value: number): string => `${value.toFixed(1)} s`;
  return `${seconds(read)} reading, ${seconds(decide)} deciding, ${seconds(write)} in transactions, ${seconds(wait)} waiting; these overlap`;
}
