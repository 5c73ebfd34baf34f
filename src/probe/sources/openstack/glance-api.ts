import { RetypeError } from '../../../model/error.ts';
import { type ByteSource, SourceFailure } from '../../reading/source.ts';
import { type Authenticator, fixedHeaders } from '../http/fetch-once.ts';
import type { Credentials, EndpointInterface } from './credentials.ts';
import type { HttpEndpoint } from '../http/http.ts';
import { givenToken, type IssuedToken, issueToken, readCatalog, tokenKeeper } from './keystone.ts';
import { isWebAddress, labelOf, parseWebAddress } from '../http/web-address.ts';

export interface GlanceApiOptions {
  /** Also carries the requests to Keystone. */
  readonly endpoint: HttpEndpoint;
  /** null: Glance runs without Keystone. */
  readonly credentials: Credentials | null;
  /** The address that the operator gave (--image-api), with or without `/v2`; null: as in the catalogue. */
  readonly imageApi: string | null;
}

/** The data of images, read from Glance's API. */
export interface GlanceApi {
  /** Without credentials. */
  readonly label: string;
  /**
   * Opens the data of an image; sends nothing yet.
   *
   * @param origin `store` names where the data lies, if that is known: some stores refuse ranges and some are slow, and
   *   what is learnt of one does not apply to the next. `tenant` is the owner of the image.
   * @throws SourceFailure for an id that cannot be part of an address.
   */
  openImage(imageId: string, origin?: { readonly store: string; readonly tenant: string | null }): ByteSource;
}

/**
 * Logs in if there are credentials, and finds the image service.
 *
 * @throws RetypeError IMAGE_API if Keystone refuses or its catalogue has no such service.
 */
export async function createGlanceApi(options: GlanceApiOptions): Promise<GlanceApi> {
  const { endpoint, credentials, imageApi } = options;
  const { authenticator, catalog } = await logIn(options);
  const isListed = credentials !== null && catalog !== null;
  const address = imageApi ?? (isListed ? imageEndpoint(catalog, credentials.interface, credentials.region) : null);
  if (address === null) throw unusable('--image-api, or credentials with OS_AUTH_URL', 'neither', 'give --image-api');
  const base = apiBase(address);
  return {
    label: labelOf(base),
    openImage: (imageId, { store, tenant } = { store: '', tenant: null }) => {
      if (imageId === '' || imageId === '.' || imageId === '..') throw new SourceFailure('an image id that is no name');
      const group = `${base.href} ${store}`;
      const file = `${base.href}/images/${encodeURIComponent(imageId)}/file`;
      const explain = (status: number): string | null => MEANINGS[status] ?? null;
      return endpoint.open(file, { authenticator, rangeGroup: group, lane: group, tenant, explain });
    },
  };
}

async function logIn(
  options: GlanceApiOptions,
): Promise<{ readonly authenticator: Authenticator; readonly catalog: unknown }> {
  const { credentials, imageApi } = options;
  const { connections } = options.endpoint;
  if (credentials === null) return { authenticator: fixedHeaders({}), catalog: null };
  const { authUrl, identity } = credentials;
  try {
    if (identity.kind === 'token') {
      const wanted = imageApi === null && authUrl !== null;
      const catalog = wanted ? await readCatalog(authUrl, identity.token, connections) : null;
      return { authenticator: givenToken(identity.token), catalog };
    }
    if (authUrl === null) throw new SourceFailure('no address of Keystone');
    const issue = (): Promise<IssuedToken> => issueToken(authUrl, identity, connections);
    const first = await issue();
    return { authenticator: tokenKeeper(issue, first), catalog: first.catalog };
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    throw unusable('a token from Keystone', error.message, 'check the credentials and that Keystone can be reached');
  }
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
    .map((entry) => ({
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
    const named = [endpoints.map((one) => one.interface), endpoints.map((one) => one.region)];
    const has = named
      .map(words)
      .filter((list) => list !== '')
      .join(', ');
    throw unusable(
      `an image service with interface ${wanted}${place}`,
      has === '' ? 'no image service in the catalogue' : `others: ${has}`,
      'set OS_REGION_NAME and OS_INTERFACE, or give --image-api',
    );
  }
  if (addresses.size === 1) return first;
  const regions = words(fitting.map((endpoint) => endpoint.region));
  throw unusable(`one image service with interface ${wanted}`, `one each in ${regions}`, 'set OS_REGION_NAME');
}

function unusable(expected: string, found: string, advice: string): RetypeError {
  return new RetypeError('IMAGE_API', [{ place: 'image API', expected, found, advice }]);
}

/** At most ten short words, because they are printed. */
function words(all: readonly string[]): string {
  const fit = new Set(all.filter((word) => /^[\w .-]{1,64}$/.test(word)));
  return [...fit].toSorted().slice(0, 10).join(', ');
}

function listed(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}

function text(entry: Readonly<Record<string, unknown>>, key: string): string {
  const value = entry[key];
  return typeof value === 'string' ? value : '';
}

/** Catalogues hold the address of the service with a version, without one, or with a path. */
function apiBase(address: string): URL {
  const { url } = parseWebAddress(address);
  url.search = '';
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/v\d+(?:\.\d+)?$/, '')}/v2`;
  return url;
}

/** The meaning of a status of `GET /v2/images/{id}/file` (Image API v2; glance/api/v2/image_data.py). */
const MEANINGS: Readonly<Record<number, string>> = {
  204: 'Glance has no data for this image (204): nothing was uploaded, or its store has lost it',
  400: 'Glance refused the request (400): the store of this image cannot be read through the API',
  401: 'Glance refused the token (401): glance-api and Keystone disagree about it',
  403: 'Glance forbids the download (403): the image is deactivated, or policy keeps download_image from this user',
  404: 'Glance knows no such image for this user (404): it was deleted, or belongs to another project',
  409: 'Glance says the image is being changed (409); read it again later',
  410: 'Glance says the data of this image is gone (410): it was deleted while its record stayed',
};
