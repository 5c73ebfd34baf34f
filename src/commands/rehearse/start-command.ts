import { spawn } from 'node:child_process';

import type { EventListener, Phase } from '../../model/event.ts';
import type { LogEvent } from '../../report/log/log-event.ts';
import type { StartCommand } from '../../run/rehearse/program.ts';

/** Commands tell of their work so often that it can be shown here. */
const LOG = ['--log-format', 'json', '--progress-every', '1'];

/** Of what a command writes beside its log the end is kept, in characters. */
const KEPT = 2_000;

/**
 * Starts commands of this program as processes of their own.
 *
 * @param program the file that it was started from, which may be a bundle or a link.
 * @param settings added to the environment; an address with a password is seen there by this user alone.
 * @param onEvent is told of the phases of each command, and how far it is.
 */
export function commandStarter(
  program: string,
  settings: Readonly<Record<string, string>>,
  onEvent: EventListener,
): StartCommand {
  const { GLANCE_RETYPE_MEASURES: _own, ...environment } = process.env;
  return (words) => {
    const began = performance.now();
    const elapsed = (): number => performance.now() - began;
    const child = spawn(process.execPath, [...process.execArgv, program, ...words, ...LOG], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment, ...settings },
    });
    let stdout = '';
    let line = '';
    let failure = '';
    const hear = createListener(onEvent);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const [first = '', ...more] = text.split('\n');
      line += first;
      for (const next of more) {
        failure = (failure + hear(line)).slice(-KEPT);
        line = next;
      }
    });
    return {
      kill: () => void child.kill('SIGKILL'),
      stop: () => void child.kill('SIGTERM'),
      elapsed,
      end: new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code) => {
          failure += hear(line);
          resolve({ code, milliseconds: elapsed(), stdout, failure: failure.trim() });
        });
      }),
    };
  };
}

/**
 * Passes on what the lines of a command's log say of its progress.
 * @returns a function that returns what a line says of a failure, with a line feed; else nothing.
 */
function createListener(onEvent: EventListener): (line: string) => string {
  let phase: Phase | null = null;
  return (line) => {
    const event = logEvent(line);
    if (event === null) return line === '' ? '' : `${line}\n`;
    if (event.event === 'error') {
      const problems = event.problems.map(({ place, found, advice }) => `${place}: ${found}; ${advice}\n`);
      return `${event.code}: ${event.title}\n${problems.join('')}`;
    }
    if (event.event === 'progress' && event.occasion === 'interval' && event.phase !== null) {
      if (event.phase !== phase) onEvent({ kind: 'phase', phase: event.phase, total: event.total });
      phase = event.phase;
      onEvent({ kind: 'progress', done: event.done });
    }
    return '';
  };
}

/** null for a line that is none: Node itself writes such lines. */
function logEvent(line: string): LogEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'event' in value ? (value as LogEvent) : null;
  } catch {
    return null;
  }
}
