import type { LookupFunction, Socket } from 'node:net';

import { Agent, buildConnector, type Dispatcher } from 'undici';

import type { Proxy } from './proxies.ts';
import type { RedirectGuard } from './redirect-guard.ts';
import { type Client, type TlsSettings, tlsOptions } from './tls-settings.ts';
import { statusText, type TimeLimits, TransferFailure, transferFailure } from './transfer-failure.ts';

/** How one request reaches its server. */
export interface Route {
  readonly dispatcher: Dispatcher;
  /** Of the server, or of a proxy that forwards the request. */
  readonly origin: string;
  /** The path with the query; the whole address for a proxy that forwards. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Agents {
  route(url: URL, guard: RedirectGuard | null, proxy: Proxy | null): Route;
  close(): void;
}

/** Node's own limit for all headers of an answer together, bytes. */
const MOST_HEADER_BYTES = 16 * 1024;

/** Statuses of a proxy that could not reach the server, which may pass (RFC 9110 section 15.6). */
const PROXY_PASSING: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Pools of connections. Those made for a redirect to another origin are never shared with requests that the operator
 * asked for: they resolve names under the guard and present no client certificate. `end` cuts those under way.
 *
 * undici's ProxyAgent is not used. When a proxy closes the connection instead of answering CONNECT, ProxyAgent connects
 * again at once and without end: 1,059 connections in two seconds, and the request never failed, not even when it was
 * aborted (undici 7.30.2).
 */
export function createAgents(tls: TlsSettings, limits: TimeLimits, end: AbortSignal): Agents {
  const common = { maxHeaderSize: MOST_HEADER_BYTES, headersTimeout: limits.firstByteMs, bodyTimeout: limits.idleMs };
  const agents = new Map<string, Agent>();
  const kept = (key: string, connector: () => buildConnector.connector): Agent => {
    const agent = agents.get(key) ?? new Agent({ ...common, connect: connector() });
    agents.set(key, agent);
    return agent;
  };
  const connector = (client: Client, lookup?: LookupFunction): buildConnector.connector =>
    buildConnector({ timeout: limits.connectMs, signal: end, ...tlsOptions(tls, client), ...(lookup && { lookup }) });

  const direct = (guard: RedirectGuard | null): Agent =>
    kept(`direct ${guard?.name}`, () => (guard === null ? connector('named') : connector('anonymous', guard.lookup)));
  const toProxy = ({ url }: Proxy): Agent =>
    kept(`proxy ${url.origin}`, () => proxyConnector(url, connector('anonymous'), limits));
  const tunnel = (guard: RedirectGuard | null, proxy: Proxy): Agent =>
    kept(`tunnel ${guard?.name} ${proxy.url.origin}`, () =>
      tunnelConnector(proxy, toProxy(proxy), connector(guard === null ? 'named' : 'anonymous'), limits),
    );

  return {
    route: (url, guard, proxy) => {
      const path = `${url.pathname}${url.search}`;
      if (proxy === null) return { dispatcher: direct(guard), origin: url.origin, path, headers: {} };
      if (url.protocol === 'https:') return { dispatcher: tunnel(guard, proxy), origin: url.origin, path, headers: {} };
      const headers = { host: url.host, ...authorization(proxy) };
      return { dispatcher: toProxy(proxy), origin: proxy.url.origin, path: `${url.origin}${path}`, headers };
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy().catch(() => undefined);
    },
  };
}

/** Connects to a proxy, whose certificate has its own name and not that of the server asked for. */
function proxyConnector(url: URL, connect: buildConnector.connector, limits: TimeLimits): buildConnector.connector {
  return (options, callback) => {
    const { servername: _, ...own } = options;
    connect(own, (...[error, socket]) => {
      if (error === null) callback(null, socket);
      else callback(failureOfProxy(url, error, limits), null);
    });
  };
}

/** Connects to a server through a proxy (RFC 9110 section 9.3.6). */
function tunnelConnector(
  proxy: Proxy,
  agent: Agent,
  secure: buildConnector.connector,
  limits: TimeLimits,
): buildConnector.connector {
  return (options, callback) => {
    const target = `${options.host?.replace(/:\d+$/u, '')}:${options.port === '' ? '443' : options.port}`;
    const headers = { host: target, ...authorization(proxy) };
    agent.connect({ origin: proxy.url.origin, path: target, headers }, (error, answer) => {
      if (error !== null) {
        callback(failureOfProxy(proxy.url, error, limits), null);
      } else if (answer.statusCode === 200) {
        secure({ ...options, httpSocket: answer.socket as Socket }, callback);
      } else {
        answer.socket.on('error', () => undefined).destroy();
        const again = PROXY_PASSING.has(answer.statusCode) ? 'after-back-off' : 'never';
        const failure = new TransferFailure(statusText(answer.statusCode), { again: { kind: again } });
        callback(failureOfProxy(proxy.url, failure, limits), null);
      }
    });
  };
}

/** A TransferFailure has no `code`, so undici does not take it for a reason to connect again by itself. */
function failureOfProxy(proxy: URL, error: unknown, limits: TimeLimits): TransferFailure {
  const label = `the proxy ${proxy.origin}: `;
  const failure = transferFailure(error, limits);
  return failure.message.startsWith(label)
    ? failure
    : new TransferFailure(`${label}${failure.message}`, { again: failure.again, sign: failure.sign });
}

function authorization(proxy: Proxy): Readonly<Record<string, string>> {
  return proxy.authorization === null ? {} : { 'proxy-authorization': proxy.authorization.reveal() };
}
