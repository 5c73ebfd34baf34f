import type { Decision } from '../model/decision.ts';
import { RetypeError } from '../model/error.ts';
import type { ImageEvidence } from '../model/image.ts';
import { createCsvWriter } from '../report/csv.ts';
import type { DecisionWriter } from '../report/decision-writer.ts';
import { openFileSink, type FileSink } from '../report/file-sink.ts';
import { createJsonWriter } from '../report/json.ts';
import { createNdjsonWriter } from '../report/ndjson.ts';
import type { PlanReport } from '../report/plan-report.ts';
import type { TextSink } from '../report/text-sink.ts';

const FORMATS = {
  json: createJsonWriter,
  ndjson: createNdjsonWriter,
  csv: createCsvWriter,
} as const satisfies Record<string, (sink: TextSink) => DecisionWriter>;

export type OutputFormat = keyof typeof FORMATS;
export const OUTPUT_FORMATS = ['json', 'ndjson', 'csv'] as const satisfies readonly OutputFormat[];

/** Files asked for, by format; `-` is standard output. */
export type OutputFiles = Readonly<Partial<Record<OutputFormat, string | undefined>>>;

/** The machine-readable outputs of one plan, fed together. */
export interface PlanOutputs {
  /** Where the text for people goes: elsewhere, when a machine reads standard output. */
  readonly standardOutput: 'free' | 'taken';
  add(evidence: ImageEvidence, decision: Decision): void | Promise<void>;
  end(report: PlanReport): Promise<void>;
  /** Leaves no half file behind. */
  discard(): Promise<void>;
}

/**
 * Opens every file asked for, before the first row is read.
 * @throws RetypeError OUTPUT_FILE; USAGE when two formats want one place.
 */
export async function openPlanOutputs(files: OutputFiles, onReaderGone: () => void): Promise<PlanOutputs> {
  const wanted = OUTPUT_FORMATS.flatMap((format) => {
    const file = files[format];
    return file === undefined ? [] : [{ format, file }];
  });
  refuseSharedPlaces(wanted.map(({ format, file }) => ({ option: `--${format}`, file })));
  const sinks: FileSink[] = [];
  const writers: DecisionWriter[] = [];
  try {
    for (const { format, file } of wanted) {
      const sink = await openFileSink({ option: `--${format}`, file, stdout: process.stdout, onReaderGone });
      sinks.push(sink);
      writers.push(FORMATS[format](sink));
    }
  } catch (error) {
    await Promise.allSettled(sinks.map((sink) => sink.discard()));
    throw error;
  }
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
    },
    async discard() {
      await Promise.allSettled(sinks.map((sink) => sink.discard()));
    },
  };
}

function refuseSharedPlaces(wanted: readonly { readonly option: string; readonly file: string }[]): void {
  const seen = new Map<string, string>();
  for (const { option, file } of wanted) {
    const other = seen.get(file);
    if (other !== undefined) {
      throw new RetypeError('USAGE', [
        {
          place: `${other} and ${option}`,
          expected: 'a place of its own for each',
          found: file === '-' ? 'both want standard output' : `both want ${file}`,
          advice: 'give each format its own file; at most one can be -',
        },
      ]);
    }
    seen.set(file, option);
  }
}
