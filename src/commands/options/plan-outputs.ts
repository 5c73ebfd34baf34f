import type { Argv } from 'yargs';
import type { Decision } from '../../model/decision.ts';
import type { ImageEvidence } from '../../model/image.ts';
import { type FileSink, openFileSink, type TextSink } from '../../report/output/sinks.ts';
import {
  createCsvWriter,
  createJsonWriter,
  createNdjsonWriter,
  type DecisionWriter,
} from '../../report/output/writers.ts';
import type { PlanReport } from '../../report/plan/report.ts';
import { jsonFile, outputFile } from './kinds.ts';
import { refuseSharedPlaces } from './usage.ts';

/** Formats for machines. The HTML page has an option of its own. */
const FORMATS = {
  json: createJsonWriter,
  ndjson: createNdjsonWriter,
  csv: createCsvWriter,
} as const satisfies Record<string, (sink: TextSink) => DecisionWriter>;

type OutputFormat = keyof typeof FORMATS;
const OUTPUT_FORMATS = ['json', 'ndjson', 'csv'] as const satisfies readonly OutputFormat[];

/** Files asked for, by format; `-` is standard output. */
export type OutputFiles = Readonly<Record<OutputFormat, string | undefined>>;

export function outputOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('json', jsonFile('every decision'))
    .option('ndjson', outputFile('every decision as NDJSON'))
    .option('csv', outputFile('every decision as CSV'));
}

/** A file to write while rows are read. */
export interface WantedOutput {
  /** `--csv` */
  readonly option: string;
  readonly file: string;
  readonly writer: (sink: TextSink) => DecisionWriter;
}

export function wantedOutputs(files: OutputFiles): readonly WantedOutput[] {
  return OUTPUT_FORMATS.flatMap((format) => {
    const file = files[format];
    return file === undefined ? [] : [{ option: `--${format}`, file, writer: FORMATS[format] }];
  });
}

/**
 * All outputs of one command, fed together. Outputs that were not ended when the caller's scope ends leave no file
 * behind.
 */
export interface PlanOutputs extends AsyncDisposable {
  /** `taken`: a machine reads standard output, so the text for people goes to standard error. */
  readonly standardOutput: 'free' | 'taken';
  add(evidence: ImageEvidence, decision: Decision): void | Promise<void>;
  end(report: PlanReport): Promise<void>;
}

/**
 * Opens every file asked for, before the first row is read.
 * @throws RetypeError OUTPUT_FILE; USAGE when two options want one place.
 */
export async function openPlanOutputs(wanted: readonly WantedOutput[], onReaderGone: () => void): Promise<PlanOutputs> {
  refuseSharedPlaces(wanted);
  const sinks: FileSink[] = [];
  const writers: DecisionWriter[] = [];
  const discard = async (): Promise<void> => {
    await Promise.allSettled(sinks.map((sink) => sink.discard()));
  };
  try {
    for (const { option, file, writer } of wanted) {
      const sink = await openFileSink({ option, file, stdout: process.stdout, onReaderGone });
      sinks.push(sink);
      writers.push(writer(sink));
    }
  } catch (error) {
    await discard();
    throw error;
  }
  let state: 'open' | 'ended' = 'open';
  return {
    standardOutput: wanted.some(({ file }) => file === '-') ? 'taken' : 'free',
    add(evidence, decision) {
      let pending: Promise<void> | undefined;
      for (const writer of writers) {
        const answer = writer.add(evidence, decision);
        if (answer !== undefined) {
          pending = pending === undefined ? answer : Promise.all([pending, answer]).then(() => undefined);
        }
      }
      return pending;
    },
    async end(report) {
      for (const writer of writers) {
        await writer.end(report);
      }
      state = 'ended';
    },
    async [Symbol.asyncDispose]() {
      if (state === 'open') await discard();
    },
  };
}
