import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { timedOut, TransferFailure, transferFailure } from './transfer-failure.ts';

/** How long to wait for a server, milliseconds. */
export interface TimeLimits {
  /** Name look-up, TCP and TLS. */
  readonly connectMs: number;
  /** From the connection to the status line. */
  readonly firstByteMs: number;
  /** Between two pieces of a body. */
  readonly idleMs: number;
  /**
   * All reads of one image, and one answer of another API: with redirects, waits, retries and logins, so that a server
   * that drips cannot hold a reader.
   */
  readonly imageMs: number;
}

/** An image takes one to three requests and half a megabyte: in a minute, a line of 10 KB/s brings that. */
export const DEFAULT_LIMITS: TimeLimits = { connectMs: 10_000, firstByteMs: 30_000, idleMs: 20_000, imageMs: 60_000 };

/** Interim answers (1xx) to one request; more are no part of any answer. */
const MOST_INTERIM = 8;

export interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

/** What requests go over. */
export interface Connections {
  readonly agents: Agents;
  readonly limits: TimeLimits;
  /** Comes when the endpoint is closed, or time is up: connections are cut, and no new ones are made. */
  readonly end: AbortSignal;
}

export interface OutgoingRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A body makes it a POST. */
  readonly body: string | null;
  /** How the name of the host is resolved. Default: as the system does. */
  readonly lookup?: LookupFunction;
}

/** One answer; its body is read piece by piece, at the reader's pace. */
export interface Exchange {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** The next piece of the body, or null at its end. @throws TransferFailure when it breaks off. */
  next(): Promise<Uint8Array | null>;
  /** Closes the connection unless the whole body was read, so that the server stops sending. */
  destroy(): void;
}

/** Sends one request: no redirect, no retry. @throws TransferFailure, at once when `end` has come. */
export function exchange(request: OutgoingRequest, { agents, limits, end }: Connections): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    if (end.aborted) {
      reject(brokenOff());
      return;
    }
    const secure = request.url.protocol === 'https:';
    const options = {
      method: request.body === null ? 'GET' : 'POST',
      headers: request.headers,
      lookup: request.lookup,
    };
    let outgoing: http.ClientRequest;
    try {
      outgoing = secure
        ? https.request(request.url, { ...options, agent: agents.https })
        : http.request(request.url, { ...options, agent: agents.http });
    } catch (error) {
      reject(transferFailure(error));
      return;
    }
    const expireAfter = (ms: number, what: string): NodeJS.Timeout =>
      setTimeout(() => outgoing.destroy(timedOut(`${what} within ${seconds(ms)} s`)), ms);
    const cut = (): void => void outgoing.destroy(brokenOff());
    end.addEventListener('abort', cut, { once: true });
    let answered = false;
    let timer = expireAfter(limits.connectMs, 'no connection');
    const connected = (): void => {
      clearTimeout(timer);
      timer = expireAfter(limits.firstByteMs, 'no answer');
    };
    outgoing.once('socket', (socket: Socket) => {
      if (outgoing.reusedSocket) connected();
      else socket.once(secure ? 'secureConnect' : 'connect', connected);
    });
    let interim = 0;
    outgoing.on('information', () => {
      interim += 1;
      if (interim > MOST_INTERIM) {
        outgoing.destroy(new TransferFailure('the server sends interim answers without end', { kind: 'never' }));
      }
    });
    // Stays for the life of the request: errors after the answer began are met by the body's reader.
    outgoing.on('error', (error) => {
      clearTimeout(timer);
      reject(transferFailure(error));
    });
    // Some endings are neither an answer nor an error: a 101 that nobody asked for.
    outgoing.once('close', () => {
      clearTimeout(timer);
      end.removeEventListener('abort', cut);
      // Comes after every answer as well, and an error takes its time to be made.
      if (!answered) reject(new TransferFailure('the connection was closed without an answer', { kind: 'never' }));
    });
    outgoing.once('response', (incoming) => {
      clearTimeout(timer);
      answered = true;
      resolve(reading(incoming, limits));
    });
    outgoing.end(request.body ?? undefined);
  });
}

function reading(incoming: http.IncomingMessage, limits: TimeLimits): Exchange {
  const pieces: AsyncIterator<Uint8Array> = incoming[Symbol.asyncIterator]();
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    next: async () => {
      const silence = (): TransferFailure => timedOut(`the answer stood still for ${seconds(limits.idleMs)} s`);
      const timer = setTimeout(() => incoming.destroy(silence()), limits.idleMs);
      try {
        const piece = await pieces.next();
        return piece.done === true ? null : piece.value;
      } catch (error) {
        throw transferFailure(error);
      } finally {
        clearTimeout(timer);
      }
    },
    destroy: () => {
      if (!incoming.readableEnded) incoming.destroy();
    },
  };
}

function brokenOff(): TransferFailure {
  return new TransferFailure('reading was broken off', { kind: 'never' });
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
    // It was not wanted anyway.
  }
  answer.destroy();
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
