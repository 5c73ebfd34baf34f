import { introspectGlance } from '../glance/introspect.ts';
import { openFileSink } from '../report/file-sink.ts';
import { renderKeyValues } from '../report/terminal/key-values.ts';
import { countText } from '../report/terminal/number-text.ts';
import { renderTable, type Cell } from '../report/terminal/table.ts';
import { grantObjections, refuseIfAny, requireExpanded } from '../run/preflight.ts';
import { listRuns } from '../journal/runs.ts';
import { IMAGES_TABLE } from '../journal/tables.ts';
import { requireSameEvidence } from '../run/run-options.ts';
import { listenForStop } from '../run/stop.ts';
import { DIFFERENCE_KINDS, differenceTotal, undecidedCount, verify, type VerifyResult } from '../run/verify.ts';
import { defineCommand } from './command.ts';
import { commandTail, databaseOptions, databaseSpec, withDatabases, type DatabaseOptions } from './database-option.ts';
import { DEFAULT_PAGE_SIZE, wholeNumber } from './numbers.ts';
import { probeChoice, probeOptions, probeTail, type ProbeOptions } from './probe-option.ts';
import { loadDecider, rulesOptions, type RulesOptions } from './rules-option.ts';
import { print, styleOf, terminalProgress } from './terminal.ts';
import { withProbing } from './with-probing.ts';

interface VerifyOptions extends DatabaseOptions, RulesOptions, ProbeOptions {
  readonly json: string | undefined;
  readonly 'page-size': unknown;
}

export const verifyCommand = defineCommand<VerifyOptions>({
  options: (yargs) =>
    probeOptions(rulesOptions(databaseOptions(yargs)))
      .option('json', {
        type: 'string',
        requiresArg: true,
        describe: 'also write the result as JSON to this file; - is standard output',
      })
      .option('page-size', { default: DEFAULT_PAGE_SIZE, describe: 'rows read at a time; never changes a result' }),
  run: async (options) => {
    const pageSize = wholeNumber('--page-size', options.pageSize, 1, 100_000);
    const choice = probeChoice(options, process.env);
    const { decide } = loadDecider(options.rules);
    return withDatabases(databaseSpec(options, process.env), ['read-only'], async (reader) => {
      refuseIfAny([
        ...(await grantObjections(reader, 'images', ['select'])),
        ...(await grantObjections(reader, IMAGES_TABLE, ['select'])),
      ]);
      const schema = await introspectGlance(reader);
      const meta = await requireExpanded(reader);
      requireSameEvidence(await listRuns(reader), { probe: choice.mode });
      const progress = terminalProgress();
      const stop = listenForStop((signal) => process.stderr.write(`\n${signal}: stopping\n`));
      try {
        const around = { reader, schema, decide, onEvent: progress, stop };
        const result = await withProbing(choice, around, (lookInside) =>
          verify({ ...around, lookInside, pageSize }, meta),
        );
        progress.done();
        if (result.end === 'stopped') {
          return 3;
        }
        if (options.json !== undefined) {
          const sink = await openFileSink({ option: '--json', file: options.json, stdout: process.stdout });
          await sink.write(`${JSON.stringify(jsonOf(result), null, 2)}\n`);
          await sink.end();
        }
        const text = `${describeResult(result, `${commandTail(options)}${probeTail(options)}`)}\n`;
        if (options.json === '-') {
          process.stderr.write(text);
        } else {
          await print(text);
        }
        return differenceTotal(result) === 0 ? 0 : 7;
      } finally {
        progress.done();
        stop.dispose();
      }
    });
  },
});

function jsonOf(result: VerifyResult): object {
  return {
    rows: result.rows,
    counts: result.counts,
    differences: result.differences,
    sample: result.sample.map(({ kind, imageId, stored, now }) => ({ kind, image_id: imageId, stored, now })),
    refreshable: result.refreshable,
    orphans: result.orphans,
  };
}

function describeResult(result: VerifyResult, tail: string): string {
  const style = styleOf(process.stdout);
  const total = differenceTotal(result);
  const verdict: Cell =
    total === 0
      ? { text: 'no difference: every live image is stored as it would be decided now', tone: 'good' }
      : { text: `${countText(total)} differences`, tone: 'bad' };
  const lines: (readonly [string, Cell])[] = [
    ['Verify', verdict],
    ['Rows read', countText(result.rows)],
    ['Decided', `${countText(result.counts.exact)} exact, ${countText(result.counts.inferred)} inferred`],
    ['Undecided', countText(undecidedCount(result.counts))],
    ['Not applicable', countText(result.counts['not-applicable'])],
    ['Journal only', `${countText(result.orphans)} rows of images deleted since`],
  ];
  if (result.refreshable > 0) {
    lines.push([
      'Refreshable',
      `${countText(result.refreshable)} rows with the same answer on newer evidence; migrate refreshes them`,
    ]);
  }
  for (const [kind, text] of Object.entries(DIFFERENCE_KINDS)) {
    const count = result.differences[kind as keyof typeof DIFFERENCE_KINDS];
    if (count > 0) {
      lines.push([kind, { text: `${countText(count)}: ${text}`, tone: 'warn' }]);
    }
  }
  const summary = renderKeyValues(lines, style);
  if (total === 0) {
    return summary;
  }
  const table = renderTable(
    [
      { title: 'image', align: 'left', narrow: 'whole' },
      { title: 'difference', align: 'left', narrow: 'whole' },
      { title: 'stored', align: 'left', narrow: 'cut' },
      { title: 'now', align: 'left', narrow: 'cut' },
    ],
    result.sample.slice(0, 20).map(({ imageId, kind, stored, now }) => [imageId, kind, stored, now]),
    style,
  );
  return `${summary}\n\n${table}\n\nNext\n  glance-retype migrate${tail}     # settles what changed, then verify again`;
}
