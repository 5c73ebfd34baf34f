import { setImmediate as turn } from 'node:timers/promises';

import type { Dispatcher } from 'undici';

import type { Route } from './agents.ts';
import type { RedirectGuard } from './redirect-guard.ts';
import type { RetryPolicy } from './retry.ts';
import { type TimeLimits, TransferFailure, transferFailure } from './transfer-failure.ts';

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

/** Interim answers (1xx) to one request. A server that sends more is cut off. */
const MOST_INTERIM = 8;

/** The largest piece of a body that is handed out. A stream brings no more than this beyond what was asked for. */
export const LARGEST_PIECE = 65_536;

export interface OutgoingRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A body makes it a POST. */
  readonly body: string | null;
  /** Of a redirect to another origin; null for an origin that the operator named. */
  readonly guard: RedirectGuard | null;
}

/** One answer. Its body is read piece by piece, at the reader's pace. */
export interface Exchange {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The next piece of the body, or null at its end. @throws TransferFailure when it breaks off. */
  next(): Promise<Uint8Array | null>;
  /** Closes the connection unless the whole body was read, so that the server stops sending. */
  destroy(): void;
}

/**
 * Sends one request: no redirect, no retry, no decoding, no cookie.
 *
 * @throws TransferFailure, at once when `end` is aborted.
 */
export async function exchange(request: OutgoingRequest, connections: Connections): Promise<Exchange> {
  const { end } = connections;
  if (end.aborted) throw brokenOff();
  const { dispatcher, origin, path, headers } = await connections.route(request.url, request.guard);
  let interim = 0;
  const answer = dispatcher.request({
    origin,
    path,
    method: request.body === null ? 'GET' : 'POST',
    // Offsets would mean nothing in a body that is compressed on the way.
    headers: { 'accept-encoding': 'identity', 'user-agent': 'glance-retype', ...request.headers, ...headers },
    body: request.body,
    signal: end,
    onInfo: () => {
      interim += 1;
      if (interim > MOST_INTERIM) {
        throw new TransferFailure('the server sends interim answers without end');
      }
    },
  });
  try {
    return reading(await beforeEnd(answer, end), connections);
  } catch (error) {
    throw failureOf(error, connections);
  }
}

/** undici keeps an aborted request until its connection is made or fails; the caller does not wait for that. */
function beforeEnd<T>(work: Promise<T>, end: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cut = (): void => reject(brokenOff());
    end.addEventListener('abort', cut, { once: true });
    work.then(resolve, reject).finally(() => end.removeEventListener('abort', cut));
  });
}

function reading({ statusCode, headers, body }: Dispatcher.ResponseData, connections: Connections): Exchange {
  // The reader meets each error. Without a listener, one that comes between two reads would end the process.
  body.on('error', () => undefined);
  const pieces: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  let rest: Uint8Array | null = null;
  return {
    status: statusCode,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, single(name, value)])),
    next: async () => {
      try {
        const piece: Uint8Array | null = rest ?? ((await pieces.next()).value as Uint8Array | undefined) ?? null;
        // undici frees the connection one turn of the event loop later. A request before that would open another.
        if (piece === null) await turn();
        rest = piece !== null && piece.length > LARGEST_PIECE ? piece.subarray(LARGEST_PIECE) : null;
        return piece?.subarray(0, LARGEST_PIECE) ?? null;
      } catch (error) {
        throw failureOf(error, connections);
      }
    },
    destroy: () => {
      if (!body.readableEnded) body.destroy();
    },
  };
}

/** Headers of which the first is used, as `node:http` does. The values of all others are joined. */
const ONCE: ReadonlySet<string> = new Set(['location', 'retry-after', 'content-length']);

function single(name: string, value: string | readonly string[] | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  return ONCE.has(name) ? value[0] : value.join(', ');
}

function failureOf(error: unknown, { limits, end }: Connections): TransferFailure {
  if (error instanceof TransferFailure) return error;
  if (end.aborted) return brokenOff();
  return transferFailure(error, limits);
}

function brokenOff(): TransferFailure {
  return new TransferFailure('reading was broken off');
}

/** Bodies that nobody wants are read up to here, which keeps the connection for the next request. */
const DISCARDED_BYTES = 8_192;

/** Drops the rest of an answer. */
export async function discard(answer: Exchange): Promise<void> {
  let left = DISCARDED_BYTES;
  try {
    while (left > 0) {
      const piece = await answer.next();
      if (piece === null) return;
      left -= piece.length;
    }
  } catch {
    // Nobody wanted the body.
  }
  answer.destroy();
}

/**
 * Reads exactly as many bytes of a body as `room` has and cuts off what comes after them.
 *
 * @param count called with the bytes of each piece.
 * @throws TransferFailure when the body ends before.
 */
export async function collect(answer: Exchange, room: Uint8Array, count: (bytes: number) => void): Promise<Uint8Array> {
  let got = 0;
  try {
    while (got <= room.length) {
      const piece = await answer.next();
      if (piece === null) break;
      count(piece.length);
      room.set(piece.subarray(0, room.length - got), got);
      got += piece.length;
    }
  } finally {
    answer.destroy();
  }
  if (got >= room.length) return room;
  throw new TransferFailure('the answer was shorter than it said', { again: { kind: 'after-back-off' } });
}
