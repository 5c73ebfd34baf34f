import { vi } from 'vitest';

import { buildParser, runCommandLine } from '../../../src/commands/parser.ts';
import { RetypeError } from '../../../src/model/error.ts';

/** How a command ended, and all that it wrote: on standard output, on standard error, and as its error. */
export interface Outcome {
  readonly code: number;
  readonly text: string;
}

/** Runs a command in this process, as the program does: what takes no process of its own to be seen is tested faster so. */
export async function runCommand(url: string, ...argv: readonly string[]): Promise<Outcome> {
  const written: string[] = [];
  const keep = (text: string | Uint8Array, done?: unknown): boolean => {
    written.push(String(text));
    if (typeof done === 'function') (done as () => void)();
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(keep));
  let code = -1;
  const parser = buildParser((outcome) => {
    code = outcome;
  }, 100);
  try {
    await runCommandLine(parser, [...argv, '--database-url', url]);
    return { code, text: written.join('') };
  } catch (error) {
    if (error instanceof RetypeError) return { code: error.exitCode, text: error.message };
    throw error;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
