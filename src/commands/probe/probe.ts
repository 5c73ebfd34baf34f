import { defineCommand } from '../session/command.ts';
import { MOST_JOBS } from '../options/numbers.ts';
import { runProbe, type ProbeRun } from './run.ts';

export const probeCommand = defineCommand<ProbeRun>({
  options: (yargs) =>
    yargs
      .positional('source', {
        type: 'string',
        array: true,
        demandOption: true,
        describe:
          'files and http(s) addresses; - reads names from standard input, one a line; exits with 8 when one of them cannot be read',
      })
      .option('json', { type: 'boolean', describe: 'JSON lines, also on a terminal (elsewhere they are the rule)' })
      .option('jobs', {
        requiresArg: true,
        describe: `sources read at the same time, 1 to ${MOST_JOBS} (default: as many as each server or disk is found to bear); lines come out in the order of the names`,
      }),
  run: runProbe,
});
