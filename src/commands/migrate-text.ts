import type { Shard } from '../journal/lease.ts';
import type { MigrateResult } from '../run/migrate/migrate.ts';
import type { PhaseClock } from '../run/context/phase-clock.ts';
import { renderKeyValues } from '../report/terminal/layout/section.ts';
import type { Cell } from '../report/terminal/layout/table.ts';
import { countText } from '../report/words/number-text.ts';
import { undecidedCount } from '../run/verify/verify.ts';
import { styleOf } from './session/output.ts';

interface Surroundings {
  /** Repeats the options that name database, rules, answers and content. */
  readonly tail: string;
  readonly clock: PhaseClock;
  readonly shard: Shard | null;
}

/** The result of migrate, for a person. */
export function describeMigrate(result: MigrateResult, { tail, clock, shard }: Surroundings): string {
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
  return renderKeyValues([...lines, ...commandsAfter(result, { tail, shard })], styleOf(process.stdout));
}

/** The commands to type after migrate, each with what it is for. */
export function commandsAfter(
  { end, runEnd, totals }: MigrateResult,
  { tail, shard }: Pick<Surroundings, 'tail' | 'shard'>,
): readonly (readonly [string, string])[] {
  const again = shard === null ? '' : ` --shard ${shard.shard}/${shard.of}`;
  if (end === 'stopped') return [['Continue with', `glance-retype migrate${tail}${again}`]];
  if (runEnd.kind !== 'complete') return [];
  const list = ['List undecided', `glance-retype plan${tail}`] as const;
  return [['Next', `glance-retype verify${tail}`], ...(undecidedCount(totals.counts) > 0 ? [list] : [])];
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
