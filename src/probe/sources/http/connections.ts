import { setMaxListeners } from 'node:events';

import type { Route } from './agents.ts';
import type { Proxies } from './proxies.ts';
import type { RedirectGuard } from './redirect-guard.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';
import { DEFAULT_LIMITS, type TimeLimits } from './time-limits.ts';
import type { TlsSettings } from './tls-settings.ts';

/** Carries requests to servers. */
export interface Connections {
  readonly limits: TimeLimits;
  readonly retry: RetryPolicy;
  /** Aborted when the endpoint is closed or time is up. Requests under way fail then, and no new ones are sent. */
  readonly end: AbortSignal;
  /** Comes when requests can be sent. The time that it takes is no server's fault. */
  readonly loaded: Promise<unknown>;
  /**
   * @param guard of a redirect to another origin; null for an origin that the operator named.
   * @throws TransferFailure where the address of the proxy cannot be used.
   */
  route(url: URL, guard: RedirectGuard | null): Promise<Route>;
}

export interface ConnectionSettings {
  readonly tls: TlsSettings;
  readonly proxies: Proxies;
  readonly limits?: Partial<TimeLimits> | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
}

/** Connections that their owner closes. */
export interface OwnConnections extends Connections {
  close(): void;
}

export function createConnections({ tls, proxies, ...given }: ConnectionSettings): OwnConnections {
  const limits = { ...DEFAULT_LIMITS, ...given.limits };
  const end = new AbortController();
  // One listener for each open source and each connection.
  setMaxListeners(0, end.signal);
  // undici takes longer to load than a small image takes to probe, so it is loaded for the first endpoint.
  const agents = import('./agents.ts').then(({ createAgents }) => createAgents({ tls, limits, end: end.signal }));
  return {
    limits,
    retry: { ...DEFAULT_RETRY, ...given.retry },
    end: end.signal,
    loaded: agents,
    route: async (url, guard) => (await agents).route(url, guard, proxies(url)),
    close: () => {
      end.abort();
      void agents.then((loaded) => loaded.close());
    },
  };
}
