import type { PageColumns } from '../../glance/reader/page-statement.ts';
import type { Deciding } from './deciding.ts';
import type { ProbeChoice } from './probe.ts';

/**
 * What must be read of every row: all columns where answers may ask for an owner or a size, where bytes are looked at, and where single
 * images are reported.
 */
export function pageColumns({ answers }: Deciding, { mode }: ProbeChoice, outputs: readonly unknown[]): PageColumns {
  return answers === null && mode === 'off' && outputs.length === 0 ? 'decisive' : 'all';
}
