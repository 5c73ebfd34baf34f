import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a server saw of one request. */
interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Settles when the answer is over; `finished` false: the client went away. */
  readonly over: Promise<{ readonly finished: boolean; readonly sent: number }>;
}

/** `nth` counts requests from 0. */
export type Answer = (seen: Seen, response: ServerResponse, nth: number) => void | Promise<void>;

/** An answer that is given at once. */
export type PlainAnswer = (seen: Seen, response: ServerResponse, nth: number) => void;

export interface HttpStore {
  readonly origin: string;
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Of a server that lets in only those who have a certificate of this authority. */
export interface StrictCertificate extends Certificate {
  readonly ca: string;
  readonly requestCert: true;
  readonly rejectUnauthorized: true;
}

/** A real server on a free port of 127.0.0.1; TLS with a certificate. */
export async function httpStore(answer: Answer, certificate?: Certificate | StrictCertificate): Promise<HttpStore> {
  const seen: Seen[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { socket } = request;
    const before = socket.bytesWritten;
    const over = new Promise<{ finished: boolean; sent: number }>((resolve) => {
      response.once('close', () =>
        resolve({ finished: response.writableFinished, sent: socket.bytesWritten - before }),
      );
    });
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const entry: Seen = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(pieces).toString(),
      over,
    };
    seen.push(entry);
    await answer(entry, response, seen.length - 1);
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    listener(request, response).catch(() => response.destroy());
  };
  const server = certificate === undefined ? createServer(handle) : createTlsServer(certificate, handle);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Serves ranges as RFC 9110 has it. */
export function withRanges(bytes: Uint8Array): PlainAnswer {
  return (seen, response) => {
    const match = /^bytes=(\d+)-(\d+)$/.exec(seen.headers.range ?? '');
    if (match === null) {
      response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      return;
    }
    const first = Number(match[1]);
    const last = Math.min(Number(match[2]), bytes.length - 1);
    if (first >= bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
      return;
    }
    response
      .writeHead(206, {
        'content-range': `bytes ${first}-${last}/${bytes.length}`,
        'content-length': last - first + 1,
      })
      .end(bytes.subarray(first, last + 1));
  };
}

/** Ignores Range. */
export function withoutRanges(bytes: Uint8Array): PlainAnswer {
  return (_seen, response) => {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  };
}

/** Answers 400 to Range, as Glance does over Ceph, Swift and S3. */
export function refusingRanges(bytes: Uint8Array): PlainAnswer {
  return (seen, response) => {
    if (seen.headers.range === undefined) response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    else response.writeHead(400).end('<html>Bad Request</html>');
  };
}

/** A self-made certificate for 127.0.0.1, by openssl. */
export function selfMadeCertificate(): Certificate {
  const directory = mkdtempSync(join(tmpdir(), 'certificate-'));
  try {
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    execFileSync(
      'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1`
        .split(' ')
        .concat('-keyout', key, '-out', cert),
      { stdio: 'ignore' },
    );
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Bytes that differ at every offset one could mix up: position in every 4-byte word. */
export function numberedBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let offset = 0; offset + 4 <= length; offset += 4) bytes.writeUInt32LE(offset, offset);
  return bytes;
}
