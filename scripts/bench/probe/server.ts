/**
 * Serves the files that are named on its command line as `/<anything>/<number of the file>`, ranges included, and waits before every
 * answer. A process of its own, so that it takes no time from what is measured but on the processor.
 *   probe-server.ts LATENCY_MS FILE…
 */
import { fstatSync, openSync, readSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const [latency = '0', ...names] = process.argv.slice(2);
const files = names.map((name) => {
  const descriptor = openSync(name, 'r');
  return { descriptor, size: fstatSync(descriptor).size };
});

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
// Goes with the process that started it.
process.on('disconnect', () => process.exit());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await wait(Number(latency));
  const file = files[Number(/\/(\d+)$/u.exec(request.url ?? '')?.[1])];
  const range = /^bytes=(\d+)-(\d+)$/u.exec(request.headers.range ?? '');
  if (file === undefined || range === null) {
    response.writeHead(file === undefined ? 404 : 400).end();
    return;
  }
  const first = Number(range[1]);
  const last = Math.min(Number(range[2]), file.size - 1);
  const bytes = Buffer.allocUnsafe(last - first + 1);
  readSync(file.descriptor, bytes, 0, bytes.length, first);
  response
    .writeHead(206, { 'content-range': `bytes ${first}-${last}/${file.size}`, 'content-length': bytes.length })
    .end(bytes);
}
