import { openPairedRows, type PairedRows } from '../../db/engines/sqlite/paired-rows.ts';
import { type Problem, RetypeError } from '../../model/error.ts';
import type { EventListener } from '../../model/event.ts';
import { compareRecords } from '../../report/diff/compare.ts';
import { changeLine, countsAsDifferent, diffRecord } from '../../report/diff/diff-summary.ts';
import { DiffTally } from '../../report/diff/diff-tally.ts';
import { recordOf } from '../../report/diff/plan-record.ts';
import { createPieceBuffer, type FileSink, openFileSink, type TextSink } from '../../report/output/sinks.ts';
import { renderDiff } from '../../report/terminal/diff.ts';
import { attend } from '../session/attendance.ts';
import { stopRequested, type StopRequest } from '../../run/context/stop.ts';
import { defineDatabaseCommand } from '../session/database.ts';
import { jsonText } from '../../report/words/safe-text.ts';
import { databaseOptions } from '../options/database.ts';
import { decidingOptions } from '../options/deciding.ts';
import { GROUPS, jsonFile, outputFile, STANDARD_INPUT } from '../options/kinds.ts';
import { PAGE_SIZE_OPTION, pageSizeOf } from '../options/pages.ts';
import { prepareLiveSide, readFileSide } from './sides.ts';
import { refuseSharedPlaces, usageError } from '../options/usage.ts';
import { printOn } from '../session/output.ts';
import { toolVersion } from '../log/version.ts';

/** Pairs compared between two checks for a stop. */
const TURN = 2_000;

export const diffCommand = defineDatabaseCommand({
  options: (yargs) =>
    decidingOptions(databaseOptions(yargs))
      .positional('before', {
        type: 'string',
        demandOption: true,
        describe: 'a plan that plan --json or plan --ndjson wrote; - is standard input',
      })
      .positional('after', {
        type: 'string',
        describe: 'a second plan (default: the database, as it would be planned now)',
      })
      .option('json', jsonFile('the comparison'))
      .option('ndjson', outputFile('every image that changed as a line of JSON'))
      .option('fail-on', {
        group: GROUPS.outcome,
        choices: ['any', 'decision', 'none'] as const,
        default: 'decision' as const,
        describe:
          'exit with 7 on any change, on a changed decision (status, type, container or envelope of an image in both plans), or never',
      })
      .conflicts('after', OF_THE_DATABASE)
      .option('page-size', PAGE_SIZE_OPTION),
  run: async (options, session) => {
    const size = pageSizeOf(options.pageSize);
    const { before, after } = options;
    if (before === STANDARD_INPUT && after === STANDARD_INPUT) {
      throw usageError('the command line', 'standard input once', '- twice', 'name a file for one of them');
    }
    refuseSharedPlaces(
      (['json', 'ndjson'] as const).flatMap((option) => {
        const file = outputPlace(options[option]);
        return file === undefined ? [] : [{ option: `--${option}`, file }];
      }),
    );
    const files = { json: outputPlace(options.json), ndjson: outputPlace(options.ndjson) };
    const live = after === undefined ? prepareLiveSide(options, session) : null;
    using rows = openPairedRows();
    using attendance = attend('stopping; nothing was compared');
    const { progress, stop, clock } = attendance;
    const reading = { rows, onEvent: progress, stop };
    const problems: Problem[] = [];
    const first = await readFileSide(before, 'before', reading, problems);
    const second = after === undefined ? null : await readFileSide(after, 'after', reading, problems);
    if (stop.requested()) return 3;
    const [problem, ...rest] = problems;
    if (problem !== undefined) throw new RetypeError('PLAN_FILE', [problem, ...rest]);
    const right = live === null ? second : await live({ ...reading, size, clock });
    if (first === null || right === null) return 3;

    await using outputs = await openOutputs(files);
    progress({ kind: 'phase', phase: 'compare', total: null });
    const tally = new DiffTally();
    if ((await compareAll(rows, tally, outputs.changes, { onEvent: progress, stop })) === 'stopped') return 3;
    progress.done();
    const summary = tally.result(first, right);
    const different = countsAsDifferent(summary, options.failOn);
    await outputs.end(`${jsonText(diffRecord(summary, toolVersion(), different ? 'different' : 'same'))}\n`);
    const where = files.json === '-' || files.ndjson === '-' ? 'stderr' : 'stdout';
    await printOn(where, (style) => renderDiff(summary, style));
    return different ? 7 : 0;
  },
});

async function compareAll(
  rows: PairedRows,
  tally: DiffTally,
  changes: TextSink | null,
  { onEvent, stop }: { readonly onEvent: EventListener; readonly stop: StopRequest },
): Promise<'finished' | 'stopped'> {
  let seen = 0;
  for (const { key, before, after } of rows.pairs()) {
    const change = compareRecords(
      before === null ? null : recordOf({ key, ...before }),
      after === null ? null : recordOf({ key, ...after }),
    );
    if (change !== null) {
      tally.add(change);
      const pending = changes?.write(changeLine(change));
      if (pending !== undefined) await pending;
    }
    seen += 1;
    if (seen % TURN === 0) {
      onEvent({ kind: 'progress', done: seen });
      if (await stopRequested(stop)) return 'stopped';
    }
  }
  onEvent({ kind: 'progress', done: seen });
  return 'finished';
}

/** The files of one comparison. Those that were not ended when the caller's scope ends leave nothing behind. */
interface Outputs extends AsyncDisposable {
  readonly changes: TextSink | null;
  end(document: string): Promise<void>;
}

type OutputFiles = Readonly<Record<'json' | 'ndjson', string | undefined>>;

async function openOutputs({ json, ndjson }: OutputFiles): Promise<Outputs> {
  const open = async (option: string, file: string | undefined): Promise<FileSink | null> =>
    file === undefined ? null : openFileSink({ option, file, stdout: process.stdout });
  const document = await open('--json', json);
  const lines = await open('--ndjson', ndjson);
  const changes = lines === null ? null : createPieceBuffer(lines);
  let state: 'open' | 'ended' = 'open';
  return {
    changes,
    async end(text) {
      await changes?.end();
      await document?.write(text);
      await document?.end();
      state = 'ended';
    },
    async [Symbol.asyncDispose]() {
      if (state === 'open') await Promise.allSettled([document?.discard(), lines?.discard()]);
    },
  };
}

/** The parser gives every `-` another name, so that yargs does not drop it; this gives the name back. */
function outputPlace(given: string | undefined): string | undefined {
  return given === STANDARD_INPUT ? '-' : given;
}

/** Options about the database, which two plans do without. */
const OF_THE_DATABASE = [
  'database-url',
  'glance-conf',
  'rules',
  'answers',
  'probe',
  'store-path',
  'image-api',
  'os-token',
  'probe-jobs',
  'probe-cache',
];
