import type { Argv } from 'yargs';

import type { ConnectionSpec } from '../db/connection/spec.ts';
import { parseDatabaseUrl } from '../db/connection/url.ts';
import type { Database } from '../db/database.ts';
import { withDatabases } from './options/database.ts';

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

/**
 * Opens the other nodes, read-only, for as long as `work` takes.
 * @throws RetypeError as `withDatabases` does.
 */
export async function withNodes<T>(
  options: { readonly compareNode?: readonly string[] | undefined },
  work: (nodes: readonly Database[]) => Promise<T>,
): Promise<T> {
  const specs = (options.compareNode ?? []).map((url) => parseDatabaseUrl(url, '--compare-node'));
  return openNext(specs, [], work);
}

async function openNext<T>(
  [next, ...rest]: readonly ConnectionSpec[],
  open: readonly Database[],
  work: (nodes: readonly Database[]) => Promise<T>,
): Promise<T> {
  if (next === undefined) return work(open);
  return withDatabases(next, ['read-only'], async (node) => openNext(rest, [...open, node], work));
}
