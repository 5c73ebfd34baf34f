import { setMaxListeners } from 'node:events';

import { DEFAULT_BUDGET } from '../../reading/budget.ts';
import type { ByteSource } from '../../reading/source.ts';
import type { Connections } from './exchange.ts';
import { httpSource, type SourceOptions } from './http-source.ts';
import { createPatience } from './patience.ts';
import { NO_PROXIES, type Proxies } from './proxies.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';
import { SYSTEM_TLS, type TlsSettings } from './tls-settings.ts';
import { DEFAULT_LIMITS, type TimeLimits } from './transfer-failure.ts';

export interface HttpSettings {
  /** Default: the authorities of the system, and no client certificate. */
  readonly tls?: TlsSettings;
  /** Default: no proxy, whatever the environment says. */
  readonly proxies?: Proxies;
  readonly limits?: Partial<TimeLimits>;
  readonly retry?: Partial<RetryPolicy>;
  /** The most bytes of one source, also those on the way to the ones asked for. Default: the budget of an image. */
  readonly mostBytes?: number;
  /** Called with the lane of a source when its server asks for patience (429, 503, 504) or does not answer in time. */
  readonly onOverload?: (lane: string) => void;
}

/** Connections to web servers, and what was learnt about them. */
export interface HttpEndpoint {
  readonly connections: Connections;
  /** Sends nothing yet. @throws SourceFailure when the address is not http or https. */
  open(address: string, options?: SourceOptions): ByteSource;
  /** Cuts all connections. Reads under way fail without further attempts, and so does every later one. */
  close(): void;
}

export function createHttpEndpoint(settings: HttpSettings = {}): HttpEndpoint {
  const { tls = SYSTEM_TLS, proxies = NO_PROXIES } = settings;
  const { mostBytes = DEFAULT_BUDGET.bytes, onOverload = () => undefined } = settings;
  const limits = { ...DEFAULT_LIMITS, ...settings.limits };
  const end = new AbortController();
  // One listener for each open source and each connection.
  setMaxListeners(0, end.signal);
  // undici takes longer to load than a small image takes to probe, so it is loaded for the first endpoint.
  const agents = import('./agents.ts').then(({ createAgents }) => createAgents(tls, limits, end.signal));
  const connections: Connections = {
    limits,
    retry: { ...DEFAULT_RETRY, ...settings.retry },
    end: end.signal,
    loaded: agents,
    route: async (url, guard) => (await agents).route(url, guard, proxies(url)),
  };
  const patience = createPatience(() => performance.now());
  const shared = { connections, patience, withoutRanges: new Set<string>(), mostBytes, onOverload };
  return {
    connections,
    open: (address, options = {}) => httpSource(address, options, shared),
    close: () => {
      end.abort();
      void agents.then((loaded) => loaded.close());
    },
  };
}
