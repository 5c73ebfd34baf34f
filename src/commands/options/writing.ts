import type { Argv } from 'yargs';

import type { AccessMode } from '../../db/database.ts';
import { type Given, GROUPS, YES_OPTION } from './kinds.ts';

/** Adds the options of a command that writes to the database. */
export function writingOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('dry-run', {
      group: GROUPS.safety,
      type: 'boolean',
      describe: 'show what would be done, with all checks before it, and write nothing',
    })
    .option('yes', YES_OPTION);
}

type GivenWriting = Given<typeof writingOptions>;

/** What becomes of the question that a writing command asks. A dry run asks nothing, whatever --yes says. */
export function answerOf({ dryRun, yes }: GivenWriting): 'yes' | 'ask' | 'dry-run' {
  if (dryRun === true) return 'dry-run';
  return yes === true ? 'yes' : 'ask';
}

/** How a writing command opens the database: a dry run cannot write. */
export function accessOf({ dryRun }: GivenWriting): AccessMode {
  return dryRun === true ? 'read-only' : 'read-write';
}
