import type { ByteSource } from '../source.ts';
import { type Authority, fixedAuthority, NOBODY } from './authority.ts';
import { DEFAULT_LIMITS, type TimeLimits } from './exchange.ts';
import { httpSource } from './http-source.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';
import { createAgents, type Trust, type Wire } from './wire.ts';
import { parseWebAddress } from './web-address.ts';

export interface HttpSettings {
  /** Default `system`. */
  readonly trust?: Trust;
  readonly limits?: Partial<TimeLimits>;
  readonly retry?: Partial<RetryPolicy>;
  /** Bytes read forward at most, per source, from a server without ranges. Default 8 MiB. */
  readonly streamingBudget?: number;
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

const STREAMING_BUDGET = 8 * 1024 * 1024;

export function createHttpEndpoint(settings: HttpSettings = {}): HttpEndpoint {
  const agents = createAgents(settings.trust ?? { kind: 'system' });
  const end = new AbortController();
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
      return httpSource({
        url,
        label,
        wire,
        authority: options.authority ?? own,
        ranges: { refused: () => withoutRanges.has(group), refuse: () => withoutRanges.add(group) },
        streamingBudget: settings.streamingBudget ?? STREAMING_BUDGET,
        explain: options.explain ?? (() => null),
        onOverload: () => settings.onOverload?.(url.origin),
      });
    },
    close: () => {
      end.abort();
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}
