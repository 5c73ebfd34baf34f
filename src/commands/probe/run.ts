import { createInterface } from 'node:readline';
import type { ExitCode } from '../../model/error-codes.ts';
import type { ContentEvidence } from '../../model/verdict.ts';
import type { ByteSource } from '../../probe/reading/source.ts';
import { openFile } from '../../probe/sources/file/file.ts';
import { isWebAddress, shownName } from '../../probe/sources/http/web-address.ts';
import { createStreamSink, type FileSink, openFileSink } from '../../report/output/sinks.ts';
import { probeRecord, type ProbedServices } from '../../report/records/probe-record.ts';
import { probeSources } from '../../run/probing/probe-sources.ts';
import { listenForStop } from '../../run/context/stop.ts';
import { createSourceLanes } from '../../run/probing/source-lanes.ts';
import { MOST_JOBS, wholeNumber } from '../options/numbers.ts';
import { STANDARD_INPUT } from '../options/kinds.ts';
import type { GivenQuestion } from './ask-services.ts';
import type { ToldSource } from './table.ts';

export interface ProbeRun extends GivenQuestion {
  /** Names, `STANDARD_INPUT` among them. */
  readonly source: string | readonly string[];
  /** A file for the lines; `-` is standard output. */
  readonly json?: string | undefined;
  readonly jobs?: unknown;
}

/**
 * Probes every source and writes a line for each, in their order: JSON, or rows of a table on a terminal. With
 * --openstack the line also says what the services do with it.
 * @throws RetypeError USAGE, SERVICES_FILE.
 */
export async function runProbe(options: ProbeRun): Promise<ExitCode> {
  const lanes = createSourceLanes(
    options.jobs === undefined
      ? { kind: 'adaptive', most: MOST_JOBS }
      : { kind: 'fixed', reads: wholeNumber('--jobs', options.jobs, 1, MOST_JOBS) },
  );
  const given = [options.source].flat();
  const ask = await askerOf(options);
  // Aborted when the output is no longer wanted: after an interrupt, or when its reader has gone.
  const unwanted = new AbortController();
  const stop = listenForStop(() => unwanted.abort());
  const sink = createStreamSink(process.stdout, () => unwanted.abort());
  const sources = sourceOpener((lane) => lanes.overloaded(lane));
  // A slow server must not delay the end.
  unwanted.signal.addEventListener('abort', () => sources.close());
  const render = options.json === '-' || !process.stdout.isTTY ? jsonLine : await tableOf(given);
  const file = await openLines(options.json);
  let worst: ExitCode = 0;
  try {
    const ended = { requested: () => unwanted.signal.aborted };
    for await (const probed of probeSources(namesOf(given, unwanted.signal), { ...sources, lanes, stop: ended })) {
      if (probed.content.kind === 'unread') worst = 8;
      const told = { ...probed, services: ask(probed.content) };
      await sink.write(`${render(told)}\n`);
      await file?.write(`${jsonLine(told)}\n`);
    }
    if (!unwanted.signal.aborted) await file?.end();
    return stop.requested() ? 3 : unwanted.signal.aborted ? 0 : worst;
  } finally {
    // Does nothing where the file is complete.
    await file?.discard();
    stop.dispose();
    sources.close();
  }
}

/** The file for lines beside standard output. @throws RetypeError OUTPUT_FILE. */
async function openLines(json: string | undefined): Promise<FileSink | null> {
  return json === undefined || json === '-'
    ? null
    : openFileSink({ option: '--json', file: json, stdout: process.stdout });
}

async function* namesOf(given: readonly string[], signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  for (const name of given) {
    if (name === STANDARD_INPUT) yield* linesOfInput(signal);
    else yield name;
  }
}

async function* linesOfInput(signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  try {
    for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity, signal })) {
      if (line !== '') yield line;
    }
  } finally {
    // A pipe that stays open would keep the process alive.
    process.stdin.destroy();
  }
}

interface SourceOpener {
  readonly open: (name: string) => Promise<ByteSource>;
  readonly label: (name: string) => string;
  close(): void;
}

/** Opens files directly; the HTTP client is loaded only for an address. */
function sourceOpener(onOverload: (lane: string) => void): SourceOpener {
  let web: Promise<{ open(address: string): ByteSource; close(): void }> | null = null;
  return {
    open: async (name) => {
      if (!isWebAddress(name)) return openFile(name);
      web ??= import('../../probe/sources/any-server.ts').then(({ anyServer }) => anyServer(process.env, onOverload));
      return (await web).open(name);
    },
    label: shownName,
    close: () => {
      // The source that needed the first connection reports the failure.
      web?.then((endpoint) => endpoint.close()).catch(() => undefined);
    },
  };
}

type AskServices = (content: ContentEvidence) => ProbedServices | null;

/** Loaded only where services are asked about: the table of services takes longer to read than an image. */
async function askerOf(options: ProbeRun): Promise<AskServices> {
  const given = [options.openstack, options.novaBackend, options.services, options.diskFormat, options.containerFormat];
  if (given.every((value) => value === undefined)) return () => null;
  const { createAsker } = await import('./ask-services.ts');
  return createAsker(options);
}

function jsonLine({ source, content, services }: ToldSource): string {
  return probeRecord(source, content, services);
}

/**
 * A single source is shown with its evidence. Loaded for a terminal only, because measuring text costs as much as
 * reading many images.
 */
async function tableOf(given: readonly string[]): Promise<(told: ToldSource) => string> {
  const { createProbeTable } = await import('./table.ts');
  return createProbeTable(given.length === 1 && given[0] !== STANDARD_INPUT ? 'evidence' : 'summary');
}
