import type { LeaseRecord } from '../journal/lease.ts';
import { renderKeyValues } from '../report/terminal/layout/section.ts';
import { type Cell, renderTable } from '../report/terminal/layout/table.ts';
import { countText, durationText } from '../report/words/number-text.ts';
import { FORMAT_VERSION } from '../report/records/format-version.ts';
import { describeTarget } from '../run/schema/expand.ts';
import { readStatus, type RunStatus, type Status } from '../run/status.ts';
import { commandTail, databaseOptions, databaseSpec } from './options/database.ts';
import { defineDatabaseCommand } from './session/database.ts';
import { jsonFile } from './options/kinds.ts';
import { print, styleOf, writeJson } from './session/output.ts';

export const statusCommand = defineDatabaseCommand({
  options: (yargs) => databaseOptions(yargs).option('json', jsonFile('the status')),
  run: async (options, session) => {
    await using reader = await session.open(databaseSpec(options, process.env), 'read-only');
    const status = await readStatus(reader);
    await writeJson(options.json, () => jsonOf(status, reader.label));
    if (options.json !== '-') await print(`${describeStatus(status, reader.label, commandTail(options))}\n`);
    return 0;
  },
});

function jsonOf(status: Status, database: string): object {
  if (status.kind !== 'expanded') {
    return {
      format_version: FORMAT_VERSION,
      database,
      state: status.kind === 'not-expanded' ? status.kind : status.meta.state,
    };
  }
  return {
    format_version: FORMAT_VERSION,
    database,
    state: 'expanded',
    target: status.meta.target.kind,
    lease: leaseJson(status.leases[0]),
    leases: status.leases.map(leaseJson),
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

function leaseJson(lease: LeaseRecord | undefined): object | null {
  if (lease === undefined) return null;
  const { shard, host, process: holder, purpose, silentMs } = lease;
  return {
    shard: shard === null ? null : `${shard.shard}/${shard.of}`,
    host,
    process: holder,
    purpose,
    silent_ms: silentMs,
  };
}

function describeStatus(status: Status, label: string, tail: string): string {
  const style = styleOf(process.stdout);
  if (status.kind === 'not-expanded') {
    return renderKeyValues(
      [
        ['Database', label],
        ['State', 'not expanded: this tool has left nothing here'],
        ['Next', `glance-retype plan${tail}`],
      ],
      style,
    );
  }
  if (status.kind === 'interrupted') {
    return renderKeyValues(
      [
        ['Database', label],
        [
          'State',
          { text: `interrupted while ${status.meta.state}; run the same command again to finish it`, tone: 'warn' },
        ],
      ],
      style,
    );
  }
  const { stored, leases } = status;
  const active = status.runs.some(({ run }) => run.state === 'active');
  const holders = leases.map(
    ({ shard, purpose, host, process: holder, silentMs }) =>
      `${purpose}${shard === null ? '' : ` (shard ${shard.shard} of ${shard.of})`} on ${host}, process ${holder}, last heard of ${durationText(silentMs)} ago by the server's clock`,
  );
  const [first = 'free', ...others] = holders;
  const summary = renderKeyValues(
    [
      ['Database', label],
      ['Target', describeTarget(status.meta.target)],
      ['Lease', { text: first, tone: holders.length === 0 ? 'plain' : 'warn' }],
      ...others.map((text): readonly [string, Cell] => ['', { text, tone: 'warn' }]),
      ['Stored', `${countText(stored.exact)} exact, ${countText(stored.inferred)} inferred`],
      ['Undecided', `${countText(stored.ambiguous)} ambiguous, ${countText(stored.unmappable)} unmappable`],
      ['Not applicable', countText(stored['not-applicable'])],
      ['Left to do', status.unsettled === 0 ? 'nothing' : `${countText(status.unsettled)} live images`],
      ['Next', active || status.unsettled > 0 ? `glance-retype migrate${tail}` : `glance-retype verify${tail}`],
    ],
    style,
  );
  return status.runs.length === 0 ? summary : `${summary}\n\n${runsTable(status.runs)}`;
}

function runsTable(runs: readonly RunStatus[]): string {
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
    styleOf(process.stdout),
  );
}
