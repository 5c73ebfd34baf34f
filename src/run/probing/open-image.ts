import { RetypeError } from '../../model/error.ts';
import { readCredentials } from '../../probe/sources/openstack/credentials.ts';
import { openFile } from '../../probe/sources/file/file.ts';
import { createGlanceApi, type GlanceApi } from '../../probe/sources/openstack/glance-api.ts';
import { createHttpEndpoint } from '../../probe/sources/http/http.ts';
import { environmentProxies } from '../../probe/sources/http/proxies.ts';
import { environmentTls } from '../../probe/sources/openstack/tls-files.ts';
import { storeFile } from '../../probe/sources/file/store.ts';
import { type ByteSource, SourceFailure } from '../../probe/reading/source.ts';
import type { OpenImage } from './content-reader.ts';

/** Glance's API as the operator names it. */
export interface ImageApiChoice {
  /** null: the address in Keystone's catalogue. */
  readonly address: string | null;
  /** A token from the command line; null: credentials from the environment. */
  readonly token: string | null;
}

/** A Glance that has answered. */
export interface ImageApi {
  readonly api: GlanceApi;
  /** Aborts reads under way and begins no new ones. */
  close(): void;
}

/**
 * Opens images from the store directories first, which costs least, and otherwise through the API. A location never
 * leads out of the directories.
 */
export function createOpenImage(stores: readonly string[], api: GlanceApi | null): OpenImage {
  return async (image, payload) => {
    const locations = payload?.locations ?? [];
    const file = stores.length === 0 ? null : await openStored(stores, { imageId: image.id, locations });
    if (file !== null && !(file instanceof SourceFailure)) {
      return { source: file, accepts: 'random', access: () => 'random' };
    }
    if (api === null) throw file ?? new SourceFailure('no source to read it from');
    // Which stores allow random reads is learnt by trying; so a verdict is kept as if the image had been read forward.
    const store = locations[0]?.replace(/:.*$/su, '') ?? 'unknown';
    const source = api.openImage(image.id, { store, tenant: image.owner });
    return { source, accepts: 'forward', access: () => 'forward' };
  };
}

async function openStored(
  stores: readonly string[],
  image: { readonly imageId: string; readonly locations: readonly string[] },
): Promise<ByteSource | SourceFailure> {
  const answer = await storeFile(stores, image);
  if (answer.kind === 'none') return new SourceFailure(answer.why);
  try {
    return await openFile(answer.path, 'refused');
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    // The path comes from a location, and locations are not shown.
    return new SourceFailure(error.reason);
  }
}

/** No image has it (RFC 9562, section 5.9: the nil UUID). */
const NO_IMAGE = '00000000-0000-0000-0000-000000000000';

/**
 * Logs in and asks Glance for an image that does not exist, so that a wrong address or an expired token is reported
 * once and at once.
 *
 * @param onOverload called with the lane of Glance whenever it asks for patience or does not answer in time.
 * @throws RetypeError CREDENTIALS, IMAGE_API.
 */
export async function connectImageApi(
  { address, token }: ImageApiChoice,
  environment: NodeJS.ProcessEnv,
  onOverload: (lane: string) => void,
): Promise<ImageApi> {
  const effective =
    token === null ? environment : { ...environment, OS_TOKEN: token, OS_AUTH_TYPE: 'token', OS_CLOUD: '' };
  // An address without credentials may be a Glance without Keystone; only what was named is sent there.
  const named = ['OS_CLOUD', 'OS_AUTH_URL', 'OS_TOKEN', 'OS_AUTH_TOKEN'].some((name) => (effective[name] ?? '') !== '');
  const credentials = address === null || named ? readCredentials(effective) : null;
  const tls = credentials?.tls ?? environmentTls(effective, 'one-cloud');
  const endpoint = createHttpEndpoint({ tls, proxies: environmentProxies(effective), onOverload });
  try {
    const api = await createGlanceApi({ endpoint, credentials, imageApi: address });
    await greet(api);
    return { api, close: () => endpoint.close() };
  } catch (error) {
    endpoint.close();
    throw error;
  }
}

async function greet(api: GlanceApi): Promise<void> {
  const source = api.openImage(NO_IMAGE);
  try {
    await source.read(0, 1);
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    // Glance's answer for an image that does not exist, to a user who may ask.
    if (error.status === 404) return;
    throw new RetypeError('IMAGE_API', {
      place: api.label,
      expected: 'an answer of Glance to somebody who may read images',
      found: error.reason,
      advice:
        'check the address, that Glance runs, and the credentials (OS_TOKEN, OS_CLOUD or the other OS_* variables)',
    });
  } finally {
    await source.close();
  }
}
