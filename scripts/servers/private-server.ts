import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A throw-away database server on 127.0.0.1, for tests, the demo and the benchmark. It dies with the process that started it. */
export interface PrivateServer {
  /** Address of one database, as the superuser, in the form of `--database-url`. */
  url(database: string): string;
  /** Address of the maintenance database. */
  readonly adminUrl: string;
  readonly port: number;
  createDatabase(name: string): Promise<void>;
  /** Runs SQL as the superuser through the server's own client. */
  admin(sql: string): Promise<void>;
  /** Stops the server and removes its files; a second call does nothing. */
  stop(): Promise<void>;
}

/**
 * Where a server has its data. `empty`: made for it, gone with it. `copy`: a copy of the folder that a stopped server of the same
 * version and settings left, gone with it. `kept`: in that empty folder, which stays and is complete once the server has stopped.
 */
export type ServerData =
  | { readonly kind: 'empty' }
  | { readonly kind: 'copy'; readonly of: string }
  | { readonly kind: 'kept'; readonly folder: string };

/** @throws Error naming the Debian package where none of the paths exists. */
export function requireBinary(paths: readonly string[], debianPackage: string): string {
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(`none of ${paths.join(', ')} exists; install the Debian package ${debianPackage}`);
}

/**
 * A port of 127.0.0.1 that was free a moment ago, below those that outgoing connections get (from 32768 on): a server that is started
 * again must find it free.
 */
export async function freePort(): Promise<number> {
  const port = 15_000 + Math.floor(Math.random() * 17_000);
  const isFree = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return isFree ? port : freePort();
}

/** Runs a program to its end. @throws Error with its output where it fails. */
export async function run(
  file: string,
  args: readonly string[],
  options: SpawnOptions & { input?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    child.stdout?.on('data', (piece) => (output += String(piece)));
    child.stderr?.on('data', (piece) => (output += String(piece)));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${file} ended with ${code ?? 'a signal'}:\n${output.slice(-4000)}`));
    });
    // A program that ends before it has read everything says why in its output.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

/**
 * Copies a data folder, holes written out, so that a log file made in full is one in the copy; then waits until the copy is on the
 * disk, or it would be written while something is measured. On a file system that can share blocks the copy costs nothing.
 */
export async function copyData(from: string, to: string): Promise<void> {
  await run('cp', ['-a', '--reflink=auto', '--sparse=never', from, to]);
  const files = readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  await run('xargs', ['-0', 'sync', '--'], {
    input: files.map((file) => join(file.parentPath, file.name)).join('\0'),
  });
}

/**
 * Starts the server under a watchdog shell that holds our pipe: when this process ends in any way, the pipe closes, and the
 * shell stops the server and removes the directory. An exit hook alone would not survive kill -9.
 *
 * @param signal what the server is stopped with
 */
export function superviseServer(
  command: readonly string[],
  directory: string,
  options: SpawnOptions,
  signal: 'QUIT' | 'INT' | 'TERM' = 'QUIT',
): ChildProcess {
  const script = `
    exec 3<&0
    directory=$1; signal=$2; shift 2
    "$@" </dev/null 3<&- >"$directory/server.log" 2>&1 & server=$!
    ( while read -r line <&3; do :; done; kill -$signal $server ) 2>/dev/null & watch=$!
    wait $server
    kill $watch 2>/dev/null
    rm -rf -- "$directory"
  `;
  const child = spawn('/bin/sh', ['-c', script, 'sh', directory, signal, ...command], {
    ...options,
    // Its own group: Ctrl-C on the terminal must not race with the watchdog.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  return child;
}

/** Closes the watchdog's pipe and waits until the server has ended. */
export async function endSupervised(child: ChildProcess, directory: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    // Where nothing else is going on, this process would end here, with the server still on its way down.
    child.ref();
    child.stdin?.end();
    await ended;
  }
  rmSync(directory, { recursive: true, force: true });
}

/** Tries until it works. @throws Error with the last failure after `seconds`, or as soon as the server has ended. */
export async function untilReady(child: ChildProcess, seconds: number, attempt: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (child.exitCode !== null) throw new Error('the server ended while it started', { cause: error });
      if (Date.now() > deadline) throw new Error(`the server did not answer within ${seconds} s`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
