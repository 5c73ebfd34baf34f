import type { Argv } from 'yargs';

import type { ConnectionSpec } from '../../db/connection/spec.ts';
import { parseDatabaseUrl } from '../../db/connection/url.ts';
import { type GivenDatabase, helpOf } from './database.ts';
import { type Given, GROUPS, REPEATABLE } from './kinds.ts';

/** Adds the option of verify and gate that names other nodes of the same cluster. */
export function compareNodeOptions<T>(yargs: Argv<T>) {
  return yargs.option('compare-node', {
    group: GROUPS.database,
    ...REPEATABLE,
    describe:
      "address of another node or of a copy, as for --database-url; repeatable: the results and the tool's own tables are compared row by row",
  });
}

/** @throws RetypeError DATABASE_URL. */
export function nodeSpecs(given: Given<typeof compareNodeOptions> & GivenDatabase): readonly ConnectionSpec[] {
  return (given.compareNode ?? []).map((url) => parseDatabaseUrl(url, '--compare-node', helpOf(given, null)));
}
