import type { Predictor, ServiceSettings } from '../../services/predictor.ts';
import { createPredictor } from '../../services/predict/create-predictor.ts';
import { parseReleases } from '../../services/releases.ts';
import { loadServices } from '../../services/table/load.ts';
import { readServicesFile, shippedServices } from '../../services/table/service-files.ts';
import type { ServiceTable } from '../../services/table/service-table.ts';
import { nearest } from '../../model/nearest.ts';
import type { GivenServices } from './services.ts';
import { usageError } from './usage.ts';

/** The services that are predicted, and how. */
export interface Foreseen {
  readonly predict: Predictor;
  readonly settings: ServiceSettings;
  readonly table: ServiceTable;
  /** What a person calls each service, by its key. */
  readonly titles: Readonly<Record<string, string>>;
}

/**
 * Loads the table of services and finds out which of them are meant: the newest release and the first backend of the
 * table, unless options say otherwise.
 *
 * @throws RetypeError SERVICES_FILE with every problem of the table, USAGE.
 */
export function loadPredictor(given: GivenServices): Foreseen {
  const table = loadServices(given.services === undefined ? shippedServices() : readServicesFile(given.services));
  const settings: ServiceSettings = { ...releasesOf(given.openstack, table), novaBackend: backendOf(given, table) };
  const titles = Object.fromEntries(Array.from(table.services.values(), ({ key, title }) => [key, title]));
  return { predict: createPredictor(table, settings), settings, table, titles };
}

function releasesOf(text: string | undefined, table: ServiceTable): Pick<ServiceSettings, 'release' | 'before'> {
  if (text === undefined) {
    const newest = table.releases.at(-1);
    // The loader refuses a table without releases.
    if (newest === undefined) throw new Error('a table of services without releases');
    return { release: newest.name, before: null };
  }
  const parsed = parseReleases(text, table);
  if (parsed.kind === 'wrong') throw usageError('--openstack', parsed.expected, parsed.found, parsed.advice);
  return { release: parsed.release, before: parsed.before };
}

function backendOf({ novaBackend }: GivenServices, { backends }: ServiceTable): string {
  const names = backends.map(({ name }) => name);
  const backend = novaBackend ?? names[0];
  if (backend !== undefined && names.includes(backend)) return backend;
  const near = nearest(backend ?? '', names);
  const advice = near.length === 0 ? 'name a backend of the table' : `perhaps ${near.join(' or ')}`;
  throw usageError('--nova-backend', `one of ${names.join(', ')}`, backend ?? 'nothing', advice);
}
