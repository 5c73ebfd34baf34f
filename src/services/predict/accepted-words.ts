import type { Inspection } from '../../model/inspection.ts';
import type { ServiceRow, ServiceSettings } from '../predictor.ts';
import type { ServiceTable } from '../table/service-table.ts';
import { releasedTable } from './create-predictor.ts';
import { weigh } from './weigh.ts';

/** By service, the words of disk_format under which it accepts the same bytes for certain. */
export type AcceptedWords = (row: ServiceRow, bytes: Inspection | null) => ReadonlyMap<string, readonly string[]>;

/**
 * Returns the function that tries every word of the table under the container_format that the image has.
 * @throws Error if the settings name a release or backend that the table lacks.
 */
export function createAcceptedWords(table: ServiceTable, settings: ServiceSettings): AcceptedWords {
  const { contexts } = releasedTable(table, settings.release, settings.novaBackend);
  return (row, bytes) =>
    new Map(
      [...contexts].map(([key, context]) => [
        key,
        table.diskFormats.filter((diskFormat) => weigh({ ...row, diskFormat }, bytes, context).kind === 'accepted'),
      ]),
    );
}
