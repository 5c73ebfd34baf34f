import type { Argv } from 'yargs';

import type { ConnectionSpec } from '../../db/connection/spec.ts';
import { parseDatabaseUrl } from '../../db/connection/url.ts';
import { GROUPS, REPEATABLE } from './kinds.ts';

export interface CompareNodeOptions {
  readonly 'compare-node': readonly string[] | undefined;
}

/** Adds the option of verify and gate that names other nodes of the same cluster. */
export function compareNodeOptions(yargs: Argv): Argv {
  return yargs.option('compare-node', {
    group: GROUPS.database,
    ...REPEATABLE,
    describe:
      "address of another node or of a copy, as for --database-url; repeatable: the results and the tool's own tables are compared row by row",
  });
}

/** @throws RetypeError DATABASE_URL. */
export function nodeSpecs(options: {
  readonly compareNode?: readonly string[] | undefined;
}): readonly ConnectionSpec[] {
  return (options.compareNode ?? []).map((url) => parseDatabaseUrl(url, '--compare-node'));
}
