import type { Argv } from 'yargs';

import { type Speech, USUAL_SECONDS } from '../log/speech.ts';
import { type Given, GROUPS } from './kinds.ts';
import { wholeNumber } from './numbers.ts';

const MOST_SECONDS = 86_400;

/** Adds the options of every command that say what it tells while it works. */
export function speechOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('quiet', {
      alias: 'q',
      group: GROUPS.speech,
      type: 'boolean',
      describe: 'on standard error, errors only; results as always',
    })
    .option('verbose', {
      alias: 'v',
      group: GROUPS.speech,
      type: 'boolean',
      describe: 'tell more: each phase and each batch',
    })
    .conflicts('quiet', 'verbose')
    .option('no-color', {
      group: GROUPS.speech,
      type: 'boolean',
      describe: 'no colours (also: NO_COLOR in the environment)',
    })
    .option('log-format', {
      group: GROUPS.speech,
      choices: ['text', 'json'] as const,
      requiresArg: true,
      describe: 'what is told on standard error: text (default), or one JSON object on each line',
    })
    .option('progress-every', {
      group: GROUPS.speech,
      requiresArg: true,
      describe: `seconds between two progress lines where no terminal is, 1 to ${MOST_SECONDS} (default: ${USUAL_SECONDS})`,
    });
}

/** Adds the option of long commands that names a file for figures. */
export function metricsOption<T>(yargs: Argv<T>) {
  return yargs.option('metrics-file', {
    group: GROUPS.speech,
    type: 'string',
    requiresArg: true,
    describe:
      'write the progress as metrics of Prometheus to this file every 10 seconds and at the end, for the textfile collector of node_exporter (its name must end with .prom there)',
  });
}

type GivenMetrics = Given<typeof metricsOption>;

export type GivenSpeech = Given<typeof speechOptions>;

/** @throws RetypeError USAGE. */
export function speechOf(
  { quiet, verbose, noColor, logFormat, progressEvery, metricsFile }: GivenSpeech & GivenMetrics,
  command: string,
): Speech {
  const seconds =
    progressEvery === undefined ? USUAL_SECONDS : wholeNumber('--progress-every', progressEvery, 1, MOST_SECONDS);
  return {
    format: logFormat ?? 'text',
    extent: quiet === true ? 'quiet' : verbose === true ? 'verbose' : 'usual',
    colour: noColor === true ? 'never' : 'where-possible',
    every: seconds * 1_000,
    command,
    metrics: metricsFile ?? null,
  };
}
