import { mkdtempSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { mbrDisk } from '../../scripts/fixtures/payloads/disks.ts';
import { storeFixture } from '../run/support/image-store.ts';
import { ENGINES } from '../support/servers/engines.ts';
import { runCli } from '../support/program/run-cli.ts';

const DISK = mbrDisk(1);

/** What the server does for an image, by the first letter of its id, and what plan says of that image. */
const TRICKS: ReadonlyMap<string, { readonly answer: (socket: Socket) => void; readonly why: string }> = new Map([
  ['a', { answer: redirect('http://169.254.169.254/latest/'), why: 'a redirect to an address of this link' }],
  [
    'b',
    { answer: redirect('http://u:hunter2@[::ffff:169.254.169.254]/'), why: 'a redirect to an address of this link' },
  ],
  ['c', { answer: redirect('file:///etc/passwd'), why: 'a redirect that leads to no http or https address' }],
  ['d', { answer: flood, why: 'interim answers without end' }],
  ['e', { answer: encoded, why: 'the server encodes what it sends' }],
]);

describe.each(ENGINES)('plan over a server that is hostile for some images, on %s', (engine) => {
  it('says what became of each, looks into the others, and repeats no password', async () => {
    const store = await storeFixture(engine);
    const ids = [...TRICKS.keys(), 'f'].map((letter) => `${letter}0000000-0000-4000-8000-000000000000`);
    for (const id of ids) await store.add(DISK, { id, locations: ['https://tenant:hunter2@slow.example/disk'] });
    const json = join(mkdtempSync(join(tmpdir(), 'glance-retype-e2e-')), 'plan.json');
    const api = await hostile();
    const plan = await runCli([
      'plan',
      '--database-url',
      store.url,
      '--image-api',
      api,
      '--probe-cache',
      'off',
      '--json',
      json,
    ]);
    expect([plan.code, plan.stderr]).toEqual([
      0,
      expect.stringContaining('6 images looked into, 1 read, 5 could not be read'),
    ]);
    const text = readFileSync(json, 'utf8');
    expect(`${text}${plan.stdout}${plan.stderr}`).not.toMatch(/hunter2|169\.254|a9fe/u);
    const { images } = JSON.parse(text) as { readonly images: readonly Readonly<Record<string, unknown>>[] };
    for (const image of images) {
      const trick = TRICKS.get(String(image['image_id'])[0] ?? '');
      if (trick === undefined) expect(image).toMatchObject({ image_type: 'disk' });
      else expect(JSON.stringify(image)).toContain(trick.why);
    }
  });
});

/** A server that does its tricks where it is asked for the data of an image. */
async function hostile(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (request) => {
      const letter = /\/v2\/images\/(.)[^ ]*\/file/u.exec(request.toString('latin1'))?.[1] ?? '0';
      if (letter === '0') socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
      else (TRICKS.get(letter)?.answer ?? whole)(socket);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function redirect(location: string): (socket: Socket) => void {
  return (socket) => socket.end(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
}

function flood(socket: Socket): void {
  const send = (): void => {
    if (!socket.destroyed) socket.write('HTTP/1.1 102 Processing\r\n\r\n'.repeat(10), () => setImmediate(send));
  };
  send();
}

function encoded(socket: Socket): void {
  socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${DISK.length}\r\n\r\n`);
  socket.end(DISK);
}

function whole(socket: Socket): void {
  socket.write(`HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${DISK.length}\r\n\r\n`);
  socket.end(DISK);
}
