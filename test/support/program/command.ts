import { vi } from 'vitest';

import { closeLog } from '../../../src/commands/log/log.ts';
import { runCommandLine } from '../../../src/commands/parser.ts';
import { RetypeError } from '../../../src/model/error.ts';

/** How a command ended, and all that it wrote: on standard output, on standard error, and as its error. */
export interface Outcome {
  readonly code: number;
  readonly text: string;
}

/** Runs a command in this process, as the program does: what takes no process of its own to be seen is tested faster so. */
export async function runCommand(url: string, ...argv: readonly string[]): Promise<Outcome> {
  const { code, stdout, stderr, error } = await runLine([...argv, '--database-url', url]);
  return { code, text: error ?? `${stderr}${stdout}` };
}

/** How a command line ended. `error`: the message that `cli.ts` prints on standard error; null where there is none. */
export interface LineOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly error: string | null;
}

/** Runs a whole command line in this process. */
export async function runLine(argv: readonly string[]): Promise<LineOutcome> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text: string | Uint8Array, done?: unknown): boolean => {
      written[name] += String(text);
      if (typeof done === 'function') (done as () => void)();
      return true;
    }),
  );
  try {
    const code = await runCommandLine(argv, 100);
    return { code, ...written, error: null };
  } catch (error) {
    if (error instanceof RetypeError) return { code: error.exitCode, ...written, error: error.message };
    throw error;
  } finally {
    // Its timers would go on, and tell of this command during the next.
    closeLog(0);
    for (const spy of spies) spy.mockRestore();
  }
}
