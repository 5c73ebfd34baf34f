import { RetypeError } from '../../../model/error.ts';
import { isWebAddress } from '../http/web-address.ts';
import type { EndpointInterface } from './credentials.ts';

interface Endpoint {
  readonly interface: string;
  readonly region: string;
  readonly url: string;
}

/**
 * Finds the address of the image service in a Keystone catalogue (Identity API v3, `token.catalog`) by interface and
 * region. Without a region, there must be only one address. The catalogue may hold anything.
 *
 * @throws RetypeError IMAGE_API where there is none, or several.
 */
export function imageEndpoint(catalog: unknown, wanted: EndpointInterface, region: string | null): string {
  const endpoints = listed(catalog)
    .filter((service) => text(service, 'type') === 'image')
    .flatMap((service) => listed(service['endpoints']))
    .map((entry): Endpoint => ({
      // Keystone says `region_id` and, for old clients, `region`.
      interface: text(entry, 'interface').replace(/URL$/, ''),
      region: text(entry, 'region_id') || text(entry, 'region'),
      url: text(entry, 'url'),
    }))
    .filter((endpoint) => isWebAddress(endpoint.url));
  const fitting = endpoints.filter(
    (endpoint) => endpoint.interface === wanted && (region === null || endpoint.region === region),
  );
  const addresses = new Set(fitting.map((endpoint) => endpoint.url));
  const [first] = addresses;
  if (first === undefined) {
    const place = region === null ? '' : ' in the region asked for';
    const has = [...words(endpoints, 'interface'), ...words(endpoints, 'region')].join(', ');
    throw unusable(
      `an image service with interface ${wanted}${place}`,
      has === '' ? 'no image service in the catalogue' : `others: ${has}`,
      'set OS_REGION_NAME and OS_INTERFACE, or give --image-api',
    );
  }
  if (addresses.size === 1) return first;
  const regions = words(fitting, 'region').join(', ');
  throw unusable(`one image service with interface ${wanted}`, `one each in ${regions}`, 'set OS_REGION_NAME');
}

export function unusable(expected: string, found: string, advice: string): RetypeError {
  return new RetypeError('IMAGE_API', [{ place: 'image API', expected, found, advice }]);
}

/** At most ten short words, because they are printed. */
function words(endpoints: readonly Endpoint[], key: 'region' | 'interface'): readonly string[] {
  const all = new Set(endpoints.map((endpoint) => endpoint[key]).filter((word) => /^[\w .-]{1,64}$/.test(word)));
  return [...all].toSorted().slice(0, 10);
}

function listed(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}

function text(entry: Readonly<Record<string, unknown>>, key: string): string {
  const value = entry[key];
  return typeof value === 'string' ? value : '';
}
