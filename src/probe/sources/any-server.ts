import { createHttpEndpoint, type HttpEndpoint } from './http/http.ts';
import { environmentProxies } from './http/proxies.ts';
import type { Environment } from './openstack/openstack-settings.ts';
import { environmentTls } from './openstack/tls-files.ts';

/**
 * Connections to whatever servers an operator names, with the proxies, authorities and client certificate that the
 * environment names.
 *
 * @param onOverload called with the origin of a server that asks for patience or does not answer in time.
 * @throws RetypeError CREDENTIALS where a file that OS_CACERT, OS_CERT or OS_KEY names cannot be used.
 */
export function anyServer(env: Environment, onOverload: (origin: string) => void): HttpEndpoint {
  return createHttpEndpoint({ tls: environmentTls(env, 'any-server'), proxies: environmentProxies(env), onOverload });
}
