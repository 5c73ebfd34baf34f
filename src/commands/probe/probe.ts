import { defineCommand } from '../session/command.ts';
import { GROUPS, jsonFile } from '../options/kinds.ts';
import { MOST_JOBS } from '../options/numbers.ts';
import { runProbe } from './run.ts';

export const probeCommand = defineCommand({
  options: (yargs) =>
    yargs
      .positional('source', {
        type: 'string',
        array: true,
        demandOption: true,
        describe:
          'files and http(s) addresses; - reads names from standard input, one on each line. The exit code is 8 if one of them cannot be read',
      })
      .option('json', {
        ...jsonFile('a line for each source'),
        describe:
          'write JSON lines on a terminal too (to a pipe they are always JSON); --json=FILE also writes them to this file',
      })
      .option('jobs', {
        group: GROUPS.pace,
        requiresArg: true,
        describe: `sources to read at the same time, 1 to ${MOST_JOBS} (default: as many as each server or disk can serve, measured as it goes); output keeps the order of the names`,
      }),
  run: async (options) => runProbe(options),
});
