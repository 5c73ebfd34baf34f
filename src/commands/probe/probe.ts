import { defineCommand } from '../session/command.ts';
import { GROUPS, jsonFile } from '../options/kinds.ts';
import { MOST_JOBS } from '../options/numbers.ts';
import { servicesOptions } from '../options/services.ts';
import { runProbe } from './run.ts';

export const probeCommand = defineCommand({
  options: (yargs) =>
    servicesOptions(yargs)
      .positional('source', {
        type: 'string',
        array: true,
        demandOption: true,
        describe:
          'files and http(s) addresses; - reads names from standard input, one on each line. The exit code is 8 if one of them cannot be read',
      })
      .option('disk-format', {
        group: GROUPS.services,
        type: 'string',
        requiresArg: true,
        describe:
          'with --openstack: the disk_format that the sources have in Glance, or would have; shows what each service does with them, why, and what would help (default: shows which disk formats each service accepts)',
      })
      .option('container-format', {
        group: GROUPS.services,
        type: 'string',
        requiresArg: true,
        describe: 'with --openstack: the container_format beside it (default: bare)',
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
