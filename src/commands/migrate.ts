import { introspectGlance } from '../glance/introspect.ts';
import { IMAGES_TABLE } from '../journal/tables.ts';
import { renderKeyValues } from '../report/terminal/key-values.ts';
import { countText } from '../report/terminal/number-text.ts';
import type { Cell } from '../report/terminal/table.ts';
import { describeTarget } from '../run/expand.ts';
import { migrate, type MigrateResult } from '../run/migrate.ts';
import {
  engineObjections,
  grantObjections,
  readOnlyObjections,
  refuseIfAny,
  requireExpanded,
  selfUpdateObjections,
} from '../run/preflight.ts';
import { runOptionsText } from '../run/run-options.ts';
import { listenForStop } from '../run/stop.ts';
import { undecidedCount } from '../run/verify.ts';
import { defineCommand } from './command.ts';
import { confirm } from './confirm.ts';
import { commandTail, databaseOptions, databaseSpec, withDatabases, type DatabaseOptions } from './database-option.ts';
import { BATCH_SIZE_OPTION, batchSizeFor } from './numbers.ts';
import { probeChoice, probeOptions, probeTail, type ProbeOptions } from './probe-option.ts';
import { loadDecider, rulesOptions, type RulesOptions } from './rules-option.ts';
import { print, styleOf, terminalProgress } from './terminal.ts';
import { toolVersion } from './version.ts';
import { withLease } from './with-lease.ts';
import { withProbing } from './with-probing.ts';

interface MigrateOptions extends DatabaseOptions, RulesOptions, ProbeOptions {
  readonly 'batch-size': unknown;
  readonly 'new-run': boolean | undefined;
  readonly yes: boolean | undefined;
}

export const migrateCommand = defineCommand<MigrateOptions>({
  options: (yargs) =>
    probeOptions(rulesOptions(databaseOptions(yargs)))
      .option('batch-size', BATCH_SIZE_OPTION)
      .option('new-run', {
        type: 'boolean',
        describe: 'close an unfinished run of other rules where it stands, and decide everything anew',
      })
      .option('yes', { type: 'boolean', describe: 'do not ask' }),
  run: async (options) => {
    const batchSize = batchSizeFor(options.batchSize);
    const choice = probeChoice(options, process.env);
    const { decide, digest } = loadDecider(options.rules);
    const spec = databaseSpec(options, process.env);
    return withDatabases(spec, ['read-write', 'read-only'], async (writer, reader) => {
      const pageSize = batchSize(writer.dialect);
      const meta = await requireExpanded(writer);
      const schema = await introspectGlance(reader);
      refuseIfAny([
        ...engineObjections(schema),
        ...(await readOnlyObjections(writer)),
        ...(await selfUpdateObjections(writer, meta.target)),
        ...(await grantObjections(writer, IMAGES_TABLE, ['select', 'insert', 'update', 'delete'])),
        ...(meta.target.kind === 'columns' ? await grantObjections(writer, 'images', ['select', 'update']) : []),
      ]);
      // Before the question: from here on a signal means an orderly end.
      const progress = terminalProgress();
      const stop = listenForStop((signal) =>
        process.stderr.write(
          `\n${signal}: finishing the batch in hand; a second signal stops at once, which is safe as well\n`,
        ),
      );
      try {
        const around = { reader, schema, decide, onEvent: progress, stop };
        return await withProbing(choice, around, async (lookInside) => {
          await confirm(
            [
              `This will write decisions to ${writer.label} (${writer.dialect.serverVersion}, Glance ${schema.era}):`,
              `  ${describeTarget(meta.target)}, ${countText(pageSize)} rows a batch, each batch one transaction.`,
              '  disk_format, container_format and updated_at are never written. `rollback` undoes everything.',
            ],
            options.yes === true ? 'yes' : 'ask',
          );
          return withLease(writer, 'migrate', async (lease) => {
            const result = await migrate({ ...around, writer, lookInside, pageSize }, lease, meta, {
              rulesDigest: digest,
              decisionsDigest: null,
              options: runOptionsText({ probe: choice.mode }),
              toolVersion: toolVersion(),
              unfinished: options.newRun === true ? 'close' : 'resume',
            });
            progress.done();
            await print(`${describeResult(result, `${commandTail(options)}${probeTail(options)}`)}\n`);
            return { value: result.end === 'stopped' ? (3 as const) : (0 as const), lease: 'release' };
          });
        });
      } finally {
        progress.done();
        stop.dispose();
      }
    });
  },
});

function describeResult(result: MigrateResult, tail: string): string {
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
