import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

import { type CliOptions, type CliResult, runCli } from '../program/run-cli.ts';

const PRELOADED = fileURLToPath(new URL('crash-preload.ts', import.meta.url));

/** The same as JavaScript: Node reads no TypeScript. */
function preloadFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'glance-retype-preload-')), 'crash-preload.mjs');
  writeFileSync(file, transformSync(readFileSync(PRELOADED, 'utf8'), { loader: 'ts', format: 'esm' }).code);
  return file;
}

/** One call to the database in the life of a command, and what happens to its process there. */
export interface CrashPoint {
  /** Verb and table, such as `INSERT retype_batches` or `COMMIT of INSERT retype_batches`. */
  readonly name: string;
  /** Among the calls of that name, from 1 on. */
  readonly occurrence: number;
  /** `before`: the call is never sent. `after`: the server has answered, and the program does not learn of it. */
  readonly moment: 'before' | 'after';
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

/** Which calls are worth a kill of their own. */
export type PointChoice = 'every-call' | 'first-and-last-of-each-name' | 'first-and-last-commit-of-each-name';

/** Runs a command to its end and lists the calls it makes, in order, by name. */
export async function callsOf(
  argv: readonly string[],
): Promise<{ readonly calls: readonly string[]; readonly result: CliResult }> {
  const log = logFile();
  const result = await runCli(argv, watched(log, null));
  return { calls: linesOf(log), result };
}

/**
 * The points of a list of calls. `every-call` is each call, before and after it. Otherwise the first and the last call of each name that is
 * not known already, and of these only what differs: reading changes nothing, one table is made and dropped like another, and right after
 * an answer the database is as it is right before the next call, so that moment counts only where something was committed. With commits
 * alone it is left to them to show that what came before is undone.
 */
export function crashPoints(
  calls: readonly string[],
  choice: PointChoice,
  known = new Set<string>(),
): readonly CrashPoint[] {
  const all = choice === 'every-call';
  const commitsAlone = choice === 'first-and-last-commit-of-each-name';
  const numbered = calls.map((name, index) => ({
    name,
    occurrence: calls.slice(0, index + 1).filter((other) => other === name).length,
  }));
  const chosen = all
    ? numbered
    : numbered.filter(({ name }, index) => {
        const kind = kindOf(name);
        const isFirst = calls.slice(0, index).every((other) => kindOf(other) !== kind);
        const isLast = calls.slice(index + 1).every((other) => kindOf(other) !== kind);
        return kind !== null && !known.has(name) && (isFirst || isLast) && (!commitsAlone || isCommit(name));
      });
  for (const { name } of chosen) known.add(name);
  return chosen.flatMap(({ name, occurrence }) => {
    const moments = all || isCommit(name) ? (['before', 'after'] as const) : (['before'] as const);
    return moments.map((moment) => ({ name, occurrence, moment, signal: 'SIGKILL' as const }));
  });
}

const BY_ITSELF = ' by itself';

function isCommit(name: string): boolean {
  return name.startsWith('COMMIT') || name.endsWith(BY_ITSELF);
}

/** Calls of one kind are as good as each other; null: one that changes nothing. */
function kindOf(name: string): string | null {
  const ddl = /^(?:COMMIT of )?(?:CREATE|ALTER|DROP)\b/u.exec(name);
  if (ddl !== null) return name.endsWith(BY_ITSELF) ? `${ddl[0]}${BY_ITSELF}` : ddl[0];
  return /^(?:INSERT|UPDATE|DELETE|COMMIT)\b/u.test(name) ? name : null;
}

/** A command that was started to end or stand still at a point. */
export interface RunToPoint {
  readonly signal: (name: NodeJS.Signals) => void;
  readonly ended: Promise<CliResult>;
  /** Resolves once the process stands still. @throws Error where it ends. */
  readonly stopped: () => Promise<void>;
}

/** Starts a command that ends or stops at a point. */
export function runToPoint(argv: readonly string[], point: CrashPoint): RunToPoint {
  let child: Pick<ChildProcess, 'pid' | 'kill'> | null = null;
  let over: CliResult | null = null;
  const started = (running: Pick<ChildProcess, 'pid' | 'kill'>): void => {
    child = running;
  };
  const ended = runCli(argv, { ...watched(logFile(), point), onStart: started }).then((result) => (over = result));
  return {
    signal: (name) => void child?.kill(name),
    ended,
    stopped: async () => {
      for (;;) {
        const pid = child?.pid;
        if (pid !== undefined && stateOf(pid) === 'T') return;
        if (over !== null) throw new Error(`${JSON.stringify(point)} was never reached: ${JSON.stringify(over)}`);
        await sleep(20);
      }
    },
  };
}

/** What a process is doing, as /proc/PID/stat (proc(5)) abbreviates it: `T` stands still. */
function stateOf(pid: number): string | null {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) ? (/\) (\w)/u.exec(readFileSync(path, 'utf8'))?.[1] ?? null) : null;
}

function watched(log: string, point: CrashPoint | null): CliOptions {
  return {
    preload: preloadFile(),
    env: { GLANCE_TEST_CRASH_LOG: log, ...(point === null ? {} : { GLANCE_TEST_CRASH: JSON.stringify(point) }) },
  };
}

function logFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'glance-retype-calls-')), 'calls');
}

function linesOf(log: string): readonly string[] {
  return existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [];
}
