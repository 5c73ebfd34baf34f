import { DEFAULT_BUDGET } from '../../reading/budget.ts';
import type { ByteSource } from '../../reading/source.ts';
import { ANONYMOUS, type Authenticator, fixedHeaders } from './authenticator.ts';
import { type Connections, createConnections } from './connections.ts';
import { httpSource } from './http-source.ts';
import { createPatience } from './patience.ts';
import { NO_PROXIES, type Proxies } from './proxies.ts';
import type { RetryPolicy } from './retry.ts';
import type { TimeLimits } from './time-limits.ts';
import { SYSTEM_TLS, type TlsSettings } from './tls-settings.ts';
import { parseWebAddress } from './web-address.ts';

export interface HttpSettings {
  /** Default: the authorities of the system, and no client certificate. */
  readonly tls?: TlsSettings;
  /** Default: no proxy, whatever the environment says. */
  readonly proxies?: Proxies;
  readonly limits?: Partial<TimeLimits>;
  readonly retry?: Partial<RetryPolicy>;
  /**
   * The most bytes of one source, including what a server without ranges sends on the way. Default: the budget of an
   * image.
   */
  readonly mostBytes?: number;
  /** Called with the lane of a source when its server asks for patience (429, 503, 504) or does not answer in time. */
  readonly onOverload?: (lane: string) => void;
}

interface OpenOptions {
  /** Default: the user and password in the address, if any. */
  readonly authenticator?: Authenticator;
  /**
   * Sources of the same group share what was learnt when a server refused ranges with an error. Default: the origin.
   * With several stores behind one Glance, name the store: only some can be read at random.
   */
  readonly rangeGroup?: string;
  /** Sources of one lane can hold each other up, and no others. Default: the origin. */
  readonly lane?: string;
  /**
   * The owner of the image. After several images of a tenant took too long, its other images in the lane are not asked
   * for.
   */
  readonly tenant?: string | null;
  /** The meaning of a status for the operator; null for the common text. */
  readonly explain?: (status: number) => string | null;
}

/** Connections to web servers, and what was learnt about them. */
export interface HttpEndpoint {
  readonly connections: Connections;
  /** Sends nothing yet. @throws SourceFailure when the address is not http or https. */
  open(address: string, options?: OpenOptions): ByteSource;
  /** Cuts all connections. Reads under way fail without further attempts, and so does every later one. */
  close(): void;
}

export function createHttpEndpoint(settings: HttpSettings = {}): HttpEndpoint {
  const { tls = SYSTEM_TLS, proxies = NO_PROXIES, limits, retry } = settings;
  const connections = createConnections({ tls, proxies, limits, retry });
  const patience = createPatience(() => performance.now());
  const withoutRanges = new Set<string>();
  return {
    connections,
    open: (address, options = {}) => {
      const { url, label, basic } = parseWebAddress(address);
      const own = basic === null ? ANONYMOUS : fixedHeaders({ authorization: basic });
      const group = options.rangeGroup ?? url.origin;
      const lane = options.lane ?? url.origin;
      return httpSource({
        url,
        label,
        connections,
        authenticator: options.authenticator ?? own,
        ranges: { refused: () => withoutRanges.has(group), refuse: () => withoutRanges.add(group) },
        mostBytes: settings.mostBytes ?? DEFAULT_BUDGET.bytes,
        patience,
        lane,
        tenant: options.tenant ?? null,
        explain: options.explain ?? (() => null),
        onOverload: () => settings.onOverload?.(lane),
      });
    },
    close: () => connections.close(),
  };
}
