import { type AddressInfo, createServer, type Socket } from 'node:net';

import { afterEach, expect } from 'vitest';

import type { ByteSource } from '../../../src/probe/reading/source.ts';
import { createHttpEndpoint, type HttpEndpoint, type HttpSettings } from '../../../src/probe/sources/http/http.ts';
import {
  type Answer,
  type Certificate,
  httpStore,
  type HttpStore,
  numberedBytes,
  type StrictCertificate,
} from './http-store.ts';

export const MIB: number = 1024 * 1024;
export const QUICK: HttpSettings = { retry: { shortestWaitMs: 1, longestWaitMs: 3 } };
export const bytes: Buffer = numberedBytes(2 * MIB);

/** Closed after the test, the last one first. */
export const open: { readonly close: () => unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

export async function serve(answer: Answer, certificate?: Certificate | StrictCertificate): Promise<HttpStore> {
  const store = await httpStore(answer, certificate);
  open.push(store);
  return store;
}

export function connect(settings: HttpSettings = QUICK): HttpEndpoint {
  const endpoint = createHttpEndpoint(settings);
  open.push(endpoint);
  return endpoint;
}

export function opened(address: string, endpoint: HttpEndpoint = connect()): ByteSource {
  const source = endpoint.open(address);
  open.push(source);
  return source;
}

/** A server that writes what it likes to each connection. */
export async function rawServer(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** toEqual compares buffers byte by byte, at a second a megabyte. */
export function expectBytes(found: Uint8Array, wanted: Uint8Array): void {
  expect(found).toHaveLength(wanted.length);
  expect(Buffer.compare(found, wanted)).toBe(0);
}

/** What a read was refused with. */
export async function refused(work: Promise<unknown>): Promise<Error> {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Error);
  return failure as Error;
}

/** The Range header of each request. */
export const ranges = (store: HttpStore): readonly (string | null)[] =>
  store.seen.map((seen) => seen.headers.range ?? null);
