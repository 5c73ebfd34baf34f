import type { Argv } from 'yargs';

import type { ConnectionSpec } from '../../db/connection/spec.ts';
import { parseDatabaseUrl } from '../../db/connection/url.ts';

export interface CompareNodeOptions {
  readonly 'compare-node': readonly string[] | undefined;
}

/** The option for verify and gate that names other nodes of the same cluster. */
export function compareNodeOptions(yargs: Argv): Argv {
  return yargs.option('compare-node', {
    type: 'string',
    array: true,
    nargs: 1,
    requiresArg: true,
    describe:
      "address of another node, or of a copy, as in --database-url; once for each: results and the tool's own tables are compared row by row",
  });
}

/** @throws RetypeError DATABASE_URL. */
export function nodeSpecs(options: {
  readonly compareNode?: readonly string[] | undefined;
}): readonly ConnectionSpec[] {
  return (options.compareNode ?? []).map((url) => parseDatabaseUrl(url, '--compare-node'));
}
