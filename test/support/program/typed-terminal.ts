import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { CLI } from './run-cli.ts';
import { privateTmux } from './tmux.ts';

/** A program that runs in a terminal of its own (tmux), with somebody at the keyboard. */
export interface TypedTerminal {
  /** Types texts, each followed by Enter. */
  type(...lines: readonly string[]): void;
  /** A key by tmux' name: `C-c`, `C-d`. */
  press(key: string): void;
  /** Waits until the text stands on the screen, and returns the screen; after half a minute it throws with what is there. */
  shows(text: string | RegExp): Promise<string>;
  /** The program's own process. */
  pid(): number;
  /** Closes the window, as one does with the mouse. */
  close(): void;
  /** Every byte that the program sent, once the text is among them: they come here later than to the screen. */
  sent(text: string): Promise<string>;
}

/** Starts the built program. When it ends, `ended CODE` stands on the screen. */
export function openTerminal(
  argv: readonly string[],
  { columns, rows, env = {} }: { readonly columns: number; readonly rows: number; readonly env?: NodeJS.ProcessEnv },
): TypedTerminal {
  const folder = mkdtempSync(join(tmpdir(), 'glance-retype-typed-'));
  const tmux = privateTmux();
  const inner = `echo $$ > ${folder}/pid; exec "$@"`;
  // The pipe to the log is opened before the program may send anything.
  const outer = `stty -echo; read go; stty echo; sh -c '${inner}' sh "$@"; echo "ended $?"; read stay; read stay`;
  const settings = Object.entries({ LC_ALL: 'C.UTF-8', NO_COLOR: '', ...env }).map(
    ([name, value]) => `${name}=${value ?? ''}`,
  );
  const command = ['env', ...settings, 'sh', '-c', outer, 'sh', process.execPath, CLI, ...argv];
  tmux('-f', '/dev/null', '-u', 'new-session', '-d', '-x', String(columns), '-y', String(rows), ...command);
  tmux('pipe-pane', '-o', `cat > ${folder}/sent`);
  tmux('send-keys', 'Enter');
  return {
    type(...lines) {
      for (const line of lines) {
        if (line !== '') tmux('send-keys', '-l', line);
        tmux('send-keys', 'Enter');
      }
    },
    press: (key) => void tmux('send-keys', key),
    async shows(text) {
      const end = Date.now() + 30_000;
      for (;;) {
        const screen = tmux('capture-pane', '-p', '-S', '-').trimEnd();
        if (typeof text === 'string' ? screen.includes(text) : text.test(screen)) return screen;
        if (Date.now() > end) throw new Error(`${String(text)} does not stand on the screen:\n${screen}`);
        await wait(50);
      }
    },
    pid: () => Number(readFileSync(join(folder, 'pid'), 'utf8')),
    close: () => {
      try {
        tmux('kill-server');
      } catch {
        // Closed before.
      }
    },
    async sent(text) {
      const end = Date.now() + 30_000;
      for (;;) {
        const sent = readFileSync(join(folder, 'sent'), 'utf8');
        if (sent.includes(text)) return sent;
        if (Date.now() > end) throw new Error(`${text} is not among what was sent:\n${sent}`);
        await wait(50);
      }
    },
  };
}
