import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { httpStore, selfMadeCertificate, withRanges } from '../../support/images/http-store.ts';
import { makeGuests, openWorkshop, type ImageWorkshop } from '../../support/images/image-workshop.ts';
import { proxyServer } from '../../support/images/proxy-server.ts';
import { runCli } from '../../support/program/run-cli.ts';

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

let shop: ImageWorkshop;
let server: Server;
let address: string;
beforeAll(async () => {
  shop = openWorkshop();
  makeGuests(shop);
  shop.run('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', 'gpt', 'gpt.qcow2');
  server = createServer((_request, response) => {
    response.end(shop.bytes('iso'));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  shop.close();
});

interface Line {
  readonly source: string;
  readonly image_type: string | null;
  readonly container_type: string | null;
  readonly error?: string;
}

function linesOf(stdout: string): readonly Line[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

describe('probe', () => {
  test('repeats no password of an address that it refuses, nor of one that does not answer', async () => {
    const places = [
      'ftp://u:geheim@host/x',
      'http://u:geheim@host:99999/x?sig=geheim',
      'http://u:geheim@127.0.0.1:9/x',
    ];
    const { code, stdout, stderr } = await runCli(['probe', ...places, 's3://key:ge/heim@host/bucket']);
    expect(code).toBe(8);
    expect(`${stdout}${stderr}`).not.toMatch(/geheim|heim@/u);
    expect(linesOf(stdout).map(({ source }) => source)).toEqual([
      'ftp://host/x',
      'http://host:99999/x',
      'http://127.0.0.1:9/x',
      's3://host/bucket',
    ]);
  });

  test('a line of JSON for each source, in their order, with the keys of the contract', async () => {
    const files = ['gpt.qcow2', 'mbr', 'ext4', 'iso'].map(shop.path);
    const { code, stdout, stderr } = await runCli(['probe', ...files]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = linesOf(stdout);
    expect(lines.map(({ source }) => source)).toEqual(files);
    expect(lines.map((line) => `${line.image_type}/${line.container_type}`)).toEqual([
      'disk/qcow2',
      'disk/raw',
      'filesystem/raw',
      'iso9660/raw',
    ]);
    for (const line of lines) {
      expect(Object.keys(line)).toEqual([
        'format_version',
        'source',
        'image_type',
        'container_type',
        'envelope',
        'confidence',
        'evidence',
        'safety',
        'cost',
      ]);
    }
  });

  test('a web address, whose password is not repeated', async () => {
    const { code, stdout, stderr } = await runCli(['probe', `http://user:geheim@${address}/iso?sign=geheim`]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(linesOf(stdout)[0]).toMatchObject({ source: `http://${address}/iso`, image_type: 'iso9660' });
    expect(stdout).not.toMatch(/geheim/u);
  });

  test('an address through a proxy, with the certificates that the environment names', async () => {
    const certificate = selfMadeCertificate();
    const strict = { ...certificate, ca: certificate.cert, requestCert: true, rejectUnauthorized: true } as const;
    const store = await httpStore(withRanges(shop.bytes('iso')), strict);
    const proxy = await proxyServer(`Basic ${Buffer.from('me:geheim').toString('base64')}`);
    shop.write('cert.pem', Buffer.from(certificate.cert));
    shop.write('key.pem', Buffer.from(certificate.key));
    const env = {
      HTTPS_PROXY: proxy.origin.replace('//', '//me:geheim@'),
      no_proxy: '',
      OS_CACERT: shop.path('cert.pem'),
      OS_CERT: shop.path('cert.pem'),
      OS_KEY: shop.path('key.pem'),
    };
    try {
      const { code, stdout, stderr } = await runCli(['probe', `${store.origin}/iso`], { env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(linesOf(stdout)[0]).toMatchObject({ image_type: 'iso9660' });
      expect(proxy.asked.map(({ line }) => line)).toEqual([`CONNECT ${new URL(store.origin).host}`]);

      const away = { ...env, HTTPS_PROXY: 'http://me:geheim@127.0.0.1:1' };
      const unread = await runCli(['probe', `${store.origin}/iso`], { env: away });
      expect(unread.code).toBe(8);
      expect(unread.stdout).toContain('the proxy http://127.0.0.1:1: the connection was refused');
      expect(`${unread.stdout}${unread.stderr}`).not.toMatch(/geheim|bWU6/u);

      const missing = await runCli(['probe', `${store.origin}/iso`], { env: { ...env, OS_KEY: shop.path('none') } });
      expect([missing.code, missing.stdout]).toEqual([2, '']);
      expect(missing.stderr).toMatch(/CREDENTIALS[^]*OS_KEY[^]*ENOENT/u);
    } finally {
      await proxy.close();
      await store.close();
    }
  });

  test('what cannot be read has a line of its own and exit code 8; the rest is not affected', async () => {
    const { code, stdout } = await runCli([
      'probe',
      shop.path('none'),
      '/dev/zero',
      'http://user:geheim@127.0.0.1:1/x',
      shop.path('mbr'),
    ]);
    expect(code).toBe(8);
    const lines = linesOf(stdout);
    expect(lines.slice(0, 3).every((line) => Object.keys(line).join() === 'format_version,source,error')).toBe(true);
    expect(lines[3]).toMatchObject({ image_type: 'disk' });
    expect(stdout).not.toMatch(/geheim/u);
  });

  test('an undetermined type is null and says why', async () => {
    shop.blank('zeros', 1 << 20);
    const { code, stdout } = await runCli(['probe', shop.path('zeros')]);
    expect(code).toBe(0);
    expect(linesOf(stdout)[0]).toMatchObject({
      image_type: null,
      confidence: 'undetermined',
      evidence: [{ offset: 0, detail: 'undetermined: blank' }],
    });
  });

  test.each([
    ['plainly', ['-']],
    ['beside other operands and options', ['--jobs', '3', '-']],
    ['by the parser of all commands', ['--json=-', '-']],
  ])('names from standard input, %s', async (_how, words) => {
    const names = Array.from({ length: 300 }, (_, index) => shop.path(index % 2 === 0 ? 'mbr' : 'iso'));
    const { code, stdout } = await piped(words, `${names.join('\n')}\n`);
    expect(code).toBe(0);
    expect(linesOf(stdout).map(({ source }) => source)).toEqual(names);
  });

  test('a reader that goes away is no error', async () => {
    const child = spawn(process.execPath, [CLI, 'probe', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const errors: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
    child.stdin.on('error', () => {});
    child.stdin.write(`${shop.path('mbr')}\n`.repeat(20_000));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
  });

  test('an interrupt ends it with 3, also while it waits for names', async () => {
    const child = spawn(process.execPath, [CLI, 'probe', '-'], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.write(`${shop.path('mbr')}\n`);
    // Its line comes before any further name does.
    child.stdout.once('data', () => child.kill('SIGINT'));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(3);
  });

  test('an interrupt is taken between files that are read without ever waiting', async () => {
    const names = Array.from({ length: 10_000 }, () => shop.path('mbr'));
    const child = spawn(process.execPath, [CLI, 'probe', ...names], { stdio: ['ignore', 'pipe', 'ignore'] });
    let lines = 0;
    child.stdout.on('data', (text: Buffer) => {
      if (lines === 0) child.kill('SIGINT');
      lines += text.toString().split('\n').length - 1;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(3);
    expect(lines).toBeLessThan(names.length);
  });

  test('an interrupt is taken while a server does not answer', async () => {
    let asked = (): void => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const silent = createServer(() => asked());
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    const { port } = silent.address() as AddressInfo;
    const child = spawn(process.execPath, [CLI, 'probe', `http://127.0.0.1:${port}/x`, shop.path('mbr')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const printed: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => printed.push(text));
    await isAsked;
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.once('close', resolve));
    silent.closeAllConnections();
    silent.close();
    expect({ code, printed: Buffer.concat(printed).toString() }).toEqual({ code: 3, printed: '' });
  });

  test.each([
    [['probe']],
    [['probe', '--jobs', '0', 'x']],
    [['probe', '--jobs', '65', 'x']],
    [['probe', '--jobs', '1', '--jobs', '2', 'x']],
    [['probe', 'x', '--jason']],
  ])('%j is refused', async (words) => {
    const { code, stdout, stderr } = await runCli(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^USAGE/u);
  });

  test('has a help text', async () => {
    const { code, stdout } = await runCli(['probe', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/probe <source\.\.>[\s\S]*--jobs/u);
  });
});

describe('what a start loads', () => {
  const REGISTER = `data:text/javascript,${encodeURIComponent(
    `import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent("import { writeSync } from 'node:fs'; export async function resolve(s, c, n) { const r = await n(s, c); writeSync(2, r.url + '\\\\n'); return r; }"));`,
  )}`;

  async function loadedBy(...words: readonly string[]): Promise<readonly string[]> {
    const { stderr } = await runCli(words, { env: { NODE_OPTIONS: `--import=${REGISTER}` } });
    return stderr.split('\n');
  }

  const DRIVERS = /node_modules\/(?:knex|mysql2|pg|better-sqlite3|yaml)\//u;
  const OTHER_FLOORS = /dist\/(?:db|glance|journal|rules)\//u;

  test('probe: no database driver, no rules, no parser, no other command', async () => {
    const loaded = await loadedBy('probe', shop.path('gpt.qcow2'));
    expect(loaded.some((url) => url.endsWith('commands/probe/run.js'))).toBe(true);
    // The prober is one piece: a hundred modules take longer to find than to run.
    expect(new Set(loaded.filter((url) => /\/dist\//u.test(url))).size).toBeLessThan(20);
    expect(loaded.filter((url) => DRIVERS.test(url) || OTHER_FLOORS.test(url) || url.includes('/yargs/'))).toEqual([]);
    expect(loaded.filter((url) => /dist\/probe\/sources\/|node_modules\/undici\//u.test(url))).toEqual([]);
    expect(loaded.filter((url) => /dist\/probe\/expand\/(?:bzip2|xz|zstd|lz)/u.test(url))).toEqual([]);
  });

  test('help: no command at all', async () => {
    const loaded = await loadedBy('--help');
    expect(loaded.some((url) => url.includes('/yargs/'))).toBe(true);
    expect(loaded.filter((url) => DRIVERS.test(url) || OTHER_FLOORS.test(url))).toEqual([]);
  });

  test('probe --help: no driver either', async () => {
    const loaded = await loadedBy('probe', '--help');
    expect(loaded.filter((url) => DRIVERS.test(url) || OTHER_FLOORS.test(url))).toEqual([]);
  });
});

async function piped(
  words: readonly string[],
  input: string,
): Promise<{ readonly code: unknown; readonly stdout: string }> {
  const child = spawn(process.execPath, [CLI, 'probe', ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, stdout };
}
