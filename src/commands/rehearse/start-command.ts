import { spawn } from 'node:child_process';

import type { StartCommand } from '../../run/rehearse/program.ts';

/** Of what a command writes on standard error the end is kept, in characters: its error is there. */
const KEPT = 4_000;

/**
 * Starts commands of this program as processes of their own.
 *
 * @param program the file that it was started from, which may be a bundle or a link.
 * @param settings added to the environment; an address with a password is seen there by this user alone.
 */
export function commandStarter(program: string, settings: Readonly<Record<string, string>>): StartCommand {
  const { GLANCE_RETYPE_MEASURES: _own, ...environment } = process.env;
  return (words) => {
    const began = performance.now();
    const elapsed = (): number => performance.now() - began;
    const child = spawn(process.execPath, [...process.execArgv, program, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment, NO_COLOR: '1', ...settings },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-KEPT);
    });
    return {
      kill: () => void child.kill('SIGKILL'),
      stop: () => void child.kill('SIGTERM'),
      elapsed,
      end: new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code) => resolve({ code, milliseconds: elapsed(), stdout, stderr }));
      }),
    };
  };
}
