import { setMaxListeners } from 'node:events';

import { DEFAULT_BUDGET } from '../../reading/budget.ts';
import type { ByteSource } from '../../reading/source.ts';
import { type Authority, fixedAuthority, NOBODY } from './authority.ts';
import { DEFAULT_LIMITS, type TimeLimits } from './exchange.ts';
import { httpSource } from './http-source.ts';
import { createPatience } from '../patience.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';
import { createAgents, type Trust, type Wire } from './wire.ts';
import { parseWebAddress } from './web-address.ts';

export interface HttpSettings {
  /** Default `system`. */
  readonly trust?: Trust;
  readonly limits?: Partial<TimeLimits>;
  readonly retry?: Partial<RetryPolicy>;
  /**
   * Bytes of one source at most, with what a server without ranges sends on the way to them. Default: the budget of an
   * image.
   */
  readonly mostBytes?: number;
  /** Called with the lane of a source whose server asks for patience (429, 503, 504) or does not answer in time. */
  readonly onOverload?: (lane: string) => void;
}

interface OpenOptions {
  /** Default: the user and password in the address, if any. */
  readonly authority?: Authority;
  /**
   * Sources of the same group share what was learnt when a server refused ranges with an error. Default: the origin. With several
   * stores behind one Glance, name the store: only some can read at random.
   */
  readonly rangeGroup?: string;
  /** Sources that must not hold others up share this: what of the server is somebody else's. Default: the origin. */
  readonly lane?: string;
  /**
   * Whose image it is; where several of one tenant's take too long, the rest of that tenant's in the lane is not asked
   * for.
   */
  readonly tenant?: string | null;
  /** What a status means here, for the operator; null for the common text. */
  readonly explain?: (status: number) => string | null;
}

/** Connections to web servers, and what was learnt about them. */
export interface HttpEndpoint {
  readonly wire: Wire;
  /** Sends nothing yet. @throws SourceFailure when the address is not http or https. */
  open(address: string, options?: OpenOptions): ByteSource;
  /** Cuts all connections: reads under way fail, without further attempts, and so does every later one. */
  close(): void;
}

export function createHttpEndpoint(settings: HttpSettings = {}): HttpEndpoint {
  const agents = createAgents(settings.trust ?? { kind: 'system' });
  const end = new AbortController();
  // One listener for each source that is open.
  setMaxListeners(0, end.signal);
  const patience = createPatience(() => performance.now());
  const wire: Wire = {
    agents,
    end: end.signal,
    limits: { ...DEFAULT_LIMITS, ...settings.limits },
    retry: { ...DEFAULT_RETRY, ...settings.retry },
  };
  const withoutRanges = new Set<string>();
  return {
    wire,
    open: (address, options = {}) => {
      const { url, label, basic } = parseWebAddress(address);
      const own = basic === null ? NOBODY : fixedAuthority({ authorization: basic });
      const group = options.rangeGroup ?? url.origin;
      const lane = options.lane ?? url.origin;
      return httpSource({
        url,
        label,
        wire,
        authority: options.authority ?? own,
        ranges: { refused: () => withoutRanges.has(group), refuse: () => withoutRanges.add(group) },
        mostBytes: settings.mostBytes ?? DEFAULT_BUDGET.bytes,
        patience,
        lane,
        tenant: options.tenant ?? null,
        explain: options.explain ?? (() => null),
        onOverload: () => settings.onOverload?.(lane),
      });
    },
    close: () => {
      end.abort();
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}
