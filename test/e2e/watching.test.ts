import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { disturbedCloud } from '../support/cloud/disturbed-cloud.ts';
import { CLI, type CliResult, runCli } from '../support/program/run-cli.ts';

const STAMP = String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ `;

/** A directory of this test, with a pause file in it. */
function paused(): { readonly directory: string; readonly pauseFile: string; readonly metrics: string } {
  const directory = mkdtempSync(join(tmpdir(), 'glance-retype-watching-'));
  const pauseFile = join(directory, 'pause');
  writeFileSync(pauseFile, '');
  return { directory, pauseFile, metrics: join(directory, 'migrate.prom') };
}

/**
 * A migrate that stands still until its pause file is removed.
 * @param onPaused is called once it says so.
 */
async function pausedMigrate(
  options: readonly string[],
  pauseFile: string,
  onPaused: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<CliResult> {
  let told: 'no' | 'yes' = 'no';
  return runCli(['migrate', '--yes', '--pause-file', pauseFile, ...options], {
    onStderr: (text, kill) => {
      if (told === 'yes' || !text.includes('paused: ')) return;
      told = 'yes';
      onPaused(text, kill);
    },
  });
}

function events(stderr: string): readonly Readonly<Record<string, unknown>>[] {
  return stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a migration from cron', () => {
  it('is understood from its log alone, and status tells to wait while it works', async () => {
    const { url } = await disturbedCloud('sqlite', 200);
    const at = ['--database-url', url];
    const { pauseFile, metrics } = paused();
    let during: Promise<CliResult> | undefined;
    const options = [...at, '--progress-every', '1', '--metrics-file', metrics];
    const result = await pausedMigrate(options, pauseFile, (_, kill) => {
      kill('SIGUSR1');
      during = runCli(['status', ...at, '--json', '-']).finally(() => rmSync(pauseFile));
    });
    expect([result.code, result.signal]).toEqual([0, null]);
    const lines = result.stderr.trimEnd().split('\n');
    const stamped = lines.filter((line) => new RegExp(STAMP, 'u').test(line));
    expect(lines[0]).toMatch(new RegExp(`${STAMP}glance-retype \\S+ migrate started: process \\d+ on \\S+$`, 'u'));
    expect(stamped.some((line) => / database \S+ \(SQLite \S+\)$/u.test(line))).toBe(true);
    expect(stamped.some((line) => line.endsWith(' run 1 begins'))).toBe(true);
    expect(stamped.some((line) => / deciding and writing: 0 of 200 rows, 0\.0 %, paused: /u.test(line))).toBe(true);
    expect(stamped.some((line) => / deciding and writing: 200 of 200 rows, 100\.0 %/u.test(line))).toBe(true);
    expect(lines.at(-1)).toMatch(
      new RegExp(
        `${STAMP}migrate ended with exit code 0 \\(done\\) after .*: run 1 complete, .*\\. Next: glance-retype verify `,
        'u',
      ),
    );
    expect(result.stderr).not.toContain('Debugger');

    const status = JSON.parse((await during)?.stdout ?? '') as Record<string, unknown>;
    const pid = Number(/process (\d+) on/u.exec(lines[0] ?? '')?.[1]);
    expect(status).toMatchObject({ percent: 0, rows_per_second: null, pid, host: hostname() });
    expect(status['next']).toEqual([expect.stringMatching(/^wait until migrate on /u)]);

    const figures = readFileSync(metrics, 'utf8');
    expect(figures).toContain('glance_retype_exit_code{command="migrate"} 0\n');
    expect(figures).toMatch(/^glance_retype_rows_read_total\{command="migrate",run="1"\} [1-9]\d*$/mu);
    expect(figures).toMatch(/^glance_retype_last_success_timestamp_seconds\{command="migrate"\} \d{10}$/mu);
  });

  it('leaves metrics that all may read, whatever the umask', async () => {
    const { url } = await disturbedCloud('sqlite', 5);
    const { metrics } = paused();
    const preload = 'data:text/javascript,process.umask(0o077)';
    expect((await runCli(['plan', '--database-url', url, '--metrics-file', metrics], { preload })).code).toBe(0);
    expect((statSync(metrics).mode & 0o777).toString(8)).toBe('644');
  });

  it('ends in order after SIGHUP, with exit code 3 and the command that goes on', async () => {
    const { url } = await disturbedCloud('sqlite', 50);
    const { pauseFile, metrics } = paused();
    const result = await pausedMigrate(['--database-url', url, '--metrics-file', metrics], pauseFile, (_, kill) => {
      kill('SIGHUP');
    });
    expect([result.code, result.signal]).toEqual([3, null]);
    expect(result.stderr.trimEnd().split('\n').at(-1)).toMatch(
      / migrate ended with exit code 3 \(stopped, resumable\) .* Next: glance-retype migrate --database-url /u,
    );
    expect(readFileSync(metrics, 'utf8')).toContain('glance_retype_exit_code{command="migrate"} 3\n');
    expect(readFileSync(metrics, 'utf8')).not.toContain('last_success');
    expect((await runCli(['migrate', '--database-url', url, '--yes', '-q'])).stderr).toBe('');
  });
});

describe('--log-format json', () => {
  it('writes one event on each line, from the start to the end, whatever is told', async () => {
    const { url } = await disturbedCloud('sqlite', 100);
    const { pauseFile } = paused();
    const options = ['--database-url', url, '--log-format', 'json', '-v', '--batch-size', '30'];
    const result = await pausedMigrate(options, pauseFile, (_, kill) => {
      kill('SIGUSR1');
      rmSync(pauseFile);
    });
    const found = events(result.stderr);
    const names = found.map(({ event }) => event);
    expect([result.code, names[0], names.at(-1)]).toEqual([0, 'start', 'end']);
    for (const name of ['database', 'intent', 'run', 'phase', 'batch', 'waiting', 'resumed', 'progress', 'times'])
      expect(names).toContain(name);
    const batches = found.filter(({ event, pass }) => event === 'batch' && pass === 1);
    expect(batches.reduce((sum, { rows }) => sum + Number(rows), 0)).toBe(100);
    const end = found.at(-1);
    expect(end).toMatchObject({ exit_code: 0, level: 'info', run_id: 1 });
    expect(end?.['next']).toMatch(/^glance-retype verify /u);
    for (const event of found) expect(event).toMatchObject({ format_version: 1, command: 'migrate' });
  });

  it.each([
    ['an unknown option', ['migrate', '--foo', '--log-format=json'], 'USAGE', 2, null],
    [
      'a database that is not there',
      ['plan', '--log-format', 'json', '--database-url', 'sqlite:////no/such.db'],
      'DATABASE_NOT_FOUND',
      8,
      'plan',
    ],
    ['a question without a terminal', ['expand', '--log-format', 'json'], 'CONFIRMATION_NEEDED', 2, 'expand'],
  ] as const)('tells of %s in an event', async (_, argv, code, exit_code, command) => {
    const { url } = await disturbedCloud('sqlite', 5);
    if (command === 'expand') await runCli(['rollback', '--yes', '--database-url', url]);
    const result = await runCli([...argv], command === 'expand' ? { env: { GLANCE_RETYPE_DATABASE_URL: url } } : {});
    const error = events(result.stderr).find(({ event }) => event === 'error');
    expect([result.code, error]).toEqual([
      exit_code,
      expect.objectContaining({ level: 'error', code, exit_code, command, problems: [expect.any(Object)] }),
    ]);
  });
});

describe('how much is told', () => {
  it('--quiet leaves errors only on standard error, and the result on standard output', async () => {
    const { url } = await disturbedCloud('sqlite', 20);
    const done = await runCli(['migrate', '--yes', '--quiet', '--database-url', url]);
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toMatch(/^Migrate +run 1 complete/u);
    const failed = await runCli(['plan', '-q', '--database-url', 'sqlite:////no/such.db']);
    expect([failed.code, failed.stderr.split(':')[0]]).toEqual([8, 'DATABASE_NOT_FOUND']);
  });

  it('a reader that goes away does not end a migration', async () => {
    const { url } = await disturbedCloud('sqlite', 60);
    const child = spawn(process.execPath, [CLI, 'migrate', '--yes', '-v', '--batch-size', '1', '--database-url', url]);
    child.stdout.destroy();
    child.stderr.once('data', () => child.stderr.destroy());
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('SIGUSR1', () => {
  it('does not end a command without progress, and opens no debugger', async () => {
    const child = spawn(process.execPath, [CLI, 'probe', '-']);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      child.stdin.end();
    });
    // The program reads its first name once it has installed its listener.
    child.stdin.write(`${CLI}\n`);
    await once(child.stdout, 'data');
    child.kill('SIGUSR1');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(stderr).toBe('glance-retype: nothing to report\n');
  });

  it('closes the debugger that Node opens before the program begins', async () => {
    const opened = await openedEarly();
    expect(opened.listening).toEqual([]);
  });
});

/** A program that got SIGUSR1 so early that Node itself opened its debugger: the sockets on which it still listens. */
async function openedEarly(): Promise<{ readonly listening: readonly string[] }> {
  for (let delay = 1; delay <= 60; delay += 1) {
    const child = spawn(process.execPath, [CLI, 'probe', '-'], { env: { ...process.env, NODE_OPTIONS: '' } });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const exited = once(child, 'exit');
    await sleep(delay);
    child.kill('SIGUSR1');
    child.stdin.write(`${CLI}\n`);
    const ready = await Promise.race([once(child.stdout, 'data'), exited.then(() => null)]);
    const listening = ready === null ? [] : listeningSockets(Number(child.pid));
    child.stdin.end();
    await exited;
    if (stderr.includes('Debugger listening')) return { listening };
  }
  throw new Error('no signal arrived before the program began');
}

/** The TCP sockets on which a process listens, as proc(5) has them. */
function listeningSockets(pid: number): readonly string[] {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
      return /^socket:\[(\d+)\]$/u.exec(linkOf(join(`/proc/${pid}/fd`, name)))?.slice(1) ?? [];
    }),
  );
  return readFileSync(`/proc/${pid}/net/tcp`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .filter((columns) => columns[3] === '0A' && own.has(columns[9] ?? ''))
    .map((columns) => columns[1] ?? '');
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
