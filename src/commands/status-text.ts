import type { LeaseRecord } from '../journal/lease.ts';
import { percentOf } from '../report/log/log.ts';
import { FORMAT_VERSION } from '../report/records/format-version.ts';
import { type Labelled, renderLabelled } from '../report/terminal/layout/section.ts';
import { type Cell, renderTable } from '../report/terminal/layout/table.ts';
import { countText, durationText, percentText } from '../report/words/number-text.ts';
import { safeText } from '../report/words/safe-text.ts';
import type { ScreenStyle } from '../report/words/style.ts';
import { describeTarget } from '../run/schema/expand.ts';
import type { RunProgress, RunStatus, Status } from '../run/status.ts';
import { pidOf } from './session/process-identity.ts';

type Expanded = Extract<Status, { kind: 'expanded' }>;

/** Whether the process of a lease has certainly ended, as `isDeadProcess` knows it. */
export type KnowsDead = (lease: LeaseRecord) => boolean;

/** The processes that hold a lease. */
export interface Holders {
  readonly working: readonly LeaseRecord[];
  /** They have ended, or hang: the next command takes their lease over. */
  readonly gone: readonly LeaseRecord[];
}

function holdersOf({ leases, silent }: Expanded, isDead: KnowsDead): Holders {
  return { working: leases.filter((lease) => !isDead(lease)), gone: [...leases.filter(isDead), ...silent] };
}

/** How far the open run is. Where its processes have ended there is no pace, whatever their batches say. */
function progressOf(status: Expanded, isDead: KnowsDead): RunProgress | null {
  const { progress } = status;
  if (progress === null || holdersOf(status, isDead).working.length > 0) return progress;
  return { ...progress, rowsPerSecond: null };
}

/** Seconds that the first pass will still take; null where nobody works on it, or too little is known. */
function secondsLeft({ done, total, rowsPerSecond }: RunProgress): number | null {
  if (rowsPerSecond === null || rowsPerSecond <= 0) return null;
  return Math.ceil(Math.max(0, total - done) / rowsPerSecond);
}

/** What to do next, one step on each line. While somebody works, that is to wait: never a command that writes. */
export function nextSteps(status: Status, tail: string, isDead: KnowsDead): readonly string[] {
  if (status.kind === 'not-expanded') return [`glance-retype plan${tail}`];
  if (status.kind === 'interrupted') return [`glance-retype ${FINISHED_BY[status.meta.state]}${tail}`];
  const { working, gone } = holdersOf(status, isDead);
  const [holder] = working;
  if (holder !== undefined) {
    const others = idleShards(status, working).map((shard) => `glance-retype migrate${tail} --shard ${shard}`);
    const who = `${holder.purpose} on ${holder.host} (process ${pidOf(holder)})`;
    const more = working.length > 1 ? ` and ${working.length - 1} more` : '';
    const asking = `kill -USR1 ${pidOf(holder)} on ${holder.host} makes it say what it is doing`;
    return [
      `wait until ${who}${more} has ended; glance-retype status${tail} shows how far it is, and ${asking}`,
      ...others,
    ];
  }
  const [first] = gone;
  if (first !== undefined) {
    return gone.map(({ purpose, shard }) => {
      const part = shard === null ? '' : ` --shard ${shard.shard}/${shard.of}`;
      return `glance-retype ${purpose}${tail}${part}`;
    });
  }
  const idle = idleShards(status, []);
  if (status.progress !== null && idle.length > 0 && idle.length < status.progress.shards.length) {
    return idle.map((shard) => `glance-retype migrate${tail} --shard ${shard}`);
  }
  if (status.progress !== null || status.unsettled > 0) return [`glance-retype migrate${tail}`];
  return [
    `glance-retype verify${tail}`,
    `glance-retype gate${tail}     # once verify has found nothing`,
    `glance-retype contract${tail}     # after the cutover`,
  ];
}

const FINISHED_BY = { expanding: 'expand', expanded: 'expand', removing: 'rollback', contracting: 'contract' } as const;

/** Shards that are open though nobody works on them. */
function idleShards({ progress }: Expanded, working: readonly LeaseRecord[]): readonly string[] {
  if (progress === null || working.some(({ shard }) => shard === null)) return [];
  const held = new Set(working.map(({ shard }) => shard?.shard));
  return progress.shards
    .filter(({ state, shard }) => state === 'open' && !held.has(shard))
    .map(({ shard, of }) => `${shard}/${of}`);
}

/** The status for a person. */
export function describeStatus(
  status: Status,
  label: string,
  tail: string,
  isDead: KnowsDead,
  style: ScreenStyle,
): string {
  const steps = nextSteps(status, tail, isDead);
  const lines: readonly (readonly [string, Cell])[] = [
    ['Database', label],
    ...(status.kind === 'expanded' ? expandedLines(status, isDead) : [stateLine(status)]),
  ];
  const summary = [renderLabelled(lines.map(labelled), style), ...nextText(lines, steps)].join('\n');
  if (status.kind !== 'expanded' || status.runs.length === 0) return summary;
  return `${summary}\n\n${runsTable(status.runs, style)}`;
}

function labelled([label, cell]: readonly [string, Cell]): Labelled {
  return typeof cell === 'string' ? { label, text: cell } : { label, ...cell };
}

function stateLine(status: Exclude<Status, Expanded>): readonly [string, Cell] {
  if (status.kind === 'not-expanded') return ['State', 'not expanded: this tool has left nothing here'];
  const text = `interrupted while ${status.meta.state}; run the same command again to finish it`;
  return ['State', { text, tone: 'warn' }];
}

function expandedLines(status: Expanded, isDead: KnowsDead): readonly (readonly [string, Cell])[] {
  const { stored, unsettled } = status;
  const progress = progressOf(status, isDead);
  const { working, gone } = holdersOf(status, isDead);
  const holders: readonly Cell[] = [
    ...working.map((lease): Cell => ({ text: workingText(lease), tone: 'warn' })),
    ...gone.map((lease): Cell => ({ text: goneText(lease, isDead), tone: 'bad' })),
  ];
  return [
    ['Target', describeTarget(status.meta.target)],
    ...(holders.length === 0 ? [['Lease', 'free'] as const] : []),
    ...holders.map((cell, index): readonly [string, Cell] => [index === 0 ? 'Lease' : '', cell]),
    ...(progress === null ? [] : progressLines(progress)),
    ['Stored', `${countText(stored.exact)} exact, ${countText(stored.inferred)} inferred`],
    ['Undecided', `${countText(stored.ambiguous)} ambiguous, ${countText(stored.unmappable)} unmappable`],
    ['Not applicable', countText(stored['not-applicable'])],
    ['Left to do', unsettled === 0 ? 'nothing' : `${countText(unsettled)} live images`],
  ];
}

function workingText(lease: LeaseRecord): string {
  return `${holderText(lease)}, last heard of ${durationText(lease.silentMs)} ago by the server's clock`;
}

function goneText(lease: LeaseRecord, isDead: KnowsDead): string {
  if (isDead(lease)) return `${holderText(lease)}: this process has ended without finishing`;
  return `${holderText(lease)}: no sign of life for ${durationText(lease.silentMs)}; it has ended, or hangs`;
}

function holderText(lease: LeaseRecord): string {
  const { purpose, shard, host } = lease;
  const part = shard === null ? '' : ` (shard ${shard.shard} of ${shard.of})`;
  return `${purpose}${part} on ${host}, process ${pidOf(lease) ?? lease.process}`;
}

function progressLines(progress: RunProgress): readonly (readonly [string, Cell])[] {
  const { done, total, rowsPerSecond, lastBatchAt, run, shards } = progress;
  const left = secondsLeft(progress);
  const parts = [
    `${countText(done)} of ${countText(total)} rows`,
    ...(total === 0 ? [] : [percentText(done, total)]),
    ...(rowsPerSecond === null ? [] : [`${countText(Math.round(rowsPerSecond))} rows/s`]),
    ...(left === null
      ? []
      : [done >= total ? 'looking for rows that changed meanwhile' : `${durationText(left * 1000)} left`]),
  ];
  return [
    ['Progress', `run ${run}: ${parts.join(', ')}`],
    ...(lastBatchAt === null ? [] : [['Last batch', `${lastBatchAt}, by the clock of its writer`] as const]),
    ...shards.map((shard): readonly [string, Cell] => [
      `Shard ${shard.shard} of ${shard.of}`,
      shard.state === 'complete' ? 'complete' : `${countText(shard.done)} of ${countText(shard.total)} rows`,
    ]),
  ];
}

/** Commands are not cut as cells are, because they are to be copied. */
function nextText(lines: readonly (readonly [string, Cell])[], steps: readonly string[]): readonly string[] {
  const column = Math.max(...lines.map(([key]) => key.length)) + 2;
  return steps.map((step, index) => `${(index === 0 ? 'Next' : '').padEnd(column)}${safeText(step)}`);
}

/** The status as JSON; `database` is its label. Keys are only ever added. */
export function statusRecord(status: Status, database: string, tail: string, isDead: KnowsDead) {
  const next = nextSteps(status, tail, isDead);
  if (status.kind !== 'expanded') {
    return {
      format_version: FORMAT_VERSION,
      database,
      state: status.kind === 'not-expanded' ? status.kind : status.meta.state,
      next,
    };
  }
  const progress = progressOf(status, isDead);
  const { working, gone } = holdersOf(status, isDead);
  const [holder] = [...working, ...gone];
  const [first] = status.leases;
  return {
    format_version: FORMAT_VERSION,
    database,
    state: status.kind,
    target: status.meta.target.kind,
    percent: progress === null ? null : percentOf(progress.done, progress.total),
    rows_per_second: progress?.rowsPerSecond === null ? null : rounded(progress?.rowsPerSecond),
    seconds_left: progress === null ? null : secondsLeft(progress),
    host: holder?.host ?? null,
    pid: holder === undefined ? null : pidOf(holder),
    next,
    progress:
      progress === null
        ? null
        : {
            run_id: progress.run,
            rows_done: progress.done,
            rows: progress.total,
            last_batch_at: progress.lastBatchAt,
            shards: progress.shards.map(({ shard, of, state, done, total }) => ({
              shard: `${shard}/${of}`,
              state,
              rows_done: done,
              rows: total,
              percent: percentOf(done, total),
            })),
          },
    lease: first === undefined ? null : leaseJson(first),
    leases: status.leases.map(leaseJson),
    gone: gone.map(leaseJson),
    stored: status.stored,
    unsettled: status.unsettled,
    runs: status.runs.map(({ run, totals, checkpoint, gaps }) => ({
      id: run.id,
      state: run.state,
      rules_digest: run.rulesDigest,
      tool_version: run.toolVersion,
      started_at: run.startedAt,
      finished_at: run.finishedAt,
      batches: totals.batches,
      rows_read: totals.rowsRead,
      rows_written: totals.rowsWritten,
      counts: totals.counts,
      checkpoint: { batch: checkpoint.batch, pass: checkpoint.pass, watermark: gaps[0]?.after ?? null },
      gaps: gaps.length,
    })),
  };
}

function rounded(number: number | undefined): number | null {
  return number === undefined ? null : Math.round(number * 10) / 10;
}

function leaseJson(lease: LeaseRecord) {
  const { shard, host, process: holder, purpose, silentMs } = lease;
  return {
    shard: shard === null ? null : `${shard.shard}/${shard.of}`,
    host,
    process: holder,
    pid: pidOf(lease),
    purpose,
    silent_ms: silentMs,
  };
}

function runsTable(runs: readonly RunStatus[], style: ScreenStyle): string {
  return renderTable(
    [
      { title: 'run', align: 'right', narrow: 'whole' },
      { title: 'state', align: 'left', narrow: 'whole' },
      { title: 'started', align: 'left', narrow: 'whole' },
      { title: 'finished', align: 'left', narrow: 'whole' },
      { title: 'batches', align: 'right', narrow: 'whole' },
      { title: 'read', align: 'right', narrow: 'whole' },
      { title: 'written', align: 'right', narrow: 'whole' },
      { title: 'rules', align: 'left', narrow: 'cut' },
    ],
    runs.map(({ run, totals }) => [
      String(run.id),
      run.state,
      run.startedAt,
      run.finishedAt ?? '-',
      countText(totals.batches),
      countText(totals.rowsRead),
      countText(totals.rowsWritten),
      run.rulesDigest.slice(0, 12),
    ]),
    style,
  );
}
