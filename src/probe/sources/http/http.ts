import { DEFAULT_BUDGET } from '../../reading/budget.ts';
import type { ByteSource } from '../../reading/source.ts';
import { type Connections, type ConnectionSettings, createConnections } from './connections.ts';
import { httpSource, type SourceOptions } from './http-source.ts';
import { createPatience } from './patience.ts';

export interface HttpSettings extends ConnectionSettings {
  /**
   * The most bytes of one source, including what a server without ranges sends on the way. Default: the budget of an
   * image.
   */
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
  const { mostBytes = DEFAULT_BUDGET.bytes, onOverload = () => undefined } = settings;
  const connections = createConnections(settings);
  const patience = createPatience(() => performance.now());
  const shared = { connections, patience, withoutRanges: new Set<string>(), mostBytes, onOverload };
  return {
    connections,
    open: (address, options = {}) => httpSource(address, options, shared),
    close: () => connections.close(),
  };
}
