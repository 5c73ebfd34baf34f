import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** Another installation of the program (default: `dist/cli.js`). */
  readonly program?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A module that the process loads before the program. */
  readonly preload?: string;
  /** Called once with the process. */
  readonly onStart?: (child: Pick<ChildProcess, 'pid' | 'kill'>) => void;
  /** Called with standard error as it grows; may signal the child. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the built program as an operator does, without a terminal. */
export async function runCli(argv: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const program = options.program ?? CLI;
  if (!existsSync(program)) {
    throw new Error(`${program} is missing: run \`npm run build\` before the end-to-end tests`);
  }
  const preloaded = options.preload === undefined ? [] : ['--import', options.preload];
  const child = spawn(process.execPath, [...preloaded, program, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // The servers of the tests are on this machine, whatever proxy the developer's environment names.
    env: { ...process.env, GLANCE_RETYPE_DATABASE_URL: '', no_proxy: '127.0.0.1,localhost', ...options.env },
  });
  options.onStart?.(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(stderr, (signal) => child.kill(signal));
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
}
